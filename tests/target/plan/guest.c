// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who shares a core by a time plan. The boot arguments choose what a guest does:
 *
 *   role=0 (judge): takes all the time it gets, marks the beginning and the end of
 *       `ms` for the counting plugin (plugin/shares.c), and says how many ticks these were.
 *   role=1..: spins, or does something nasty for ever; see roles[].
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

/* Hints that the architecture leaves unallocated: NOPs (DDI 0406C, A5.2.11). */
#define MARK_BEGIN() __asm__ volatile(".inst 0xe320f0e0" ::: "memory")
#define MARK_END()   __asm__ volatile(".inst 0xe320f0e1" ::: "memory")

#define SETTLE_MS 300u /* all are loaded by then */
#define STORM_US  20u

static void spin_until(uint64_t end)
{
	while (timer_read_virtual() < end)
		;
}

static void judge(void)
{
	uint64_t start, end;

	spin_until(timer_read_virtual() + timer_ticks_from_ms(SETTLE_MS));
	MARK_BEGIN();
	start = timer_read_virtual();
	spin_until(start + timer_ticks_from_ms(devicetree_argument("ms", 1000)));
	MARK_END();
	end = timer_read_virtual();
	printf("plan: %lu ticks\n", (uint32_t)(end - start));
	for (;;)
		;
}

static void spin(void)
{
	for (;;)
		;
}

static void take_irq(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL)
		timer_start_virtual(timer_read_virtual() + timer_ticks_from_us(STORM_US));
	if ((iar & GIC_IAR_INTID) < 1020)
		gic_end(iar);
}

static void let_interrupts_in(void)
{
	exception_set_handler(EXCEPTION_IRQ, take_irq);
	gic_enable();
	gic_enable_interrupt(0);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	cpu_enable_interrupts();
}

/* Asleep nearly always, woken all the time, also when others have the core. */
static void sleep_and_wake(void)
{
	let_interrupts_in();
	timer_start_virtual(timer_read_virtual());
	for (;;)
		cpu_wait_for_interrupt();
}

/* The same without sleeping. */
static void be_interrupted(void)
{
	let_interrupts_in();
	timer_start_virtual(timer_read_virtual());
	for (;;)
		;
}

static void send_sgis(void)
{
	let_interrupts_in();
	for (;;)
		gic_send_sgi(0, GIC_SGI_SELF, 0);
}

static void call(void)
{
	for (;;)
		psci_call_hvc(PSCI_VERSION, 0, 0, 0);
}

static void print(void)
{
	for (uint32_t line = 0;; line++)
		printf("nasty: a line of no interest, number %lu of very many\n", line);
}

int main(void)
{
	static void (*const roles[])(void) = { judge,     spin, sleep_and_wake, be_interrupted,
					       send_sgis, call, print };

	roles[devicetree_argument("role", 0)]();
	return 1;
}
