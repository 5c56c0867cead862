// SPDX-License-Identifier: BSD-2-Clause
/*
 * Keys: the escape key and what follows it, a guest that doesn't read, and the
 * sender that waits for it. keys.c says who must get what.
 */
#include <string.h>

#include "arch/cp15.h"
#include "kernel/vcpu.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

enum { ENGINE, CLUSTER, G };

#define MS     RIG_TICKS_PER_MS
#define ESCAPE "\x1d"

static void alone(void (*run)(void))
{
	unit_each_seed_alone(1, run);
}

/* So many keys are taken at once, or one command; then there is a rest. */
#define BATCH 8u
#define REST  (MS / 10)

static void press(const char *keys)
{
	uint32_t length = (uint32_t)strlen(keys);

	for (; *keys; keys++)
		rig_type(*keys);
	rig_pass(0);
	rig_pass(length * REST);
}

/* Time passes until they are taken, as far as a guest that doesn't read lets them. */
static void press_many(uint32_t count)
{
	uint32_t taken = count < RING_BYTES ? count : RING_BYTES;

	while (count--)
		rig_type((char)('a' + count % 26));
	rig_pass(0);
	rig_pass((taken - 1) / BATCH * REST);
}

static void run_rest(void)
{
	rig_init(0);
	for (uint32_t n = 0; n < 4 * BATCH; n++)
		rig_type('x');
	rig_pass(0);
	for (uint32_t n = 3; n > 0; n--) {
		rig_pass(REST - 1);
		unit_check(rig_keys_waiting() == n * BATCH, "%u keys wait", rig_keys_waiting());
		rig_pass(1);
	}
	unit_check(rig_keys_waiting() == 0, "%u keys wait at last", rig_keys_waiting());
}

static void a_paste_is_taken_in_batches(void **state)
{
	(void)state;
	alone(run_rest);
}

/* All that the guest finds in its UART is `want`. */
static void check_reads(uint32_t vm, const char *want)
{
	for (; *want; want++) {
		int c = rig_read(vm);

		unit_check(c == *want, "%u reads 0x%02x instead of '%c'", vm, c, *want);
	}
	unit_check(rig_read(vm) < 0, "%u reads more than that", vm);
}

static void run_escape(void)
{
	rig_init(0);
	press("a" ESCAPE "2b" ESCAPE ESCAPE "c" ESCAPE "3" ESCAPE "9d" ESCAPE "0" ESCAPE "xe");
	check_reads(ENGINE, "a");
	check_reads(CLUSTER, "b" ESCAPE "c");
	check_reads(G, "de");
	press(ESCAPE);
	rig_pass(10000 * MS);
	press("1f");
	check_reads(ENGINE, "f");
}

static void the_escape_key_moves_the_focus(void **state)
{
	(void)state;
	alone(run_escape);
}

static bool is_on_wire(const char *words)
{
	rig_pass(MS);
	return strstr(wire_text(), words) != NULL;
}

static void run_answers(void)
{
	rig_init(0);
	press(ESCAPE "2");
	unit_check(is_on_wire("bulkhead: input goes to cluster\r\n"), "no word of the focus");
	press(ESCAPE "4");
	unit_check(is_on_wire("bulkhead: there is no VM 4"), "no word of a VM that isn't");
	press(ESCAPE "h");
	unit_check(is_on_wire("bulkhead:   2 cluster (has the input)\r\n"), "no help");
}

/* Whoever has a line open, it is answered now. */
static void run_hurry(void)
{
	rig_init(0);
	vcpus[ENGINE].state = VCPU_READY;
	for (const char *c = "login: "; *c; c++)
		rig_write(ENGINE, *c);
	rig_pass(MS);
	press(ESCAPE "2");
	unit_check(is_on_wire("engine| login: \r\nbulkhead: input goes to cluster\r\n"),
		   "a prompt delays the answer");
}

static void the_escape_key_is_answered_at_once(void **state)
{
	(void)state;
	alone(run_hurry);
}

