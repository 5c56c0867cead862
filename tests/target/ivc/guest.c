// SPDX-License-Identifier: BSD-2-Clause
/*
 * The rules of IVC, checked by guests that play them through with each other, once by
 * hypercall and once through the page. role=0: a, which leads; 1: b, between a and c;
 * 2: c; 3: d, which has no peers; 4: e, which has no device.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define ALL ~0u

/* The peers' numbers: in the manifest's order. */
enum { B_OF_A = 0, A_OF_B = 0, C_OF_B = 1, B_OF_C = 0 };

static volatile uint32_t interrupts;

static void interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if (iar == GIC_INTID_SPURIOUS)
		return;
	check_equal("the interrupt", iar, IVC_INTID, ALL);
	interrupts++;
	gic_end(iar);
}

static void equal(const char *what, uint32_t value, uint32_t expected)
{
	check_equal(what, value, expected, ALL);
}

static uint32_t take_interrupts(void)
{
	uint32_t count;

	cpu_disable_interrupts();
	count = interrupts;
	interrupts = 0;
	cpu_enable_interrupts();
	return count;
}

/* Sleeps until an interrupt has come since the last take_interrupts(). */
static void wait_interrupt(void)
{
	cpu_disable_interrupts();
	while (interrupts == 0) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
}

/* Sleeps until a peer has done something, which is then cleared. */
static struct ivc_events wait_event(void)
{
	struct ivc_events events = { 0, 0, 0, 0 };

	while (!(events.messages | events.doorbells | events.changes)) {
		wait_interrupt();
		take_interrupts();
		events = ivc_events();
	}
	return events;
}

static void wait_bell(uint32_t peer)
{
	while (!(wait_event().doorbells & 1u << peer))
		;
}

static uint32_t send(uint32_t peer, uint32_t word)
{
	return ivc_send(peer, (uint32_t[3]){ word, ~word, word * 3 });
}

static void receive(uint32_t from, uint32_t peer, uint32_t word)
{
	uint32_t words[3];

	equal("receive", ivc_receive(from, words), peer);
	equal("first word", words[0], word);
	equal("second word", words[1], ~word);
	equal("third word", words[2], word * 3);
}

static void receive_nothing(uint32_t from, uint32_t result)
{
	uint32_t words[3];

	equal("receive nothing", ivc_receive(from, words), result);
}

static void events_are(uint32_t open, uint32_t messages, uint32_t doorbells, uint32_t changes)
{
	struct ivc_events events = ivc_look();

	equal("open", events.open, open);
	equal("messages", events.messages, messages);
	equal("doorbells", events.doorbells, doorbells);
	equal("changes", events.changes, changes);
}

static void check_identity(bool has_device)
{
	uint32_t r[5] = { IVC_CALL_UID };

	equal("UID", ivc_call(r), IVC_UID_0);
	equal("UID", r[1], IVC_UID_1);
	equal("UID", r[2], IVC_UID_2);
	equal("UID", r[3], IVC_UID_3);
	r[0] = IVC_CALL_REVISION;
	equal("major revision", ivc_call(r), IVC_REVISION_MAJOR);
	equal("minor revision", r[1], IVC_REVISION_MINOR);
	equal("count", ivc_call((uint32_t[5]){ IVC_CALL_COUNT }), 7);
	for (uint32_t n = 0; n < 20; n++)
		equal("features", ivc_call((uint32_t[5]){ IVC_FEATURES, IVC_FEATURES + n }),
		      n < 7 && has_device ? IVC_SUCCESS : IVC_NOT_SUPPORTED);
	for (uint32_t n = 7; n < 0x10000; n += n < 0xfefe ? 0x35 : 1)
		if (n != 0xff00 && n != 0xff01 && n != 0xff03)
			equal("unknown", ivc_call((uint32_t[5]){ IVC_FEATURES + n, 0, 1, 2, 3 }),
			      IVC_NOT_SUPPORTED);
}

/* Nobody else can be named, whatever the number. */
static void check_denied(uint32_t peers)
{
	for (uint32_t n = peers; n < 40; n++) {
		equal("send to nobody", send(n, 1), IVC_DENIED);
		receive_nothing(n, IVC_DENIED);
		if (n < 32)
			equal("ring nobody", ivc_ring(1u << n | (peers ? 1 : 0)), IVC_DENIED);
	}
	for (uint32_t n = 31; n > 8; n--) {
		equal("send to nobody", send(1u << n, 1), IVC_DENIED);
		receive_nothing(1u << n, IVC_DENIED);
	}
	equal("send to anybody", send(IVC_ANY, 1), IVC_DENIED);
	receive_nothing(IVC_ANY, IVC_EMPTY);
}

