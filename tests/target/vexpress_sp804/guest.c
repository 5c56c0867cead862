// SPDX-License-Identifier: BSD-2-Clause
/*
 * The dual timer (SP804, DDI 0271) against the generic one, both in the VM's own time
 * while another VM takes half of it: what the counters show, periodic interrupts that
 * are slept for, a one-shot one, two at once.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/sp804.h"
#include "guests/lib/timer.h"

#define SP804_BASE 0x1c110000u
#define INTID      60u
#define PERIOD     1000u /* ticks of 1 us */
#define TIMES      200u

static volatile uint32_t interrupts[2], strays;
static volatile uint64_t interrupted_at;

static void handle(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();
	bool was_ours = false;

	(void)frame;
	if ((iar & GIC_IAR_INTID) == GIC_INTID_SPURIOUS)
		return;
	interrupted_at = timer_read_virtual();
	for (uint32_t i = 0; i < 2; i++) {
		if (!mmio_read32(SP804_MIS(i)))
			continue;
		mmio_write32(SP804_INTCLR(i), 1);
		interrupts[i]++;
		was_ours = true;
	}
	if (!was_ours || (iar & GIC_IAR_INTID) != INTID)
		strays++;
	gic_end(iar);
}

/* Sleeps until a timer has had so many interrupts. */
static void wait_for(uint32_t i, uint32_t count)
{
	cpu_disable_interrupts();
	while (interrupts[i] < count) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
}

/* A free-running counter shows the VM's time, to the tick. */
static void check_counter(void)
{
	uint64_t before = timer_read_virtual(), after;
	uint32_t first, last;

	mmio_write32(SP804_CONTROL(1), SP804_ENABLE | SP804_WIDE);
	first = mmio_read32(SP804_VALUE(1));
	after = timer_read_virtual();
	timer_wait_ms(200);
	last = first - mmio_read32(SP804_VALUE(1));
	check_that("it counts as fast as time goes",
		   last >= 200000 &&
			   last <= timer_us_from_ticks(timer_read_virtual() - before) + 1);
	check_that("reading does not take long", after - before < timer_ticks_from_ms(1000));
	mmio_write32(SP804_CONTROL(1), 0);
}

/* As many as there were periods; each period's was there in time to be slept for. */
static void check_periodic(void)
{
	uint64_t start = timer_read_virtual();
	uint32_t elapsed;

	mmio_write32(SP804_LOAD(0), PERIOD);
	mmio_write32(SP804_CONTROL(0),
		     SP804_ENABLE | SP804_PERIODIC | SP804_WIDE | SP804_INT_ENABLE);
	wait_for(0, TIMES);
	elapsed = timer_us_from_ticks(interrupted_at - start);
	check_that("none comes early", elapsed >= TIMES * PERIOD);
	check_that("none is lost", elapsed < TIMES * PERIOD + PERIOD / 2);
	mmio_write32(SP804_CONTROL(0), 0);
	check_equal("no strays", strays, 0, 0xffffffff);
}

static void check_one_shot(void)
{
	uint64_t start = timer_read_virtual();
	uint32_t count = interrupts[1];

	mmio_write32(SP804_CONTROL(1),
		     SP804_ENABLE | SP804_ONE_SHOT | SP804_WIDE | SP804_INT_ENABLE);
	mmio_write32(SP804_LOAD(1), 30000);
	wait_for(1, count + 1);
	check_that("one shot is not early", timer_us_from_ticks(interrupted_at - start) >= 30000);
	timer_wait_ms(100);
	check_equal("one shot is one", interrupts[1], count + 1, 0xffffffff);
	check_equal("it stands at zero", mmio_read32(SP804_VALUE(1)), 0, 0xffffffff);
}

/* One line for both; who does not ask is not heard. */
static void check_both(void)
{
	uint32_t counts[] = { interrupts[0], interrupts[1] };

	for (uint32_t i = 0; i < 2; i++) {
		mmio_write32(SP804_CONTROL(i), SP804_ENABLE | SP804_ONE_SHOT | SP804_WIDE |
						       (i ? 0 : SP804_INT_ENABLE));
		mmio_write32(SP804_LOAD(i), 1000);
	}
	wait_for(0, counts[0] + 1);
	timer_wait_ms(10);
	check_equal("the silent one", interrupts[1], counts[1], 0xffffffff);
	check_equal("its raw status", mmio_read32(SP804_RIS(1)), 1, 0xffffffff);
	mmio_write32(SP804_CONTROL(1),
		     SP804_ENABLE | SP804_ONE_SHOT | SP804_WIDE | SP804_INT_ENABLE);
	wait_for(1, counts[1] + 1);
	check_equal("and then no more", mmio_read32(SP804_RIS(1)), 0, 0xffffffff);
}

int main(void)
{
	check_begin("sp804");
	exception_set_handler(EXCEPTION_IRQ, handle);
	gic_enable();
	gic_enable_interrupt(INTID);
	cpu_enable_interrupts();
	check_counter();
	check_periodic();
	check_one_shot();
	check_both();
	return check_end();
}
