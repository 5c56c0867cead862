// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared console, case by case: the bytes on the wire, who waits how long for
 * it, and where keys go. Random guests are in test_console.c.
 */
#include <string.h>

#include "arch/cp15.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

enum { ENGINE, CLUSTER, G };

#define MS      RIG_TICKS_PER_MS
#define AT_ONCE 0u /* ticks per character */
#define SERIAL  9u /* about 115200 baud */

/* Each case in a process of its own: the console starts afresh. */
static void alone(void (*run)(void))
{
	unit_each_seed_alone(1, run);
}

static void say(uint32_t vm, const char *words)
{
	for (; *words; words++)
		while (!rig_write(vm, *words))
			rig_pass(MS);
}

static void check_wire(const char *want)
{
	unit_check(wire_length() == strlen(want) && memcmp(wire_text(), want, strlen(want)) == 0,
		   "on the wire: '%.*s', not '%s'", (int)wire_length(), wire_text(), want);
}

static uint32_t lines_on_wire(const char *head)
{
	uint32_t count = 0, length = (uint32_t)strlen(head);

	for (uint32_t i = 0; i + length <= wire_length(); i++)
		count += (i == 0 || wire_text()[i - 1] == '\n') &&
			 memcmp(wire_text() + i, head, length) == 0;
	return count;
}

/* ---- Lines --------------------------------------------------------------------- */

static void run_line_ends(void)
{
	rig_init(AT_ONCE);
	say(CLUSTER, "one\ntwo\n\nfour\n");
	say(G, "one\r\ntwo\r\n\r\nfour\r\n");
	say(ENGINE, "one\r\ntwo\n\r\n\nfive\r\n");
	check_wire("cluster| one\r\ncluster| two\r\ncluster| \r\ncluster| four\r\n"
		   "g| one\r\ng| two\r\ng| \r\ng| four\r\nengine| one\r\nengine| two\r\n"
		   "engine| \r\nengine| \r\nengine| five\r\n");
}

static void both_line_ends_are_one(void **state)
{
	(void)state;
	alone(run_line_ends);
}

static void run_others_wait_for_a_line(void)
{
	rig_init(AT_ONCE);
	say(CLUSTER, "half a");
	say(G, "whole\n");
	say(CLUSTER, " line\n");
	rig_pass(MS);
	check_wire("g| whole\r\ncluster| half a line\r\n");
}

static void lines_are_not_mixed(void **state)
{
	(void)state;
	alone(run_others_wait_for_a_line);
}

static void run_prompt(void)
{
	rig_init(AT_ONCE);
	say(ENGINE, "login: ");
	rig_pass(1000 * MS);
	check_wire("engine| login: ");
	say(G, "a line\n");
	rig_pass(RIG_PATIENCE_MS * MS - 1);
	check_wire("engine| login: ");
	rig_pass(1);
	check_wire("engine| login: \r\ng| a line\r\n");
	rig_pass(1000 * MS);
	say(ENGINE, "root\n");
	check_wire("engine| login: \r\ng| a line\r\nengine| login: root\r\n");
}

static void a_prompt_gives_way_and_comes_back(void **state)
{
	(void)state;
	alone(run_prompt);
}

/* Asking for the cursor, as shells do, leaves nothing to be tidied up. */
static void run_asking_prompt(void)
{
	rig_init(AT_ONCE);
	say(ENGINE, "# \033[6n");
	say(G, "a line\n");
	rig_pass(RIG_PATIENCE_MS * MS);
	check_wire("engine| # \033[6n\r\ng| a line\r\n");
}

static void a_prompt_may_ask_the_terminal(void **state)
{
	(void)state;
	alone(run_asking_prompt);
}

/* A line that stays in a prompt's shadow doesn't shorten the next patience. */
static void run_patience_again(void)
{
	rig_init(AT_ONCE);
	for (uint32_t n = 0; n < 3; n++) {
		uint32_t length;

		say(ENGINE, "? ");
		length = wire_length();
		rig_pass(unit_below(200) * MS);
		say(G, "line\n");
		rig_pass(RIG_PATIENCE_MS * MS - 1);
		unit_check(wire_length() == length, "patience is over too early");
		rig_pass(1);
		unit_check(wire_length() > length, "patience has no end");
	}
}

static void patience_is_the_same_each_time(void **state)
{
	(void)state;
	alone(run_patience_again);
}

/* A guest at work may still end its line, if it doesn't take too long. */
static void run_busy(void)
{
	rig_init(AT_ONCE);
	vcpus[ENGINE].state = VCPU_READY;
	say(ENGINE, "half ");
	say(G, "one\n");
	rig_pass(4 * RIG_PATIENCE_MS * MS);
	say(ENGINE, "whole\n");
	check_wire("engine| half whole\r\ng| one\r\n");
	say(ENGINE, "without end");
	say(G, "two\n");
	rig_pass(5 * RIG_PATIENCE_MS * MS - 1);
	check_wire("engine| half whole\r\ng| one\r\nengine| without end");
	rig_pass(1);
	check_wire("engine| half whole\r\ng| one\r\nengine| without end\r\ng| two\r\n");
}

static void who_is_at_work_has_more_patience(void **state)
{
	(void)state;
	alone(run_busy);
}

/* ---- Nobody holds the wire ------------------------------------------------------- */

/* One guest writes characters without an end of line, `every` so many ticks, in
 * focus or not; another's line and our own come out all the same. */
