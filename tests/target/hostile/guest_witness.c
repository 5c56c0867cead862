// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hostile guest's neighbour: has a pattern in all of its spare memory, a timer
 * that fires each millisecond, and a numbered line each 100 ticks. It checks that the
 * pattern holds, that ticks come in time, one for each, and its own distributor's
 * settings. The test sees that no line is missing or broken. (Its registers are
 * watched by another neighbour, the register guest.)
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define TICK_US       1000u
#define TICKS_A_LINE  100u
#define PATTERN       ((volatile uint32_t *)0x40280000)
#define PATTERN_WORDS (0x180000u / 4)
#define WORDS_A_TICK  1024u /* so that all is looked at each 384 ticks */
#define ENABLES       (1u << (41 - 32) | 1u << (50 - 32))

static volatile uint32_t ticks;
static volatile uint32_t spurious;
static uint64_t next;
static uint32_t latest_us;

static void take_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if (iar != PLATFORM_INTID_TIMER_VIRTUAL) {
		spurious++;
		if ((iar & GIC_IAR_INTID) < 1020)
			gic_end(iar);
		return;
	}
	uint32_t late_us = timer_us_from_ticks(timer_read_virtual() - next);

	if (late_us > latest_us)
		latest_us = late_us;
	ticks++;
	next += timer_ticks_from_us(TICK_US);
	timer_start_virtual(next);
	gic_end(iar);
}

static uint32_t pattern_at(uint32_t word)
{
	uint32_t x = word * 0x9e3779b9u;

	return x ^ x >> 15;
}

/* Some words of the pattern, from where it was left. */
static void check_pattern(void)
{
	static uint32_t word;

	for (uint32_t i = 0; i < WORDS_A_TICK; i++, word = (word + 1) % PATTERN_WORDS)
		if (PATTERN[word] != pattern_at(word)) {
			printf("witness: FAILED: 0x%08lx at %p, expected 0x%08lx\n", PATTERN[word],
			       (void *)&PATTERN[word], pattern_at(word));
			PATTERN[word] = pattern_at(word);
		}
}

static void check_distributor(void)
{
	uint32_t enables = mmio_read32(PLATFORM_GICD + GICD_ISENABLER + 4);
	uint32_t priority = mmio_read8(PLATFORM_GICD + GICD_IPRIORITYR + 50);
	uint32_t pending = mmio_read32(PLATFORM_GICD + GICD_ISPENDR + 4);

	if (enables != ENABLES || priority != 0x58 || pending != 0)
		printf("witness: FAILED: enables 0x%lx, priority 0x%lx, pending 0x%lx\n", enables,
		       priority, pending);
}

static void set_up(void)
{
	for (uint32_t word = 0; word < PATTERN_WORDS; word++)
		PATTERN[word] = pattern_at(word);
	exception_set_handler(EXCEPTION_IRQ, take_interrupt);
	gic_enable();
	mmio_write32(PLATFORM_GICD + GICD_ISENABLER + 4, ENABLES);
	gic_set_priority(50, 0x58);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	next = timer_read_virtual() + timer_ticks_from_us(TICK_US);
	timer_start_virtual(next);
	cpu_enable_interrupts();
}

int main(void)
{
	uint32_t seen = 0;

	set_up();
	for (uint32_t line = 1;; line++) {
		while (seen < line * TICKS_A_LINE) {
			cpu_disable_interrupts();
			if (ticks == seen)
				cpu_wait_for_interrupt();
			cpu_enable_interrupts();
			cpu_instruction_barrier();
			if (ticks == seen)
				continue;
			seen = ticks;
			check_pattern();
			check_distributor();
		}
		printf("witness: line %lu, latest %lu us, %lu spurious\n", line, latest_us,
		       spurious);
		latest_us = 0;
	}
}
