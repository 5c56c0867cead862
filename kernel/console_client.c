// SPDX-License-Identifier: BSD-2-Clause
/*
 * See console_client.h. Of a page nothing is trusted: a count that can't be is a full
 * ring, and indices are masked, so a server that writes nonsense is read nonsense from.
 * The UART is the server's until a panic or the end: then it is taken, and what waits
 * in the pages goes out by polling.
 */
#include "kernel/console_client.h"

#include "arch/uart.h"
#include "ivc/console_page.h"
#include "ivc/ivc.h"
#include "kernel/console.h"
#include "kernel/format.h"
#include "kernel/request.h"
#include "kernel/timeout.h"
#include "kernel/vdev/vpl011.h"
#include "kernel/vm.h"

/* The hypervisor's page and end. (Without a server this compiles, and is not linked.) */
#define OWN        (CONFIG_CONSOLE_SERVER ? CONFIG_CONSOLE_SERVER - 1u : 0)
#define LINE_BYTES 200u

_Static_assert(RING_BYTES == CONSOLE_PAGE_RING && CONSOLE_STEP == CONSOLE_PAGE_STEP &&
		       sizeof(struct ring) == sizeof(struct console_page_ring) &&
		       offsetof(struct ring, data) == offsetof(struct console_page_ring, data) &&
		       offsetof(struct console_shared, is_watched) ==
			       offsetof(struct console_page, is_watched) &&
		       sizeof(struct console_shared) == sizeof(struct console_page),
	       "one page, two views");

static struct lock own_lock; /* all cores write into the hypervisor's own page */
static bool has_lost;        /* its last message found no room */
static atomic_bool is_taken; /* the UART, from the server */

static uint32_t index_of(const struct vm *vm)
{
	return (uint32_t)(vm - vms);
}

/* What waits in a ring, whose other end may be anybody's word. */
static uint32_t count_of(const struct ring *ring)
{
	uint32_t count = ring_count(ring);

	return count < RING_BYTES ? count : RING_BYTES;
}

void console_init(void)
{
	cores[0].console_at = TIMEOUT_NEVER;
}

/* Its interrupt is passed through. */
void console_enable(void)
{
}

void console_timeout(UNUSED struct core *core)
{
}

uint32_t console_pending(const struct vm *vm)
{
	return count_of(&console_pages[index_of(vm)].out);
}

uint32_t console_put(const struct vm *vm, char c)
{
	struct console_shared *page = &console_pages[index_of(vm)];
	uint32_t count = console_pending(vm);

	if (count < RING_BYTES) {
		ring_put(&page->out, c);
		count++;
	}
	if (c == '\n' || count > RING_BYTES / 2 || page->is_watched)
		ivc_ring_peer(console_ends[index_of(vm)]);
	return count;
}

/* Somebody has read half of what was typed, or forgotten all: there may be more. */
void console_serve(void)
{
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		if (config_vms[i].console && count_of(&console_pages[i].in))
			request_vcpu(config_vms[i].vcpus, VCPU_REQUEST_POLL);
}

void console_client_reset(struct vm *vm, void *end)
{
	struct ring *in = &console_pages[index_of(vm)].in;

	ring_drop(in, ring_count(in));
	ivc_ring_peer(end);
}

void console_client_poll(struct vm *vm, void *end)
{
	struct ring *in = &console_pages[index_of(vm)].in;
	struct ring *input = &vm->config->console->input;
	uint32_t count, room = RING_BYTES - ring_count(input);

	atomic_store(&((struct ivc *)end)->doorbells, 0); /* before we look */
	count = count_of(in);
	for (uint32_t n = 0; n < count && n < room; n++, ring_drop(in, 1))
		ring_put(input, ring_first(in));
	if (count == RING_BYTES && room)
		ivc_ring_peer(end);
}

/* ---- The UART by polling ---------------------------------------------------------------- */

static void send(char c)
{
	static uint32_t looks; /* in all: not so many for each character */

	while (uart_is_full() && looks < UART_LOOKS_MAX)
		looks++;
	uart_put(c);
}

static void send_text(const char *text)
{
	while (*text)
		send(*text++);
}

/* Of what guests say, the text. */
static void send_page(uint32_t i)
{
	struct ring *out = &console_pages[i].out;
	bool is_in_line = false;

	for (uint32_t left = count_of(out); left; left--, ring_drop(out, 1)) {
		char c = ring_first(out);

		if (!is_in_line)
			send_text(i == OWN ? "bulkhead: " : config_vms[i].heads[0]);
		is_in_line = c != '\n';
		if (c >= ' ' && c < 0x7f)
			send(c);
		if (!is_in_line || left == 1)
			send_text("\r\n");
	}
}

void console_flush(void)
{
	if (atomic_exchange(&is_taken, true))
		return;
	uart_init();
	send_text("\r\n");
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		send_page(i);
}

#define LOST "(messages lost here: the console was too slow) "

RARELY_RUN void console_print(const char *format, ...)
{
	struct ring *out = &console_pages[OWN].out;
	char line[LINE_BYTES] = LOST;
	uint32_t length;
	va_list arguments;

	lock_take(&own_lock);
	length = has_lost ? sizeof(LOST) - 1 : 0;
	va_start(arguments, format);
	length += format_text(line + length, sizeof(line) - 1 - length, format, arguments);
	va_end(arguments);
	line[length++] = '\n';
	has_lost = RING_BYTES - count_of(out) < length;
	for (uint32_t i = 0; i < length && !has_lost; i++)
		ring_put(out, line[i]);
	lock_release(&own_lock);
	if (is_taken)
		send_page(OWN);
	else
		ivc_ring_peer(console_ends[OWN]);
}