static void write_endlessly(uint32_t vm, uint32_t every)
{
	say(vm, "\n");
	for (uint32_t n = 0; n < 600; n++)
		rig_write(vm, 'x');
	say(CLUSTER, "urgent\n");
	rig_print("our own");
	for (uint64_t end = cp15.CNTPCT + 2000 * MS; cp15.CNTPCT < end;) {
		rig_write(vm, 'x');
		rig_pass(every);
	}
	unit_check(lines_on_wire("cluster| urgent") == 1,
		   "%u writes a character every %u us; another's line waits for two seconds", vm,
		   every * 1000 / MS);
	unit_check(lines_on_wire("bulkhead: our own") == 1, "our own line waits for two seconds");
}

static void run_endless_at_once(void)
{
	rig_init(AT_ONCE);
	write_endlessly(ENGINE, 20 * MS);
}

static void run_endless_serial(void)
{
	rig_init(SERIAL);
	write_endlessly(ENGINE, 5);
}

static void run_endless_unfocused(void)
{
	rig_init(SERIAL);
	write_endlessly(G, 5);
}

static void an_endless_line_is_broken_off(void **state)
{
	(void)state;
	alone(run_endless_at_once);
}

static void an_endless_line_on_a_slow_wire(void **state)
{
	(void)state;
	alone(run_endless_serial);
}

static void an_endless_line_out_of_focus(void **state)
{
	(void)state;
	alone(run_endless_unfocused);
}

/* Many short lines leave others their turn. */
static void run_flood(void)
{
	rig_init(SERIAL);
	for (uint32_t n = 0; n < 2000; n++) {
		rig_write(ENGINE, n % 20 ? (char)('a' + n % 23) : '\n');
		rig_write(G, n % 30 ? (char)('a' + n % 19) : '\n');
		if (n == 1000)
			say(CLUSTER, "urgent\n");
		rig_pass(SERIAL);
	}
	unit_check(lines_on_wire("cluster| urgent") == 1, "a line finds no turn");
}

static void a_flood_leaves_turns(void **state)
{
	(void)state;
	alone(run_flood);
}

/* A UART that stands still for long loses nothing that it took. */
static void run_stall(void)
{
	uint32_t count = 0;

	rig_init(SERIAL);
	rig_stall(true);
	while (rig_write(G, count % 50 ? 'z' : '\n'))
		count++;
	unit_check(count >= CONSOLE_RING_BYTES, "only %u characters fit", count);
	rig_set(G, RIG_IMSC, RIG_INT_TX);
	rig_pass(5000 * MS);
	unit_check(!rig_is_line_high(G), "a full UART says it has room");
	rig_stall(false);
	while (!rig_is_line_high(G)) {
		unit_check(wire_pending(G) != 0, "all is sent, and the guest was not told");
		rig_pass(SERIAL);
	}
	unit_check(wire_pending(G) <= CONSOLE_RING_BYTES / 2, "it is told too early");
	unit_check(wire_pending(G) > CONSOLE_RING_BYTES / 4, "it is told too late");
}

static void a_full_ring_is_drained_and_told(void **state)
{
	(void)state;
	alone(run_stall);
}

/* What a panic or a power-off finds unfinished. */
static void run_flush(void)
{
	rig_init(SERIAL);
	rig_stall(true);
	say(G, "unfinished g");
	say(CLUSTER, "unfinished cluster");
	say(ENGINE, "unfinished engine");
	rig_print("panic");
	rig_flush();
	for (uint32_t i = 0; i < WIRE_SOURCES; i++)
		unit_check(wire_pending(i) == 0, "%u has %u characters left", i, wire_pending(i));
}

static void a_flush_sends_all(void **state)
{
	(void)state;
	alone(run_flush);
}

/* Of our own messages, too, and those without room are told of. */
static void run_own_flood(void)
{
	static const char lost[] = "bulkhead: (messages lost here";

	rig_init(SERIAL);
	rig_stall(true);
	for (uint32_t n = 0; n < 100; n++)
		rig_print("one of too many messages");
	rig_stall(false);
	rig_pass(1000 * MS);
	unit_check(lines_on_wire(lost) == 0, "losses are told of before there is room");
	rig_print("later");
	rig_pass(1000 * MS);
	unit_check(lines_on_wire(lost) == 1, "losses are told of %u times", lines_on_wire(lost));
	rig_print("later");
	rig_pass(1000 * MS);
	unit_check(lines_on_wire(lost) == 1, "losses are told of again");
	unit_check(wire_pending(WIRE_OWN) == 0, "our own lines stay");
}

static void lost_messages_are_told_of(void **state)
{
	(void)state;
	alone(run_own_flood);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_line_ends_are_one),
		cmocka_unit_test(lines_are_not_mixed),
		cmocka_unit_test(a_prompt_gives_way_and_comes_back),
		cmocka_unit_test(a_prompt_may_ask_the_terminal),
		cmocka_unit_test(patience_is_the_same_each_time),
		cmocka_unit_test(who_is_at_work_has_more_patience),
		cmocka_unit_test(an_endless_line_is_broken_off),
		cmocka_unit_test(an_endless_line_on_a_slow_wire),
		cmocka_unit_test(an_endless_line_out_of_focus),
		cmocka_unit_test(a_flood_leaves_turns),
		cmocka_unit_test(a_full_ring_is_drained_and_told),
		cmocka_unit_test(a_flush_sends_all),
		cmocka_unit_test(lost_messages_are_told_of),
	};

	return unit_run(argc, argv, tests);
}
