// SPDX-License-Identifier: BSD-2-Clause
/*
 * See log.h.
 */
#include "tests/target/gic/log.h"

#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/timer.h"

uint32_t log_quiet_us = LOG_QUIET_US;

volatile uint32_t log_count;
struct log_entry log_entries[LOG_MAX];
void (*volatile log_inside)(uint32_t intid);

static void take(bool is_fiq)
{
	uint32_t iar = gic_acknowledge();
	uint32_t number = log_count;

	if (number < LOG_MAX)
		log_entries[number] = (struct log_entry){ iar, gicc_read(GICC_RPR), is_fiq };
	log_count = number + 1;
	if ((iar & GIC_IAR_INTID) >= 1020)
		return;
	if (log_inside)
		log_inside(iar & GIC_IAR_INTID);
	gic_end(iar);
}

static void take_irq(struct exception_frame *frame)
{
	(void)frame;
	take(false);
}

static void take_fiq(struct exception_frame *frame)
{
	(void)frame;
	take(true);
}

void log_init(void)
{
	exception_set_handler(EXCEPTION_IRQ, take_irq);
	exception_set_handler(EXCEPTION_FIQ, take_fiq);
}

uint32_t log_collect(void)
{
	uint64_t end;
	uint32_t seen;

	log_count = 0;
	__asm__ volatile("cpsie if" ::: "memory");
	do {
		seen = log_count;
		end = timer_read_virtual() + timer_ticks_from_us(log_quiet_us);
		while (timer_read_virtual() < end)
			;
	} while (log_count != seen && seen < LOG_MAX);
	__asm__ volatile("cpsid if" ::: "memory");
	return log_count;
}

void log_expect(const char *what, const uint32_t *intids, uint32_t count)
{
	char text[100];
	uint32_t came = log_collect();

	snprintf(text, sizeof(text), "%s: how many came", what);
	check_equal(text, came, count, ALL);
	for (uint32_t i = 0; i < count && i < came && i < LOG_MAX; i++) {
		snprintf(text, sizeof(text), "%s: number %lu", what, i + 1);
		check_equal(text, log_entries[i].iar, intids[i], ALL);
	}
}

void log_expect_one(const char *what, uint32_t intid)
{
	log_expect(what, &intid, 1);
}

void log_expect_none(const char *what)
{
	log_expect(what, NULL, 0);
}

void log_reset(void)
{
	log_inside = NULL;
	gicd_write(GICD_CTLR, 0);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0);
	gicc_write(GICC_BPR, 0);
	gicd_write(GICD_ICENABLER, 0xffff0000);
	for (uint32_t n = 0; n < 2; n++) {
		gicd_write(GICD_IGROUPR + 4 * n, 0);
		gicd_write(GICD_ICACTIVER + 4 * n, ALL);
	}
	gicd_write(GICD_ICENABLER + 4, ALL);
	gicd_write(GICD_ICPENDR + 4, ALL);
	for (uint32_t i = 0; i < 64; i += 4)
		gicd_write(GICD_IPRIORITYR + i, 0xa0a0a0a0);
	gicd_write(GICD_ICFGR + 8, 0);
	gicd_write(GICD_ICFGR + 12, 0);
	for (uint32_t intid = FIRST_SPI; intid <= LAST_SPI; intid++)
		gic_set_targets(intid, 1);
	gic_enable();
}
