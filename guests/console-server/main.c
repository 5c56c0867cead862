// SPDX-License-Identifier: BSD-2-Clause
/*
 * The console server: a bare-metal guest that has the board's UART, and serves the
 * consoles of all other VMs and of the hypervisor (ivc/console_page.h). Input goes to
 * one client at a time; Ctrl-] and a digit move it, Ctrl-] h lists the rest.
 *
 * Interrupts only wake it, and are masked while it works. Its state is in the pages: it
 * may be restarted at any time.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guests/console-server/mux.h"
#include "guests/console-server/wire.h"
#include "guests/lib/console_ring.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

#define CLIENTS    8u
#define ESCAPE_KEY 0x1d /* Ctrl-] */
#define AT_ONCE    256u /* characters sent without a look at the input */
#define HYPERVISOR "bulkhead"

/* A client that lets its input lie for so long is deaf: what is typed is lost then, or it
 * would keep the escape key from us. */
#define DEAF_MS 500u

static struct console_page own_page; /* what we say ourselves */
static struct client clients[CLIENTS + 1];
static uint32_t peer_count;
static uint32_t focus;
static bool is_escaped;
static uint64_t deaf_at = MUX_NEVER;

static void say(const char *format, ...)
{
	char line[96];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	for (const char *c = line; *c != '\0'; c++)
		console_ring_put(&own_page.out, *c);
	console_ring_put(&own_page.out, '\n');
}

static void wake(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_UART)
		wire_set_wishes(false, false);
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL)
		timer_stop_virtual();
	if ((iar & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
}

/* ---- Input ------------------------------------------------------------------------------ */

static bool may_have_focus(uint32_t client)
{
	return client < peer_count && strcmp(clients[client].name, HYPERVISOR) != 0;
}

static void set_focus(uint32_t client)
{
	focus = client;
	deaf_at = MUX_NEVER;
	for (uint32_t i = 0; i < peer_count; i++)
		clients[i].page->is_watched = i == focus;
	mux_set_focus(&clients[focus]);
}

static void help(void)
{
	say("Ctrl-] and a digit: input to a client; twice: send it; r: restart the server");
	for (uint32_t i = 0; i < peer_count; i++)
		if (may_have_focus(i))
			say("  %lu %s%s", i + 1, clients[i].name,
			    i == focus ? " (has the input)" : "");
}

static void deliver(char c)
{
	if (console_ring_put(&clients[focus].page->in, c))
		clients[focus].wants_ring = true;
}

static void command(char c)
{
	uint32_t client = (uint32_t)(c - '1');

	if (c == ESCAPE_KEY) {
		deliver(c);
	} else if (c == 'r') {
		psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	} else if (may_have_focus(client)) {
		set_focus(client);
		say("input goes to %s", clients[focus].name);
	} else {
		help();
	}
}

/* Is there room, or will there be none? */
static bool wants_input(void)
{
	uint64_t now;

	if (console_ring_count(&clients[focus].page->in) < CONSOLE_PAGE_RING) {
		deaf_at = MUX_NEVER;
		return true;
	}
	now = timer_read_virtual();
	if (deaf_at == MUX_NEVER)
		deaf_at = now + timer_ticks_from_ms(DEAF_MS);
	return now >= deaf_at;
}

static void take_input(void)
{
	for (uint32_t n = 0; n < AT_ONCE && wants_input(); n++) {
		int c = wire_get();

		if (c < 0)
			return;
		if (is_escaped)
			command((char)c);
		else if (c != ESCAPE_KEY)
			deliver((char)c);
		is_escaped = !is_escaped && c == ESCAPE_KEY;
	}
}

/* ---- The loop --------------------------------------------------------------------------- */

static void ring_clients(void)
{
	uint32_t peers = 0;

	for (uint32_t i = 0; i < peer_count; i++) {
		if (clients[i].wants_ring)
			peers |= 1u << i;
		clients[i].wants_ring = false;
	}
	if (peers != 0)
		ivc_ring(peers);
}

static void sleep(void)
{
	uint64_t until = mux_deadline();

	if (deaf_at < until && deaf_at > timer_read_virtual())
		until = deaf_at;
	if (until != MUX_NEVER)
		timer_start_virtual(until);
	wire_set_wishes(mux_waits_for_wire(), wants_input());
	cpu_wait_for_interrupt();
	cpu_enable_interrupts();
	cpu_instruction_barrier();
	cpu_disable_interrupts();
}

/* Names and pages, by peer; then ourselves. */
static void find_clients(void)
{
	uint32_t bytes = 0;
	const char *names = devicetree_property("ivc", "peers", &bytes);
	const char *end = names + bytes;
	const void *reg = devicetree_property("console", "reg", NULL);

	for (; names != NULL && reg != NULL && names < end && peer_count < CLIENTS; peer_count++) {
		struct client *client = &clients[peer_count];

		client->name = names;
		client->separator = strcmp(names, HYPERVISOR) == 0 ? ": " : "| ";
		client->page = (struct console_page *)devicetree_cell(reg, 0) + peer_count;
		names += strlen(names) + 1;
	}
	clients[peer_count] =
		(struct client){ .name = "console", .separator = "| ", .page = &own_page };
}

/* Who had it before we were restarted, or the first. */
static uint32_t find_focus(void)
{
	for (uint32_t i = 0; i < peer_count; i++)
		if (may_have_focus(i) && clients[i].page->is_watched)
			return i;
	return 0;
}

int main(void)
{
	find_clients();
	mmu_enable();
	cpu_disable_interrupts();
	exception_set_handler(EXCEPTION_IRQ, wake);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	ivc_enable_interrupt();
	wire_init();
	mux_begin(clients, peer_count + 1);
	set_focus(find_focus());
	ivc_open(true);
	for (;;) {
		uint32_t changes = ivc_events().changes;
		bool has_more;

		for (uint32_t i = 0; i < peer_count; i++)
			clients[i].wants_ring |= changes >> i & 1;
		take_input();
		has_more = mux_send(AT_ONCE);
		ring_clients();
		if (!has_more)
			sleep();
	}
}
