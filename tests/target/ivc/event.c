// SPDX-License-Identifier: BSD-2-Clause
/*
 * See event.h.
 */
#include "tests/target/ivc/event.h"

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"

volatile bool event_has_come;

static void take_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if (iar == GIC_INTID_SPURIOUS)
		return;
	event_has_come = true;
	gic_end(iar);
}

void event_init(void)
{
	exception_set_handler(EXCEPTION_IRQ, take_interrupt);
	gic_enable();
	ivc_enable_interrupt();
	cpu_enable_interrupts();
}

void event_sleep(void)
{
	cpu_disable_interrupts();
	while (!event_has_come) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
}
