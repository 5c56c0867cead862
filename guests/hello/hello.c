// SPDX-License-Identifier: BSD-2-Clause
/*
 * The smallest guest worth looking at: says hello and what processor it finds,
 * takes ten timer interrupts, then prints a line a second and sleeps in between.
 * Runs the same natively on QEMU's `virt` board and under the hypervisor.
 */
#include <stdio.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define HELLO_TICKS     10
#define HELLO_PERIOD_MS 100

static volatile uint32_t hello_interrupts;
static uint64_t hello_period;
static uint64_t hello_next;

static const char *hello_mode_name(void)
{
	switch (cpu_read_cpsr() & CPU_MODE_MASK) {
	case CPU_MODE_SVC:
		return "svc";
	case CPU_MODE_HYP:
		return "hyp";
	case CPU_MODE_SYS:
		return "sys";
	default:
		return "odd";
	}
}

static void hello_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL) {
		hello_interrupts++;
		hello_next += hello_period;
		timer_start_virtual(hello_next);
	}
	if ((iar & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
}

/* Sleeps until more than `seen` interrupts have come. */
static void hello_wait_beyond(uint32_t seen)
{
	cpu_disable_interrupts();
	while (hello_interrupts == seen) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
}

int main(void)
{
	printf("hello: this is a bare-metal guest, mode %s\n", hello_mode_name());
	printf("hello: MIDR 0x%08lx MPIDR 0x%08lx\n", cp15_read_MIDR(), cp15_read_MPIDR());
	printf("hello: counter at %lu Hz\n", cp15_read_CNTFRQ());

	exception_set_handler(EXCEPTION_IRQ, hello_interrupt);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	hello_period = timer_ticks_from_ms(HELLO_PERIOD_MS);
	hello_next = timer_read_virtual() + hello_period;
	timer_start_virtual(hello_next);

	for (uint32_t i = 0; i < HELLO_TICKS; i++) {
		hello_wait_beyond(i);
		printf("hello: timer interrupt %lu\n", i + 1);
	}
	hello_period = timer_ticks_from_ms(1000);
	for (uint32_t second = 0;; second++) {
		hello_wait_beyond(HELLO_TICKS + second);
		printf("hello: idle for %lu s\n", second + 1);
	}
}