/* Narrow accesses and the rest of the page are nothing. */
static void check_page(void)
{
	mmio_write32(IVC_PAGE + 4, 0x12345678);
	mmio_write8(IVC_PAGE + 4, 0xff);
	mmio_write16(IVC_PAGE + 6, 0xffff);
	equal("r1", mmio_read32(IVC_PAGE + 4), 0x12345678);
	equal("a byte of r1", mmio_read8(IVC_PAGE + 4), 0);
	for (uint32_t at = 20; at < 0x1000; at += 4) {
		mmio_write32(IVC_PAGE + at, ALL);
		equal("the rest of the page", mmio_read32(IVC_PAGE + at), 0);
	}
}

/* ---- a leads; b does as it is told by doorbells ---- */

static void a_meets_b(void)
{
	check_denied(1);
	ivc_events(); /* the others' resets */
	events_are(0, 0, 0, 0);
	take_interrupts();
	equal("send before b is open", send(B_OF_A, 1), IVC_CLOSED);
	equal("broadcast before b is open", ivc_broadcast((uint32_t[3]){ 1, 2, 3 }), 0);
	equal("ring before b is open", ivc_ring(1), 0);
	equal("no interrupt yet", take_interrupts(), 0);
	ivc_open(true); /* b sees that and opens */
	wait_interrupt();
	equal("one interrupt for one change", take_interrupts(), 1);
	events_are(1, 0, 0, 1);
	equal("send before the change is cleared", send(B_OF_A, 1), IVC_CLOSED);
	equal("ring before the change is cleared", ivc_ring(1), 0);
	equal("the change", ivc_events().changes, 1);
	events_are(1, 0, 0, 0);
}

static void a_sends(void)
{
	equal("send", send(B_OF_A, 100), IVC_SUCCESS);
	for (uint32_t i = 0; i < 50; i++) {
		equal("send again", send(B_OF_A, 200 + i), IVC_BUSY);
		equal("broadcast again", ivc_broadcast((uint32_t[3]){ 3, 4, 5 }), 0);
	}
	equal("no interrupt for a send of ours", take_interrupts(), 0);
	equal("ring", ivc_ring(1), 1);
	wait_bell(B_OF_A); /* b has looked, has not received, and waits */
	equal("send while b only looked", send(B_OF_A, 300), IVC_BUSY);
	ivc_ring(1);
	wait_bell(B_OF_A); /* b has received */
	equal("send when b has received", send(B_OF_A, 400), IVC_SUCCESS);
	ivc_ring(1);
	wait_bell(B_OF_A);
}

static void a_receives(void)
{
	uint32_t words[3];

	/* Two have come from b? Only one has room. */
	events_are(1, 1, 0, 0);
	receive(B_OF_A, B_OF_A, 500);
	receive_nothing(B_OF_A, IVC_EMPTY);
	receive_nothing(IVC_ANY, IVC_EMPTY);
	events_are(1, 0, 0, 0);
	equal("broadcast", ivc_broadcast((uint32_t[3]){ 1, 2, 3 }), 1);
	ivc_ring(1);
	wait_bell(B_OF_A);
	/* Doorbells: once rung, it stays until it is cleared, by number. */
	ivc_ring(1);
	wait_interrupt();
	equal("one interrupt for three rings", take_interrupts(), 1);
	events_are(1, 0, 1, 0);
	events_are(1, 0, 1, 0);
	ivc_call((uint32_t[5]){ IVC_EVENTS, ~1u, ALL });
	events_are(1, 0, 1, 0);
	ivc_call((uint32_t[5]){ IVC_EVENTS, 1, 0 });
	events_are(1, 0, 0, 0);
	equal("receive nothing", ivc_receive(B_OF_A, words), IVC_EMPTY);
}

/* A new life of b's: what was under way is gone, in both directions. */
static void a_sees_b_reopen(void)
{
	equal("send into b's old life", send(B_OF_A, 600), IVC_SUCCESS);
	ivc_ring(1);
	wait_interrupt(); /* b has sent and rung, and then reopened: 3 edges, or fewer */
	while (!ivc_look().changes)
		;
	events_are(1, 0, 0, 1);
	equal("send before the change is cleared", send(B_OF_A, 700), IVC_CLOSED);
	receive_nothing(B_OF_A, IVC_EMPTY);
	ivc_events();
	equal("send into b's new life", send(B_OF_A, 800), IVC_SUCCESS);
	ivc_ring(1);
	wait_bell(B_OF_A);
	/* Ours: the message and the doorbell that we leave are taken back. */
	equal("send from our old life", send(B_OF_A, 900), IVC_SUCCESS);
	ivc_open(false);
	equal("a closed one can send", send(B_OF_A, 1000), IVC_SUCCESS);
	ivc_ring(1);
	while (ivc_look().messages | ivc_look().doorbells)
		check_that("something came to a closed one", false);
	ivc_open(true);
	take_interrupts();
	equal("send from our new life", send(B_OF_A, 1100), IVC_SUCCESS);
	ivc_ring(1);
	wait_bell(B_OF_A);
}

