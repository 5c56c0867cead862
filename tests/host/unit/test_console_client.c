// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/console_client.c before a server that keeps to the protocol, and before one
 * that writes whatever it likes into the pages: VM 2 serves, VM 0 has an emulated UART.
 */
#include <string.h>

#include "arch/uart.h"
#include "ivc/console_page.h"
#include "ivc/ivc.h"
#include "kernel/console.h"
#include "kernel/console_client.h"
#include "kernel/request.h"
#include "kernel/vcpu.h"
#include "kernel/vdev/vpl011.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"

#define UART 0u
#define OWN  2u

struct vm vms[CONFIG_VM_COUNT];
struct vcpu vcpus[CONFIG_VM_COUNT];
struct core cores[1];
static struct vpl011 uart;
const struct vm_config config_vms[CONFIG_VM_COUNT] = {
	{ .name = "one", .heads = { "one| " }, .vcpus = &vcpus[0], .console = &uart },
	{ .name = "two", .heads = { "two| " }, .vcpus = &vcpus[1] },
	{ .name = "server", .heads = { "server| " }, .vcpus = &vcpus[2] },
};
struct console_shared console_pages[CONFIG_VM_COUNT];
static struct ivc ends[CONFIG_VM_COUNT];
struct ivc *const console_ends[CONFIG_VM_COUNT] = { &ends[0], NULL, &ends[2] };

static uint32_t rings[CONFIG_VM_COUNT], polls[CONFIG_VM_COUNT];
static char wire[8192];
static uint32_t wire_length;

void ivc_ring_peer(const struct ivc *end)
{
	rings[end - ends]++;
}

void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	assert_int_equal(what, VCPU_REQUEST_POLL);
	polls[vcpu - vcpus]++;
}

void uart_init(void)
{
}

bool uart_is_full(void)
{
	static bool is_full;

	return is_full = !is_full;
}

void uart_put(char c)
{
	assert_true(wire_length < sizeof(wire) - 1);
	wire[wire_length++] = c;
}

static void start(void)
{
	memset(console_pages, 0, sizeof(console_pages));
	memset(&uart, 0, sizeof(uart));
	memset(rings, 0, sizeof(rings));
	memset(polls, 0, sizeof(polls));
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		vms[i].config = &config_vms[i];
}

static void put_text(const char *text)
{
	while (*text)
		console_put(&vms[UART], *text++);
}

/* As the header of the page says: at an end of line, when it fills, when watched. */
static void when_it_rings(void **state)
{
	(void)state;
	start();
	put_text("abc");
	assert_int_equal(rings[UART], 0);
	put_text("\n");
	assert_int_equal(rings[UART], 1);
	for (uint32_t i = 4; i < RING_BYTES / 2; i++)
		put_text("x");
	assert_int_equal(rings[UART], 1);
	put_text("x");
	assert_int_equal(rings[UART], 2);
	start();
	console_pages[UART].is_watched = 1;
	put_text("a");
	assert_int_equal(rings[UART], 1);
	assert_memory_equal(console_pages[UART].out.data, "a", 1);
}

static void full_is_full(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 1; i <= RING_BYTES; i++)
		assert_int_equal(console_put(&vms[UART], 'x'), i);
	assert_int_equal(console_put(&vms[UART], 'y'), RING_BYTES);
	assert_null(memchr(console_pages[UART].out.data, 'y', RING_BYTES));
	ring_drop(&console_pages[UART].out, 1);
	assert_int_equal(console_pending(&vms[UART]), RING_BYTES - 1);
}

