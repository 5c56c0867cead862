// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest alone on its core that is always late: its timer handler sets the next
 * deadline in the past, so the timer's line is still high when the interrupt is
 * ended, and it must come again at once. Linux does so when its machine is slow.
 * First the guest spins for the interrupts, then it sleeps. Natively both work.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define INTERRUPTS 50u

static volatile uint32_t interrupts_left;

static void late_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == GIC_INTID_SPURIOUS)
		return;
	interrupts_left--;
	if (interrupts_left == 0)
		timer_stop_virtual();
	else
		timer_start_virtual(timer_read_virtual() - 1);
	gic_end(iar);
}

static void take_interrupts(bool sleeps)
{
	interrupts_left = INTERRUPTS;
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_ms(1));
	while (interrupts_left != 0) {
		if (sleeps)
			cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	printf("rearm: %u interrupts, %s\n", INTERRUPTS, sleeps ? "sleeping" : "spinning");
}

int main(void)
{
	exception_set_handler(EXCEPTION_IRQ, late_interrupt);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	take_interrupts(false);
	take_interrupts(true);
	return 0;
}
