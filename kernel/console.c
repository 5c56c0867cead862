// SPDX-License-Identifier: BSD-2-Clause
/*
 * See console.h. Each source (a VM, or the hypervisor) has a ring; one line is
 * open on the wire at a time. The VM in focus is sent as it goes, the others a
 * whole line at a time. When a line stays open (a prompt), others that wait may
 * speak after some patience: the open line is broken off, and repeated in front
 * of whatever its source says next.
 */
#include "kernel/console.h"

#include "arch/uart.h"
#include "kernel/format.h"
#include "kernel/input.h"
#include "kernel/menu.h"
#include "kernel/request.h"
#include "kernel/source.h"
#include "kernel/timeout.h"
#include "kernel/vm.h"

/* With an open line whose VM idles; one at work, or kept from it, may yet end its line:
 * it has so many of them. */
#define PATIENCE_MS 200u
#define PATIENCES   5u

#define LINE_BYTES 200u

/* Sent at one entry: more than half a FIFO, so that its interrupt comes for the rest. */
#define PUMP_CHARACTERS 32u

/* A UART that takes all of these, or has more typed characters than we take at one entry,
 * is left alone for a tenth of a millisecond: whoever else has something to do gets to
 * it. None with a wire of 115200 baud is so fast. */
#define RESTS_PER_MS 10u

/* Ours come behind the VMs', one for each core. */
#define OWN CONFIG_VM_COUNT

static const char *const own_heads[] = { "bulkhead: ", "\033[1mbulkhead: \033[m" };
static struct source sources[OWN + CONFIG_CORE_COUNT];
static struct source *open;    /* whose line is unfinished on the wire, or NULL */
static struct source *painter; /* which VM has left something on the terminal */
static uint32_t next_turn;     /* where the search for the next line begins */
static uint32_t got_room;      /* VMs that may care to know: a bit each */
static bool is_patience_over;
static uint32_t patiences;      /* that the open line has used up */
static atomic_bool is_flushing; /* unfinished lines, too */
uint64_t console_alarms[CONSOLE_ALARMS];
uint32_t console_lines;
bool console_has_colours;

/* Ours always have it; while the menu is open no VM has. */
static bool has_focus(const struct source *source)
{
	return source >= &sources[OWN] || source == &sources[input_focus()];
}

/* May this source begin a line? A program with the whole screen is left alone, as long
 * as nobody has to wait for that. */
static bool may_speak(const struct source *source)
{
	if (source_is_filling(source) || (is_flushing && ring_count(&source->ring)))
		return true;
	if (open && open != source && open->has_screen && has_focus(open))
		return source >= &sources[OWN] && source_has_end(source);
	return source_has_end(source) || (has_focus(source) && ring_count(&source->ring));
}

/* Whose turn it is, but for the open source; NULL: nobody's. */
static struct source *find_speaker(void)
{
	for (uint32_t n = 0; n < ARRAY_SIZE(sources); n++) {
		struct source *source = &sources[(next_turn + n) % ARRAY_SIZE(sources)];

		if (source != open && may_speak(source))
			return source;
	}
	return NULL;
}

/* By its boot vCPU. */
static bool is_at_work(const struct source *source)
{
	return source < &sources[OWN] && config_vms[source - sources].vcpus[0].state == VCPU_READY;
}

/* An open line may keep the others waiting for so long, be it a prompt or a line
 * without end; then it is broken off. */
static void watch_patience(void)
{
	uint64_t *end = &console_alarms[CONSOLE_PATIENCE];

	if (!open || !find_speaker()) {
		*end = TIMEOUT_NEVER;
		is_patience_over = false;
	} else if (*end == TIMEOUT_NEVER && !is_patience_over) {
		*end = read_CNTPCT() + timeout_ticks(PATIENCE_MS);
	}
}

static void send(char c)
{
	uint32_t index = (uint32_t)(open - sources);
	uint32_t count = ring_count(&open->ring);

	if (index < OWN && open->is_painted)
		painter = open;
	if (index < OWN && count >= RING_BYTES / 2 && count % CONSOLE_STEP == 0)
		got_room |= 1u << index;
	if (c)
		uart_put(c);
	if (c != '\n')
		return;
	console_lines++;
	open = NULL; /* the next one has its own patience */
	is_patience_over = false;
	console_alarms[CONSOLE_PATIENCE] = TIMEOUT_NEVER;
}

/* Who speaks next finds a clean terminal, whatever the one before has painted on it. */
static bool open_line(void)
{
	bool is_clean;

	open = find_speaker();
	if (!open)
		return false;
	is_clean = !painter || !painter->is_painted || (painter == open && has_focus(open));
	if (!is_clean) {
		painter->is_painted = painter->has_screen = false;
		painter = NULL;
	}
	source_open_line(open, is_clean);
	patiences = 0;
	next_turn = (uint32_t)(open - sources); /* ours come in one piece */
	next_turn += next_turn < OWN;
	return true;
}

/* Send the next character if there is one; false if there is none for now. */
static bool send_one(void)
{
	int c;

	if (open && is_patience_over && find_speaker() && source_break_line(open))
		is_patience_over = false;
	if (!open && !open_line())
		return false;
	c = source_next(open, has_focus(open));
	if (c >= 0)
		send((char)c);
	return c >= 0;
}

/* VMs whose rings have room again look at it themselves. */
static void tell_room(void)
{
	for (; got_room; got_room &= got_room - 1)
		request_vcpu(&config_vms[__builtin_ctz(got_room)].vcpus[0], VCPU_REQUEST_POLL);
}

