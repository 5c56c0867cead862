// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared console under random guests: what they write comes out whole and in
 * order, a line at a time, and who waits for its UART is told. What keys go where
 * while all this happens. Single cases are in test_console_cases.c.
 */
#include <stdio.h>
#include <string.h>

#include "arch/cp15.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/timeout.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

#define SEEDS        250u
#define STEPS        400u
#define WORDS_BYTES  700u
#define FINISH_STEPS 4000u

/* A guest that writes: what it has still to write, and how it does it. */
static struct guest {
	char words[WORDS_BYTES];
	uint32_t length, at;
	uint32_t line_number;
	bool is_by_interrupt; /* it waits for the transmit interrupt */
	bool is_waiting;
	bool is_clearing; /* it clears the interrupt before it writes */
} guests[CONFIG_VM_COUNT];

static void make_words(struct guest *guest, uint32_t vm, bool is_line)
{
	uint32_t length = unit_once_in(8) ? unit_below(500) : unit_below(60);
	int count = sprintf(guest->words, "%u:%u ", vm, guest->line_number++);

	guest->at = 0;
	guest->length = (uint32_t)count;
	if (unit_once_in(10))
		guest->length = length = 0; /* an empty line */
	for (uint32_t i = 0; i < length; i++) {
		char c = (char)(unit_once_in(30) ? ' ' + unit_below(95) : 'a' + unit_below(26));

		guest->words[guest->length++] = c;
	}
	if (is_line)
		guest->words[guest->length++] = '\n';
}

static bool is_done(const struct guest *guest)
{
	return guest->at == guest->length;
}

/* As much as there is and fits, at most `most` characters. */
static void write_words(struct guest *guest, uint32_t vm, uint32_t most)
{
	if (guest->is_waiting && !rig_is_line_high(vm))
		return;
	if (guest->is_waiting && guest->is_clearing)
		rig_set(vm, RIG_ICR, RIG_INT_TX);
	guest->is_waiting = false;
	while (most-- && !is_done(guest) && rig_write(vm, guest->words[guest->at]))
		guest->at++;
	if (is_done(guest)) {
		rig_set(vm, RIG_IMSC, RIG_INT_RX | RIG_INT_RT);
	} else if (guest->is_by_interrupt && most == UINT32_MAX) {
		return; /* it was held up itself */
	} else if (guest->is_by_interrupt) {
		guest->is_waiting = true;
		rig_set(vm, RIG_IMSC, RIG_INT_RX | RIG_INT_RT | RIG_INT_TX);
	}
}

static void step_guest(void)
{
	uint32_t vm = unit_below(CONFIG_VM_COUNT);
	struct guest *guest = &guests[vm];

	if (is_done(guest))
		make_words(guest, vm, !unit_once_in(4));
	unit_log("%u writes, %u to go", vm, guest->length - guest->at);
	write_words(guest, vm, unit_once_in(2) ? UINT32_MAX - 1 : unit_below(80));
}

static void read_keys(uint32_t vm, uint32_t most)
{
	while (most-- && rig_read(vm) >= 0)
		;
}

static void step_keys(void)
{
	uint32_t count = unit_once_in(6) ? 50 : unit_below(4);

	while (count--) {
		if (unit_once_in(6)) {
			rig_type(0x1d);
			rig_type(unit_once_in(3) ? (char)unit_word() : (char)('1' + unit_below(4)));
		} else {
			rig_type((char)unit_word());
		}
	}
	unit_log("typed, %u wait", rig_keys_waiting());
	rig_pass(0);
}

static void step_time(void)
{
	uint64_t ticks = unit_below(unit_once_in(10) ? 60 : 5) * RIG_TICKS_PER_MS + unit_below(100);

	if (unit_once_in(100))
		ticks = 600 * RIG_TICKS_PER_MS;
	rig_stall(unit_once_in(8));
	rig_pass(ticks);
	unit_log("time: %lu; on the wire: %u", (unsigned long)cp15.CNTPCT, wire_length());
}