static void b_meets_a(void)
{
	check_denied(2);
	while (!(ivc_events().open & 1u << A_OF_B))
		cpu_wait_for_interrupt();
	ivc_open(true);
}

static void b_receives(void)
{
	wait_bell(A_OF_B);
	equal("messages", ivc_look().messages & 1, 1);
	receive_nothing(C_OF_B, IVC_EMPTY);
	ivc_ring(1u << A_OF_B);
	wait_bell(A_OF_B);
	receive(A_OF_B, A_OF_B, 100);
	receive_nothing(A_OF_B, IVC_EMPTY);
	ivc_ring(1u << A_OF_B);
	wait_bell(A_OF_B);
	receive(IVC_ANY, A_OF_B, 400);
}

static void b_sends(void)
{
	uint32_t words[3];

	equal("send", send(A_OF_B, 500), IVC_SUCCESS);
	equal("send again", send(A_OF_B, 501), IVC_BUSY);
	ivc_ring(1u << A_OF_B);
	wait_bell(A_OF_B);
	equal("receive a broadcast", ivc_receive(IVC_ANY, words), A_OF_B);
	equal("first word", words[0], 1);
	equal("second word", words[1], 2);
	equal("third word", words[2], 3);
	ivc_ring(1u << A_OF_B);
	wait_bell(A_OF_B);
	for (uint32_t i = 0; i < 3; i++)
		equal("ring", ivc_ring(1u << A_OF_B), 1u << A_OF_B);
}

static void b_reopens(void)
{
	wait_bell(A_OF_B);
	equal("send from our old life", send(A_OF_B, 666), IVC_SUCCESS);
	ivc_ring(1u << A_OF_B);
	ivc_open(true);
	take_interrupts();
	receive_nothing(A_OF_B, IVC_EMPTY); /* a's 600 */
	equal("no doorbell from before", ivc_look().doorbells, 0);
	wait_bell(A_OF_B);
	receive(A_OF_B, A_OF_B, 800);
	ivc_ring(1u << A_OF_B);
	while (!(ivc_look().open & 1u << A_OF_B))
		;
	/* a's new life: nothing goes through before we have seen it. */
	while (!(ivc_look().changes & 1u << A_OF_B) || !(ivc_look().messages & 1u << A_OF_B))
		;
	receive_nothing(A_OF_B, IVC_CLOSED);
	equal("send before the change is cleared", send(A_OF_B, 667), IVC_CLOSED);
	equal("messages stay", ivc_look().messages & 1, 1);
	ivc_events();
	receive(IVC_ANY, A_OF_B, 1100);
	ivc_ring(1u << A_OF_B);
}

/* c and b: numbers are each VM's own; what b takes from one is not the other's. */
static void c_meets_b(void)
{
	check_denied(1);
	while (!(ivc_events().open & 1u << B_OF_C))
		cpu_wait_for_interrupt();
	ivc_open(true);
	wait_bell(B_OF_C);
	receive_nothing(B_OF_C, IVC_EMPTY);
	equal("send", send(B_OF_C, 42), IVC_SUCCESS);
}

static void b_meets_c(void)
{
	ivc_ring(1u << C_OF_B);
	while (!(ivc_look().messages & 1u << C_OF_B))
		cpu_wait_for_interrupt();
	receive_nothing(A_OF_B, IVC_EMPTY);
	receive(C_OF_B, C_OF_B, 42);
}

static void end(void)
{
	check_end();
	for (;;)
		cpu_wait_for_interrupt();
}

static void play_a(void)
{
	check_identity(true);
	check_page();
	a_meets_b();
	a_sends();
	a_receives();
	a_sees_b_reopen();
	ivc_use_page(IVC_PAGE);
	check_identity(true);
	check_denied(1);
	a_sends();
	a_receives();
	end();
}

static void play_b(void)
{
	b_meets_a();
	b_receives();
	b_sends();
	b_reopens();
	ivc_use_page(IVC_PAGE);
	b_receives();
	b_sends();
	b_meets_c();
	end();
}

int main(void)
{
	static const char *const names[] = { "ivc-a", "ivc-b", "ivc-c", "ivc-d", "ivc-e" };
	uint32_t role = devicetree_argument("role", 0);

	check_begin(names[role]);
	exception_set_handler(EXCEPTION_IRQ, interrupt);
	gic_enable();
	ivc_enable_interrupt();
	cpu_enable_interrupts();
	switch (role) {
	case 0:
		play_a();
		break;
	case 1:
		play_b();
		break;
	case 2:
		c_meets_b();
		break;
	case 3:
		check_identity(true);
		check_denied(0);
		ivc_open(true);
		check_denied(0);
		equal("broadcast to nobody", ivc_broadcast((uint32_t[3]){ 1, 2, 3 }), 0);
		break;
	default:
		check_identity(false); /* whose calls they are, it may know */
		equal("send without a device", send(0, 1), IVC_NOT_SUPPORTED);
		receive_nothing(0, IVC_NOT_SUPPORTED);
	}
	end();
}
