// SPDX-License-Identifier: BSD-2-Clause
/*
 * A client that speaks the protocol itself, in its bootargs' role: 0 prints numbered
 * lines and answers what is typed; the others are no friends of the server: 1 floods it
 * and its doorbell, 2 never takes its input and never ends a line, 3 writes nonsense
 * into all of its page without end, 4 restarts again and again amid a line, 5 says that
 * there are 2^31 - 1 characters, of a line without end.
 */
#include <stdio.h>

#include "guests/lib/console.h"
#include "guests/lib/console_client.h"
#include "guests/lib/console_ring.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"
#include "guests/lib/mmu.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

#define LINE_US 500u

static struct console_page *page;

/* Below printf, in place of the UART that we have not. */
void console_enable(void)
{
}

void console_put(char byte)
{
	while (!console_client_put(byte))
		console_client_wait();
}

bool console_has_input(void)
{
	return console_ring_count(&page->in) != 0;
}

char console_get(void)
{
	int c;

	while ((c = console_client_get()) < 0)
		console_client_wait();
	return (char)c;
}

static void play_honest(void)
{
	uint64_t at = timer_read_virtual();

	for (uint32_t number = 1;; number++) {
		printf("line %lu abcdefghijklmnopqrstuvwxyz0123456789 end\n", number);
		if (console_has_input())
			printf("typed: %c\n", console_get());
		for (at += timer_ticks_from_us(LINE_US); timer_read_virtual() < at;)
			;
	}
}

static void flood(void)
{
	for (;;) {
		console_client_put("flood\n"[console_ring_count(&page->out) % 6]);
		ivc_ring(~0u >> 31);
	}
}

static void never_end(void)
{
	for (;;)
		console_client_put('.');
}

static void write_nonsense(void)
{
	volatile uint32_t *words = (volatile uint32_t *)page;
	uint32_t dice = 1;

	for (uint32_t i = 0;; i++) {
		dice = dice * 1664525u + 1013904223u;
		words[i % 4 ? dice % (CONSOLE_PAGE_BYTES / 4) : dice % 2] = dice;
		if (dice % 64 == 0)
			console_client_put('\n');
		if (dice % 1024 == 0)
			page->out.head = page->out.tail + dice % 2048;
	}
}

static void lie(void)
{
	for (uint32_t i = 0; i < CONSOLE_PAGE_RING; i++)
		page->out.data[i] = '.';
	for (;;) {
		console_ring_store(&page->out.head, page->out.tail + INT32_MAX);
		ivc_ring(~0u >> 31);
	}
}

static void restart(void)
{
	printf("no end of a line");
	timer_wait_ms(1);
	psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
}

int main(void)
{
	static void (*const roles[])(void) = {
		play_honest, flood, never_end, write_nonsense, restart, lie,
	};

	setvbuf(stdout, NULL, _IONBF, 0);
	mmu_enable();
	cpu_disable_interrupts();
	gic_enable();
	ivc_enable_interrupt();
	page = console_client_open();
	roles[devicetree_argument("role", 0)]();
	return 0;
}
