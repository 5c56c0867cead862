// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest that watches its own clock. Its boot arguments choose what it does:
 *
 *   role=0 (spin): reads the counter without end and reports the gaps between two
 *       successive reads: how long it was not running, as far as its clock tells.
 *   role=1 (idle): sleeps in WFI until its timer fires, period=MS, and reports how
 *       late it was by its own clock.
 *
 * A line each half second of its own time; also used by the vtime case.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

enum { ROLE_SPIN, ROLE_IDLE };

#define REPORT_MS 500u
#define GAP_US    1000u /* shorter ones are our own loop and the hypervisor's work */

struct gaps {
	uint32_t count;
	uint32_t shortest_us;
	uint32_t longest_us;
	uint64_t total_us;
};

static void gaps_add(struct gaps *gaps, uint32_t us)
{
	if (gaps->count == 0 || us < gaps->shortest_us)
		gaps->shortest_us = us;
	if (us > gaps->longest_us)
		gaps->longest_us = us;
	gaps->count++;
	gaps->total_us += us;
}

/* Spins for so many ticks; gaps above GAP_US are counted, the longest always kept. */
static void spin(uint64_t ticks)
{
	struct gaps gaps = { 0 };
	uint64_t threshold = timer_ticks_from_us(GAP_US);
	uint64_t longest = 0;
	uint64_t now = timer_read_virtual();
	uint64_t end = now + ticks;

	while (now < end) {
		uint64_t before = now;

		now = timer_read_virtual();
		if (now - before > longest)
			longest = now - before;
		if (now - before > threshold)
			gaps_add(&gaps, timer_us_from_ticks(now - before));
	}
	printf("spin: longest %lu us, %lu gaps, %lu to %lu us, mean %lu us\n",
	       timer_us_from_ticks(longest), gaps.count, gaps.shortest_us, gaps.longest_us,
	       gaps.count == 0 ? 0 : (uint32_t)(gaps.total_us / gaps.count));
}

static volatile bool has_fired;

static void timer_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL) {
		timer_stop_virtual();
		has_fired = true;
	}
	if ((iar & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
}

/* Sleeps until the counter reaches `at`; returns how late it is then. */
static uint64_t sleep_until(uint64_t at)
{
	has_fired = false;
	timer_start_virtual(at);
	while (!has_fired) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	return timer_read_virtual() - at;
}

static void idle(uint32_t period_ms)
{
	uint32_t wakes = REPORT_MS / period_ms;
	uint64_t next = timer_read_virtual();

	for (;;) {
		uint64_t latest = 0;

		for (uint32_t i = 0; i < wakes; i++) {
			uint64_t late;

			next += timer_ticks_from_ms(period_ms);
			late = sleep_until(next);
			if (late > latest)
				latest = late;
		}
		printf("idle: %lu wakes, latest %lu us\n", wakes, timer_us_from_ticks(latest));
	}
}

int main(void)
{
	if (devicetree_argument("role", ROLE_SPIN) == ROLE_SPIN) {
		for (;;)
			spin(timer_ticks_from_ms(REPORT_MS));
	}
	exception_set_handler(EXCEPTION_IRQ, timer_interrupt);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	idle(devicetree_argument("period", 100));
}
