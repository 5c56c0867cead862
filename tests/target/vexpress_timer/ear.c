// SPDX-License-Identifier: BSD-2-Clause
/*
 * See ear.h.
 */
#include "tests/target/vexpress_timer/ear.h"

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"
#include "tests/target/vexpress_timer/dual.h"

#define PATIENCE_US 100000u
#define SILENCE_US  200u

volatile uint32_t ear_came, ear_strange;
static ear_action action = ear_clear;

bool ear_clear(uint32_t iar)
{
	(void)iar;
	dual_clear();
	return false;
}

void ear_set_action(ear_action new_action)
{
	action = new_action;
}

static void hear(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if (iar == PLATFORM_INTID_TIMER_VIRTUAL) {
		timer_stop_virtual();
		gic_end_wholly(iar); /* or it could not come again: it is no part of any test */
		return;
	}
	if (iar != DUAL_INTID || !dual_is_heard()) {
		ear_strange++;
		if ((iar & GIC_IAR_INTID) >= 1020)
			return;
	}
	ear_came++;
	if (!action(iar))
		gic_end(iar);
}

void ear_open(void)
{
	exception_set_handler(EXCEPTION_IRQ, hear);
	gic_enable();
	gic_set_priority(DUAL_INTID, 0x80);
	gic_set_targets(DUAL_INTID, 1);
	gic_enable_interrupt(DUAL_INTID);
	gic_set_priority(PLATFORM_INTID_TIMER_VIRTUAL, 0);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	cpu_enable_interrupts();
}

bool ear_wait(uint32_t count, uint32_t us)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(us);

	cpu_disable_interrupts();
	while ((int32_t)(ear_came - count) < 0 && timer_read_virtual() < end) {
		timer_start_virtual(end);
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	timer_stop_virtual();
	cpu_enable_interrupts();
	return (int32_t)(ear_came - count) >= 0;
}

void ear_expect_one(const char *what)
{
	uint32_t before = ear_came;

	check_that(what, ear_wait(before + 1, PATIENCE_US));
	check_equal(what, ear_came - before, 1, 0xffffffff);
}

void ear_expect_none(const char *what)
{
	check_that(what, !ear_wait(ear_came + 1, SILENCE_US));
}