static void step_own(void)
{
	char words[160];
	uint32_t length = 1 + unit_below(100);
	static uint32_t number;

	sprintf(words, "own %u %.*s", number++, (int)length,
		"- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"
		" - - - - - - - - - - - - -");
	rig_print(words);
}

static void restart(void)
{
	uint32_t vm = unit_below(CONFIG_VM_COUNT);

	unit_log("%u restarts", vm);
	rig_reset(vm);
	guests[vm].is_waiting = false;
	guests[vm].length = guests[vm].at;
}

static void step(void)
{
	switch (unit_below(9)) {
	case 0:
	case 1:
	case 2:
	case 3:
		step_guest();
		break;
	case 4:
		step_keys();
		break;
	case 5:
		read_keys(unit_below(CONFIG_VM_COUNT), unit_below(40));
		break;
	case 6:
		if (unit_once_in(2))
			step_own();
		break;
	default:
		step_time();
	}
	if (unit_once_in(150))
		restart();
}

/* ---- In the end --------------------------------------------------------------- */

static bool all_are_done(void)
{
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		if (!is_done(&guests[i]))
			return false;
	return true;
}

/* All that the guests still have to say gets out. */
static void finish_words(void)
{
	rig_stall(false);
	for (uint32_t n = 0; n < FINISH_STEPS && !all_are_done(); n++) {
		for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
			write_words(&guests[i], i, UINT32_MAX - 1);
		rig_pass(RIG_TICKS_PER_MS);
	}
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		unit_check(is_done(&guests[i]), "%u waits for its UART; RIS 0x%x, IMSC 0x%x", i,
			   rig_get(i, RIG_RIS), rig_get(i, RIG_IMSC));
}

/* A guest that never reads keeps no key waiting; one that reads gets all. */
static void finish_keys(void)
{
	for (uint32_t waiting = rig_keys_waiting(); waiting; waiting = rig_keys_waiting()) {
		rig_pass((RIG_DEAF_MS + 1) * RIG_TICKS_PER_MS);
		unit_check(rig_keys_waiting() < waiting, "%u keys wait for a deaf guest", waiting);
	}
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++) {
		unit_check(!keys_unread(i) || (rig_get(i, RIG_RIS) & RIG_INT_RT),
			   "%u isn't told of its keys", i);
		read_keys(i, UINT32_MAX);
		unit_check(keys_unread(i) == 0, "%u has %u keys that it can't read", i,
			   keys_unread(i));
	}
}

/* Nothing is left to do, and nothing is done: no timeout, no character. */
static void check_quiet(void)
{
	uint32_t timeouts, length;

	rig_pass(4000 * RIG_TICKS_PER_MS);
	unit_check(wire_pending(keys_focus()) == 0, "the focus has %u characters left",
		   wire_pending(keys_focus()));
	for (uint32_t i = 0; i < WIRE_SOURCES; i++)
		unit_check(!wire_has_line(i), "%u has a line left", i);
	timeouts = rig_timeouts();
	length = wire_length();
	rig_pass(4000 * RIG_TICKS_PER_MS);
	unit_check(rig_timeouts() == timeouts, "timeouts go on for nothing");
	unit_check(wire_length() == length, "it goes on sending");
	unit_check(cores[0].console_at == TIMEOUT_NEVER, "a deadline is left");
}

static void run_sequence(void)
{
	static const uint32_t speeds[] = { 0, 1, 9, 9, 40 };

	rig_init(speeds[unit_below(5)]);
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++) {
		guests[i].is_by_interrupt = unit_once_in(2);
		guests[i].is_clearing = unit_once_in(2);
	}
	for (uint32_t n = 0; n < STEPS; n++)
		step();
	finish_words();
	finish_keys();
	check_quiet();
	rig_print("the end"); /* and what was lost before is told */
	rig_pass(1000 * RIG_TICKS_PER_MS);
	rig_flush();
	for (uint32_t i = 0; i < WIRE_SOURCES; i++)
		unit_check(wire_pending(i) == 0, "%u has %u characters left after a flush", i,
			   wire_pending(i));
}

static void random_sequences(void **state)
{
	(void)state;
	unit_each_seed_alone(SEEDS, run_sequence);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences),
	};

	return unit_run(argc, argv, tests);
}
