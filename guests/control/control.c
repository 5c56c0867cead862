// SPDX-License-Identifier: BSD-2-Clause
/*
 * A control loop, as an ECU has it: released by its timer every `period` us, `count`
 * times, it notes how late it was each time, and then prints a histogram. Give it real
 * time and a high priority, or a window of a time plan. Lines for tools/histogram:
 *
 *	control: LOW .. HIGH ns: COUNT
 *
 * `from` is how many us after the start the first period begins. With `into` it then
 * looks for the beginning of a window, which is where its own time had a gap, and each
 * release is so many us behind one.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

/* Up to 2^STEP_BITS ticks a bin for each; from there on so many to each power of two. */
#define STEP_BITS 6u
#define STEPS     (1u << STEP_BITS)
#define BINS      ((33u - STEP_BITS) * STEPS)

#define GAP_US 100u

static uint32_t bins[BINS];
static uint64_t next;
static uint32_t period_ticks;
static volatile uint32_t released;
static uint32_t best = ~0u, worst, worst_at, strays;
static uint64_t sum;

static uint32_t bin_of(uint32_t ticks)
{
	uint32_t shift;

	if (ticks < STEPS)
		return ticks;
	shift = 31u - (uint32_t)__builtin_clz(ticks) - STEP_BITS;
	return (shift << STEP_BITS) + (ticks >> shift);
}

/* The least number of ticks that goes into a bin. */
static uint32_t least_of(uint32_t bin)
{
	uint32_t shift = bin < 2 * STEPS ? 0 : (bin >> STEP_BITS) - 1;

	return (bin - (shift << STEP_BITS)) << shift;
}

static uint64_t ns_of(uint32_t ticks)
{
	return (uint64_t)ticks * 1000000000u / cp15_read_CNTFRQ();
}

static void note(uint32_t ticks)
{
	bins[bin_of(ticks)]++;
	sum += ticks;
	if (ticks < best)
		best = ticks;
	if (ticks > worst) {
		worst = ticks;
		worst_at = released;
	}
}

static void release(struct exception_frame *frame)
{
	uint64_t now = timer_read_virtual();
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if (iar != PLATFORM_INTID_TIMER_VIRTUAL || now < next) {
		strays++; /* and yet it is ended, unless it is none */
	} else {
		note((uint32_t)(now - next));
		released++;
		next += period_ticks;
		timer_start_virtual(next);
	}
	if ((iar & GIC_IAR_INTID) < 1020)
		gic_end(iar);
}

static void spin_until(uint64_t time)
{
	while (timer_read_virtual() < time)
		;
}

/* When this guest had the core again, after a while in which it had not. */
static uint64_t find_window(void)
{
	uint32_t gap = (uint32_t)timer_ticks_from_us(GAP_US);
	uint64_t before, now = timer_read_virtual();

	do {
		before = now;
		now = timer_read_virtual();
	} while (now - before < gap);
	return now;
}

static void print(uint32_t count)
{
	for (uint32_t bin = 0; bin < BINS; bin++)
		if (bins[bin])
			printf("control: %llu .. %llu ns: %lu\n", ns_of(least_of(bin)),
			       ns_of(least_of(bin + 1)), bins[bin]);
	printf("control: %lu releases, latency %llu ns at best, %llu on average, %llu at worst "
	       "(%lu), %lu strays\n",
	       count, ns_of(best), ns_of((uint32_t)(sum / count)), ns_of(worst), worst_at, strays);
}

int main(void)
{
	uint32_t count = devicetree_argument("count", 10000);
	uint32_t into = devicetree_argument("into", 0);

	period_ticks = (uint32_t)timer_ticks_from_us(devicetree_argument("period", 1000));
	exception_set_handler(EXCEPTION_IRQ, release);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	printf("control: %lu releases, one every %lu ticks\n", count, period_ticks);
	next = timer_read_virtual() + timer_ticks_from_us(devicetree_argument("from", 0));
	if (into != 0) {
		spin_until(next);
		next = find_window() + timer_ticks_from_us(into);
	}
	next += period_ticks;
	timer_start_virtual(next);
	while (released < count) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_disable_interrupts();
	}
	timer_stop_virtual();
	print(count);
	return 0;
}
