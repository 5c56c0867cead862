// SPDX-License-Identifier: BSD-2-Clause
/*
 * See keys.h.
 */
#include "tests/host/unit/keys.h"

#include "arch/cp15.h"
#include "generated/board.h"
#include "kernel/input.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/unit.h"

#define KEYS_MAX 65536u

static struct {
	char got[KEYS_MAX];
	uint32_t got_count;
	uint32_t read_count;
	uint64_t full_since;
	bool is_deaf;
} vms_keys[CONFIG_VM_COUNT];

static uint32_t focus;
static bool is_escaped;
static uint32_t drop_count;

uint32_t keys_focus(void)
{
	return focus;
}

uint32_t keys_unread(uint32_t vm)
{
	return vms_keys[vm].got_count - vms_keys[vm].read_count;
}

uint32_t keys_dropped(void)
{
	return drop_count;
}

static bool is_full(uint32_t vm)
{
	return keys_unread(vm) == RING_BYTES;
}

static void set_focus(uint32_t vm)
{
	if (vm >= CONFIG_VM_COUNT)
		return;
	focus = vm;
	vms_keys[vm].full_since = cp15.CNTPCT;
	vms_keys[vm].is_deaf = false;
}

static void send(char c)
{
	if (is_full(focus)) {
		drop_count++;
		return;
	}
	unit_check(vms_keys[focus].got_count < KEYS_MAX, "the test types too much");
	vms_keys[focus].got[vms_keys[focus].got_count++] = c;
	if (is_full(focus))
		vms_keys[focus].full_since = cp15.CNTPCT;
}

/* Without room, only a deaf VM lets keys be taken. */
static void check_room(void)
{
	uint64_t patience = (uint64_t)RIG_DEAF_MS * RIG_TICKS_PER_MS;

	if (!is_full(focus))
		return;
	vms_keys[focus].is_deaf |= cp15.CNTPCT - vms_keys[focus].full_since >= patience;
	unit_check(vms_keys[focus].is_deaf, "a key is taken, and %u has no room for it", focus);
}

void keys_taken(char c)
{
	check_room();
	if (!is_escaped && c == INPUT_ESCAPE) {
		is_escaped = true;
		return;
	}
	if (!is_escaped || c == INPUT_ESCAPE)
		send(c);
	else if (c >= '1' && c <= '9')
		set_focus((uint32_t)(c - '1'));
	is_escaped = false;
}

void keys_make_room(uint32_t vm)
{
	unit_check(keys_unread(vm) != 0, "%u reads a key that never came", vm);
	vms_keys[vm].read_count++;
	vms_keys[vm].is_deaf = false;
}

void keys_read(uint32_t vm, char c)
{
	char want = vms_keys[vm].got[vms_keys[vm].read_count - 1];

	unit_check(c == want, "%u reads 0x%02x instead of 0x%02x", vm, c & 0xff, want & 0xff);
}

void keys_forget(uint32_t vm)
{
	vms_keys[vm].read_count = vms_keys[vm].got_count;
	vms_keys[vm].is_deaf = false;
}

void keys_check(void)
{
	unit_check(input_focus() == focus, "the focus is %u, not %u", input_focus(), focus);
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		unit_check(ring_count(&rig_uarts[i].input) == keys_unread(i),
			   "%u has %u keys, and %u unread", i, ring_count(&rig_uarts[i].input),
			   keys_unread(i));
}
