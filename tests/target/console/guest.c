// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest for each thing that a console must bear, by role=: 0 floods it without a
 * pause; 1 takes `count` timer interrupts, one each `period` us, in silence, and says at
 * last how late they were; 2 paints: colours, cursor, title, control characters; 3 reads
 * an address where nothing is; 4 works without a word.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define HOLE 0x0bad0000u

static volatile uint32_t ticks;
static uint64_t next, period, worst, sum;

static void flood(void)
{
	for (uint32_t number = 1;; number++)
		printf("flood %lu abcdefghijklmnopqrstuvwxyz0123456789 end\n", number);
}

static void on_timer(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();
	uint64_t late = timer_read_virtual() - next;

	(void)frame;
	if ((iar & GIC_IAR_INTID) == GIC_INTID_SPURIOUS)
		return;
	worst = late > worst ? late : worst;
	sum += late;
	next += period;
	ticks++;
	timer_start_virtual(next);
	gic_end(iar);
}

static void measure(uint32_t count)
{
	exception_set_handler(EXCEPTION_IRQ, on_timer);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	period = timer_ticks_from_us(devicetree_argument("period", 1000));
	next = timer_read_virtual() + period;
	timer_start_virtual(next);
	cpu_disable_interrupts();
	while (ticks < count) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	printf("late: %lu ticks at most, %lu on average\n", (uint32_t)worst,
	       (uint32_t)(sum / count));
}

static void paint(void)
{
	for (;;) {
		uint64_t end = timer_read_virtual() + timer_ticks_from_ms(1000);

		printf("\033[31mred\033]0;title\a \033[2J\033[10;10Hplaces\001\002 \2331m\n");
		while (timer_read_virtual() < end)
			;
	}
}

int main(void)
{
	uint32_t role = devicetree_argument("role", 0);

	if (role == 0)
		flood();
	if (role == 1) {
		measure(devicetree_argument("count", 1000));
		return 0;
	}
	if (role == 2)
		paint();
	while (role == 4)
		;
	return (int)*(volatile uint32_t *)HOLE;
}
