// SPDX-License-Identifier: BSD-2-Clause
/*
 * See console.h. Each source (a VM, or the hypervisor) has a ring; one line is
 * open on the wire at a time. The VM in focus is sent as it goes, the others a
 * whole line at a time. When a line stays open (a prompt), others that wait may
 * speak after some patience: the open line is broken off, and repeated in front
 * of whatever its source says next.
 */
#include "kernel/console.h"

#include <stdarg.h>

#include "arch/uart.h"
#include "kernel/format.h"
#include "kernel/input.h"
#include "kernel/source.h"
#include "kernel/timeout.h"
#include "kernel/vdev/vpl011.h"
#include "kernel/vm.h"

#define PATIENCE_MS 200u
#define LINE_BYTES  200u

/* Sent at one entry; the UART's interrupt sends the rest. */
#define PUMP_CHARACTERS 32u

/* Ours comes behind the VMs'. */
#define OWN CONFIG_VM_COUNT

static struct source sources[CONFIG_VM_COUNT + 1];
static struct source *open;               /* whose line is unfinished on the wire, or NULL */
static uint32_t next_turn;                /* where the search for the next line begins */
static uint32_t lines_lost;               /* of our own, since the last one that was not */
static uint32_t sent_from;                /* sources that were sent from: a bit each */
static uint64_t deadline = TIMEOUT_NEVER; /* when the patience is over */
static bool is_patience_over;
static bool is_flushing;                    /* unfinished lines, too */
static uint64_t programmed = TIMEOUT_NEVER; /* what the hyp timer knows of */

static bool has_focus(const struct source *source)
{
	return source == &sources[input_focus()];
}

/* May this source begin a line? */
static bool may_speak(const struct source *source)
{
	if (source_has_line(source))
		return true;
	return (has_focus(source) || is_flushing) && !source_is_empty(source);
}

static struct source *find_speaker(void)
{
	for (uint32_t n = 0; n < ARRAY_SIZE(sources); n++) {
		struct source *source = &sources[(next_turn + n) % ARRAY_SIZE(sources)];

		if (may_speak(source))
			return source;
	}
	return NULL;
}

/* Has anybody but the open source something to say? */
static bool is_other_waiting(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (&sources[i] != open && may_speak(&sources[i]))
			return true;
	return false;
}

/* An open line may keep the others waiting for so long, be it a prompt or a line
 * without end; then it is broken off. */
static void watch_patience(void)
{
	if (!open || !is_other_waiting()) {
		deadline = TIMEOUT_NEVER;
		is_patience_over = false;
	} else if (deadline == TIMEOUT_NEVER && !is_patience_over) {
		deadline = read_CNTPCT() + timeout_ticks(PATIENCE_MS);
	}
}

static void send(char c)
{
	uart_put(c);
	sent_from |= 1u << (open - sources);
	if (c != '\n')
		return;
	open = NULL; /* the next one has its own patience */
	is_patience_over = false;
	deadline = TIMEOUT_NEVER;
}

/* Send the next character if there is one; false if there is none for now. */
static bool send_one(void)
{
	int c;

	if (open && is_patience_over && is_other_waiting() && source_break_line(open))
		is_patience_over = false;
	if (!open) {
		open = find_speaker();
		if (!open)
			return false;
		source_open_line(open);
		next_turn = (uint32_t)(open - sources) + 1;
	}
	c = source_next(open);
	if (c >= 0)
		send((char)c);
	return c >= 0;
}

/* Tell the VMs whose output went out that there is room; not the one that is
 * just writing, it will see for itself. */
static void tell_room(uint32_t except)
{
	uint32_t told = sent_from & ~except & ~(1u << OWN);

	sent_from = 0;
	for (; told; told &= told - 1)
		vpl011_sent(config_vms[__builtin_ctz(told)].console);
}

static void program_timer(void)
{
	uint64_t first = console_deadline(&cores[0]);

	if (first == programmed)
		return;
	programmed = first;
	timeout_program(&cores[0]);
}

static void pump(uint32_t except)
{
	bool is_more = true;

	for (uint32_t n = 0; n < PUMP_CHARACTERS && is_more && !uart_is_full(); n++)
		is_more = send_one();
	uart_set_interrupts(is_more, input_wants_more());
	watch_patience();
	program_timer();
	tell_room(except);
}

void console_init(void)
{
	uart_init();
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		source_init(&sources[i], config_vms[i].name, "| ");
	source_init(&sources[OWN], "bulkhead", ": ");
}

void console_enable(void)
{
	gic_enable(BOARD_UART_IRQ);
}

static uint32_t index_of(const struct vm *vm)
{
	return (uint32_t)(vm - vms);
}

void console_put(struct vm *vm, char c)
{
	uint32_t index = index_of(vm);
	struct source *source = &sources[index];

	/* The commonest way: its line is open, and the UART takes it at once. */
	if (source == open && !is_patience_over && source_pass(source, c)) {
		uart_put(c);
		return;
	}
	source_put(source, c);
	pump(1u << index);
}

uint32_t console_room(const struct vm *vm)
{
	return source_room(&sources[index_of(vm)]);
}

static bool put_line(const char *text, uint32_t length)
{
	struct source *own = &sources[OWN];

	if (source_room(own) < length + 1)
		return false;
	for (uint32_t i = 0; i < length; i++)
		source_put(own, text[i]);
	source_put(own, '\n');
	return true;
}

RARELY_RUN void console_print(const char *format, ...)
{
	char line[LINE_BYTES];
	va_list arguments;
	uint32_t length;

	if (lines_lost && source_room(&sources[OWN]) >= 2 * LINE_BYTES) {
		static const char lost[] = "(messages lost here: the UART was too slow)";

		put_line(lost, sizeof(lost) - 1);
		lines_lost = 0;
	}
	va_start(arguments, format);
	length = format_text(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (!put_line(line, length))
		lines_lost++;
	pump(0);
}

/* What the rings hold at most on the wire: each character a line, with its head. */
#define FLUSH_BYTES (ARRAY_SIZE(sources) * CONSOLE_RING_BYTES * 20u)

/* A UART that takes nothing for so many looks is broken: give up. */
#define FLUSH_LOOKS 100000000u

void console_flush(void)
{
	uint32_t looks = 0;

	is_flushing = true;
	for (uint32_t n = 0; n < FLUSH_BYTES; n++) {
		while (uart_is_full() && looks < FLUSH_LOOKS)
			looks++;
		is_patience_over = true;
		if (!send_one())
			break;
	}
	is_flushing = false;
}

void console_take_input(const struct vm *vm)
{
	if (index_of(vm) != input_focus())
		return;
	input_resume();
	pump(0);
}

void console_serve(void)
{
	pump(0);
}

void console_irq(const struct irq_route *route, struct core *core, uint32_t iar)
{
	(void)route;
	(void)core;
	gic_drop_priority(iar);
	input_drain();
	pump(0);
	gic_deactivate(iar);
}

uint64_t console_deadline(const struct core *core)
{
	uint64_t input = input_deadline();

	if (core->index != 0)
		return TIMEOUT_NEVER;
	return input < deadline ? input : deadline;
}

void console_timeout(struct core *core)
{
	uint64_t now = read_CNTPCT();

	(void)core;
	if (input_deadline() <= now)
		input_timeout();
	if (deadline <= now) {
		deadline = TIMEOUT_NEVER;
		is_patience_over = true;
	}
	pump(0);
}