static void program_timer(void)
{
	uint64_t first = TIMEOUT_NEVER;

	for (uint32_t i = 0; i < CONSOLE_ALARMS; i++)
		if (console_alarms[i] < first)
			first = console_alarms[i];
	if (first == cores[0].console_at)
		return;
	cores[0].console_at = first;
	cores[0].alarm_at = TIMEOUT_UNKNOWN;
	timeout_program(&cores[0]);
}

/* What was typed is left to the UART's interrupt; but a window of a time plan is disturbed
 * once: what more there is waits for the next. */
static void serve(bool takes_input)
{
	uint32_t window = CONFIG_HAS_PLAN ? cores[0].windows : 0, n = 0;
	bool is_new_window = window && cores[0].disturbed != window;
	bool is_much = (takes_input || is_new_window) && input_drain();
	uint64_t *rest_end = &console_alarms[CONSOLE_REST];
	bool is_listening, is_more = true;

	if (is_new_window)
		cores[0].disturbed = window;
	for (; n < PUMP_CHARACTERS && is_more && !uart_is_full(); n++)
		is_more = send_one();
	is_much |= is_more && n == PUMP_CHARACTERS;
	if (is_much && *rest_end == TIMEOUT_NEVER && !window)
		*rest_end = read_CNTPCT() + (uint32_t)timeout_ticks(1) / RESTS_PER_MS;
	is_listening = *rest_end == TIMEOUT_NEVER && !window;
	uart_set_interrupts(is_more && is_listening, input_wants_more() && is_listening);
	watch_patience();
	program_timer();
	tell_room();
}

void console_init(void)
{
	cores[0].console_at = TIMEOUT_NEVER;
	for (uint32_t i = 0; i < CONSOLE_ALARMS; i++)
		console_alarms[i] = TIMEOUT_NEVER;
	uart_init();
	input_ask();
	for (uint32_t i = 0; i < ARRAY_SIZE(sources); i++) {
		sources[i].heads = i < OWN ? config_vms[i].heads : own_heads;
		if (i < OWN)
			vms[i].source = &sources[i];
	}
}

void console_enable(void)
{
	gic_enable(BOARD_UART_IRQ);
}

static uint32_t own_index(void)
{
	return CONFIG_CORE_COUNT == 1 ? 0 : core_current()->index;
}

uint32_t console_put(const struct vm *vm, char c)
{
	struct source *source = vm->source;

	/* The commonest way: its line is open, and the UART takes it at once. */
	if (own_index() == 0 && source == open && source_pass(source, c)) {
		uart_put(c);
		return 0;
	}
	source_put(source, c);
	if (c == '\n' || has_focus(source) || source_is_filling(source))
		request_core(&cores[0], CORE_REQUEST_CONSOLE);
	return ring_count(&source->ring);
}

uint32_t console_pending(const struct vm *vm)
{
	return ring_count(&vm->source->ring);
}

#define LOST "(messages lost here: the UART was too slow) "

RARELY_RUN void console_print(const char *format, ...)
{
	struct source *own = &sources[OWN + own_index()];
	char line[LINE_BYTES] = LOST;
	uint32_t length = own->has_lost ? sizeof(LOST) - 1 : 0;
	va_list arguments;

	va_start(arguments, format);
	length += format_text(line + length, sizeof(line) - length, format, arguments);
	va_end(arguments);
	own->has_lost = RING_BYTES - ring_count(&own->ring) <= length;
	for (uint32_t i = 0; i < length && !own->has_lost; i++)
		source_put(own, line[i]);
	if (!own->has_lost)
		source_put(own, '\n');
	request_core(&cores[0], CORE_REQUEST_CONSOLE);
}

void console_hurry(void)
{
	next_turn = OWN;
	is_patience_over |= source_has_end(&sources[OWN]);
}

static bool is_drained(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (ring_count(&sources[i].ring))
			return false;
	return true;
}

/* On another core: let core 0 do it, unless it is dead. */
void console_flush(void)
{
	uint32_t looks = 0;

	atomic_store(&is_flushing, true);
	request_core(&cores[0], CORE_REQUEST_CONSOLE);
	while (own_index() != 0 && !is_drained() && looks < UART_LOOKS_MAX)
		looks++;
	for (looks = 0; !is_drained() && looks < UART_LOOKS_MAX; looks++) {
		is_patience_over = true;
		if (!uart_is_full())
			send_one();
	}
	atomic_store(&is_flushing, false);
}

void console_serve(void)
{
	serve(false);
}

void console_irq(UNUSED struct core *core, UNUSED uint32_t intid)
{
	serve(true);
}

/* Is it time? Then not again. */
static bool is_due(uint32_t alarm, uint64_t now)
{
	if (console_alarms[alarm] > now)
		return false;
	console_alarms[alarm] = TIMEOUT_NEVER;
	return true;
}

void console_timeout(UNUSED struct core *core)
{
	uint64_t now = read_CNTPCT();

	if (is_due(CONSOLE_DEAF, now))
		input_timeout();
	if (CONFIG_MENU && is_due(CONSOLE_SAMPLE, now))
		menu_sample();
	if (is_due(CONSOLE_PATIENCE, now))
		is_patience_over = ++patiences == PATIENCES || !is_at_work(open);
	serve(is_due(CONSOLE_REST, now));
}