static void input_comes(void **state)
{
	struct ring *in = &console_pages[UART].in;

	(void)state;
	start();
	for (uint32_t i = 0; i < RING_BYTES; i++)
		ring_put(in, (char)i);
	ends[UART].doorbells = 1;
	console_client_poll(&vms[UART], &ends[UART]);
	assert_int_equal(ends[UART].doorbells, 0); /* or no other would come */
	assert_int_equal(rings[UART], 1);          /* it was full */
	assert_int_equal(ring_count(&uart.input), RING_BYTES);
	ring_put(in, 'z');
	console_client_poll(&vms[UART], &ends[UART]); /* no room */
	assert_int_equal(ring_count(in), 1);
	console_serve();
	assert_int_equal(polls[UART], 1);
	console_client_reset(&vms[UART], &ends[UART]);
	assert_int_equal(ring_count(in), 0);
	console_serve(); /* nothing is there: no poll, or it would go on for ever */
	assert_int_equal(polls[UART], 1);
}

/* All that the server can write, it writes; what is nobody's stays. */
static void spoil(struct console_shared *page)
{
	page->out.head = unit_word();
	page->out.tail = unit_once_in(2) ? unit_word() : page->out.head - unit_below(1100);
	page->in.head = unit_word();
	page->in.tail = unit_once_in(2) ? unit_word() : page->in.head - unit_below(1100);
	page->is_watched = unit_word();
}

static void play_spoilt(void)
{
	uint8_t *rest = (uint8_t *)console_pages;

	start();
	for (uint32_t i = 0; i < sizeof(console_pages); i++)
		if (i % PAGE_BYTES >= sizeof(struct ring) * 2 + 4)
			rest[i] = 0xa5;
	for (uint32_t step = 0; step < 200; step++) {
		uint32_t room;

		spoil(&console_pages[unit_below(CONFIG_VM_COUNT)]);
		ring_drop(&uart.input, unit_below(ring_count(&uart.input) + 1));
		room = RING_BYTES - ring_count(&uart.input);
		unit_check(console_pending(&vms[UART]) <= RING_BYTES, "more than a ring waits");
		unit_check(console_put(&vms[UART], 'c') <= RING_BYTES, "more than a ring waits");
		console_client_poll(&vms[UART], &ends[UART]);
		unit_check(RING_BYTES - ring_count(&uart.input) <= room, "input overflows");
		console_print("message %lu", step);
		if (unit_once_in(10))
			console_client_reset(&vms[UART], &ends[UART]);
	}
	for (uint32_t i = 0; i < sizeof(console_pages); i++)
		if (i % PAGE_BYTES >= sizeof(struct ring) * 2 + 4)
			unit_check(rest[i] == 0xa5, "byte %u of the pages was written", i);
}

static void a_spoilt_page(void **state)
{
	(void)state;
	unit_each_seed(50, play_spoilt);
}

/* The last test: the UART is not given back. */
static void last_words(void **state)
{
	uint32_t lost = 0;

	(void)state;
	start();
	while (rings[OWN] * 12 < 2 * RING_BYTES) { /* twelve characters each, twice a ring */
		console_print("message %03lu", rings[OWN]);
		lost += console_pending(&vms[OWN]) + 12 > RING_BYTES;
	}
	assert_true(lost > 1);
	ring_drop(&console_pages[OWN].out, RING_BYTES / 2);
	console_print("more");
	put_text("from \033[1mone\nopen");
	wire_length = 0;
	console_flush();
	wire[wire_length] = '\0';
	assert_non_null(strstr(wire, "\r\none| from [1mone\r\none| open\r\n"));
	assert_non_null(strstr(wire, "\r\nbulkhead: message 080\r\n"));
	assert_non_null(strstr(wire, "\r\nbulkhead: (messages lost here: the console was too slow) "
				     "more\r\n"));
	wire_length = 0;
	console_print("end");
	assert_memory_equal(wire, "bulkhead: end\r\n", 15);
	console_pages[OWN].out.tail = 0x12345678; /* a ring at most is said */
	wire_length = 0;
	console_print("end");
	assert_in_range(wire_length, 1, 2 * RING_BYTES);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(when_it_rings), cmocka_unit_test(full_is_full),
		cmocka_unit_test(input_comes),   cmocka_unit_test(a_spoilt_page),
		cmocka_unit_test(last_words),
	};

	return unit_run(argc, argv, tests);
}
