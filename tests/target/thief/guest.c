// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timer thief: acknowledges its first virtual timer interrupt, never ends it,
 * and spins with interrupts enabled. The interrupt stays active, so no further one
 * may reach it, and whoever shares the core must not notice. It prints a line each
 * second of its own time, and complains if a second timer interrupt comes.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

static volatile uint32_t thief_interrupts;

static void thief_interrupt(struct exception_frame *frame)
{
	uint32_t intid = gic_acknowledge() & GIC_IAR_INTID;

	(void)frame;
	if (intid != PLATFORM_INTID_TIMER_VIRTUAL) {
		printf("thief: FAILED: interrupt %lu\n", intid);
		return;
	}
	thief_interrupts++;
	if (thief_interrupts > 1)
		printf("thief: FAILED: timer interrupt %lu\n", thief_interrupts);
	/* No gic_end, and the timer goes on demanding: that is the theft. */
}

int main(void)
{
	uint64_t second = timer_ticks_from_ms(1000);
	uint64_t next;

	exception_set_handler(EXCEPTION_IRQ, thief_interrupt);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_ms(100));
	cpu_enable_interrupts();
	while (thief_interrupts == 0)
		;
	printf("thief: has its interrupt and keeps it\n");

	next = timer_read_virtual();
	for (uint32_t seconds = 1;; seconds++) {
		next += second;
		while (timer_read_virtual() < next)
			;
		/* Set anew, as an honest guest would: it must still not be heard. */
		timer_start_virtual(next);
		printf("thief: %lu s, %lu interrupt\n", seconds, thief_interrupts);
	}
}