static void the_escape_key_is_answered(void **state)
{
	(void)state;
	alone(run_answers);
}

/* The sender waits while the guest has no room, and nothing is lost. */
static void run_backpressure(void)
{
	rig_init(0);
	press_many(3 * RING_BYTES);
	unit_check(rig_keys_waiting() == 2 * RING_BYTES, "%u keys wait", rig_keys_waiting());
	for (uint32_t n = 0; n < 3 * RING_BYTES; n++) {
		unit_check(rig_read(ENGINE) >= 0, "the UART is empty after %u keys", n);
		rig_pass(unit_below(300) * MS);
	}
	unit_check(keys_dropped() == 0 && rig_keys_waiting() == 0, "%u keys lost, %u stuck",
		   keys_dropped(), rig_keys_waiting());
}

static void a_slow_guest_loses_nothing(void **state)
{
	(void)state;
	alone(run_backpressure);
}

static void run_deaf(void)
{
	rig_init(0);
	press_many(3 * RING_BYTES);
	rig_pass(RIG_DEAF_MS * MS - 1);
	unit_check(rig_keys_waiting() == 2 * RING_BYTES, "patience is over too early");
	rig_pass(1);
	unit_check(rig_keys_waiting() < 2 * RING_BYTES, "patience has no end");
	rig_pass(2 * RING_BYTES / BATCH * REST);
	unit_check(rig_keys_waiting() == 0, "keys wait for a deaf guest");
	press(ESCAPE "2k");
	check_reads(CLUSTER, "k");
	press(ESCAPE "1");
	press_many(10);
	rig_pass(RIG_DEAF_MS * MS);
	unit_check(rig_keys_waiting() == 0, "a guest that was deaf has a new chance each time");
	for (uint32_t n = 0; n < RING_BYTES; n++)
		rig_read(ENGINE);
	press("again");
	check_reads(ENGINE, "again");
}

static void a_deaf_guest_keeps_no_key_from_us(void **state)
{
	(void)state;
	alone(run_deaf);
}

/* The escape key gets through, whatever the other VMs do meanwhile. */
static void run_deaf_beside(void)
{
	rig_init(0);
	press_many(2 * RING_BYTES);
	press(ESCAPE "2");
	for (uint32_t n = 0; n < 50 && keys_focus() != CLUSTER; n++) {
		rig_reset(G);
		rig_pass(RIG_DEAF_MS / 5 * MS);
	}
	unit_check(keys_focus() == CLUSTER,
		   "a VM that restarts every %u ms keeps the escape key from us", RIG_DEAF_MS / 5);
}

static void a_restarting_vm_changes_nothing(void **state)
{
	(void)state;
	alone(run_deaf_beside);
}

/* The one that was deaf is restarted: its keys come again. */
static void run_restart(void)
{
	rig_init(0);
	press_many(2 * RING_BYTES);
	rig_pass(2 * RIG_DEAF_MS * MS);
	rig_reset(ENGINE);
	press_many(RING_BYTES + 1);
	rig_pass(0);
	unit_check(rig_keys_waiting() == 1, "%u keys wait", rig_keys_waiting());
	rig_reset(ENGINE);
	rig_pass(REST);
	unit_check(rig_keys_waiting() == 0, "a restart is no room");
	unit_check(keys_unread(ENGINE) == 1, "the key is lost");
}

static void a_restart_makes_room(void **state)
{
	(void)state;
	alone(run_restart);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_escape_key_moves_the_focus),
		cmocka_unit_test(the_escape_key_is_answered),
		cmocka_unit_test(the_escape_key_is_answered_at_once),
		cmocka_unit_test(a_paste_is_taken_in_batches),
		cmocka_unit_test(a_slow_guest_loses_nothing),
		cmocka_unit_test(a_deaf_guest_keeps_no_key_from_us),
		cmocka_unit_test(a_restarting_vm_changes_nothing),
		cmocka_unit_test(a_restart_makes_room),
	};

	return unit_run(argc, argv, tests);
}
