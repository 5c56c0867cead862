// SPDX-License-Identifier: BSD-2-Clause
/*
 * More interrupts than there are list registers: pending, active, and both; and SGIs.
 * IHI 0048B, 3.3 (order), 4.3.15 to 4.3.17 (SGIs), 5.2 (what a hypervisor does).
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "tests/target/gic/log.h"

#define SPIS (LAST_SPI - FIRST_SPI + 1)

static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % limit;
}

static void set_up(void)
{
	log_reset();
	for (uint32_t intid = FIRST_SPI; intid <= LAST_SPI; intid++)
		gic_enable_interrupt(intid);
}

/* A permutation of all SPIs: the order in which they have to come. */
static void shuffle(uint32_t *order)
{
	for (uint32_t i = 0; i < SPIS; i++) {
		uint32_t other = random_below(i + 1);

		order[i] = order[other];
		order[other] = FIRST_SPI + i;
	}
}

static void test_distinct(void)
{
	uint32_t order[SPIS];

	for (uint32_t round = 0; round < 20; round++) {
		seed = 0x1234567u + round;
		shuffle(order);
		set_up();
		for (uint32_t i = 0; i < SPIS; i++)
			gic_set_priority(order[i], (uint8_t)(8 * i + 8));
		gicd_write(GICD_ISPENDR + 4, 0xffffff00); /* all at once */
		log_expect("24 at once, each with its priority", order, SPIS);
		for (uint32_t i = 0; i < SPIS; i++)
			gic_set_pending(FIRST_SPI + (i * 7 + round) % SPIS); /* one by one */
		log_expect("24 one by one, each with its priority", order, SPIS);
	}
}

static void test_equal(void)
{
	uint32_t order[SPIS];

	set_up();
	for (uint32_t i = 0; i < SPIS; i++) {
		order[i] = FIRST_SPI + i;
		gic_set_pending(LAST_SPI - i);
	}
	log_expect("24 of one priority: by number", order, SPIS);
}

/* Changes while all are pending: priorities turned round, every third disabled. */
static void test_changes(void)
{
	uint32_t order[SPIS];
	uint32_t count = 0;

	set_up();
	for (uint32_t i = 0; i < SPIS; i++)
		gic_set_priority(FIRST_SPI + i, (uint8_t)(8 * i + 8));
	gicd_write(GICD_ISPENDR + 4, 0xffffff00);
	for (uint32_t i = 0; i < SPIS; i++)
		gic_set_priority(FIRST_SPI + i, (uint8_t)(8 * (SPIS - i)));
	for (uint32_t i = 0; i < SPIS; i++) {
		if (i % 3 == 0)
			gic_disable_interrupt(LAST_SPI - i);
		else if (i % 3 == 1)
			order[count++] = LAST_SPI - i;
		else
			gicd_set_bit(GICD_ICPENDR, LAST_SPI - i);
	}
	log_expect("priorities turned round while pending", order, count);
	for (uint32_t i = 0; i < SPIS; i++)
		gic_enable_interrupt(FIRST_SPI + i);
	count = 0;
	for (uint32_t i = 0; i < SPIS; i += 3)
		order[count++] = LAST_SPI - i;
	log_expect("those enabled late", order, count);
}

/* All of them active at once, by EOImode 1, then deactivated in another order. */
static void test_all_active(void)
{
	set_up();
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0 | GICC_CTLR_EOIMODE);
	gicd_write(GICD_ISPENDR + 4, 0xffffff00);
	for (uint32_t i = 0; i < SPIS; i++) {
		uint32_t iar = gic_acknowledge();

		check_equal("EOImode 1: GICC_IAR", iar, FIRST_SPI + i, ALL);
		gic_end(iar);
		check_equal("EOImode 1: all so far are active", gicd_read(GICD_ISACTIVER + 4),
			    ((2u << i) - 1) << 8, ALL);
	}
	check_equal("EOImode 1: nothing more", gic_acknowledge(), 1023, ALL);
	gicd_write(GICD_ISPENDR + 4, 0xffffff00);
	check_equal("EOImode 1: active ones don't come", gic_acknowledge(), 1023, ALL);
	for (uint32_t i = 0; i < SPIS; i++) {
		uint32_t intid = FIRST_SPI + i * 7 % SPIS, iar;
		char text[60];

		gic_deactivate(intid);
		snprintf(text, sizeof(text), "EOImode 1: deactivated %lu", intid);
		check_equal(text, gicd_bit(GICD_ISACTIVER, intid), 0, ALL);
		iar = gic_acknowledge();
		snprintf(text, sizeof(text), "EOImode 1: GICC_IAR after %lu was deactivated",
			 intid);
		check_equal(text, iar, intid, ALL);
		gic_end(iar);
		gic_deactivate(iar);
	}
	check_equal("EOImode 1: none is active", gicd_read(GICD_ISACTIVER + 4), 0, ALL);
	check_equal("EOImode 1: none is pending", gicd_read(GICD_ISPENDR + 4), 0, ALL);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0);
}

/* A handler that makes its own interrupt and all others pending again, once. */
static uint32_t again;

static void pend_again(uint32_t intid)
{
	if (again & 1u << (intid - 32))
		return;
	again |= 1u << (intid - 32);
	gic_set_pending(intid);
}

static void test_again(void)
{
	uint32_t order[2 * SPIS];

	set_up();
	again = 0;
	log_inside = pend_again;
	for (uint32_t i = 0; i < 2 * SPIS; i++)
		order[i] = FIRST_SPI + i / 2;
	gicd_write(GICD_ISPENDR + 4, 0xffffff00);
	log_expect("pending again in its own handler", order, 2 * SPIS);
	log_inside = NULL;
}

/* What was made active by hand keeps none from coming, and ends with no EOI. */
static void test_made_active(void)
{
	const uint32_t six = 0x3f00;

	set_up();
	gicd_write(GICD_ISACTIVER + 4, six);
	gic_set_pending(LAST_SPI);
	log_expect_one("one behind six that were made active", LAST_SPI);
	check_equal("made active: still so", gicd_read(GICD_ISACTIVER + 4), six, ALL);
	gicd_write(GICD_ICACTIVER + 4, six);
	check_equal("made inactive again", gicd_read(GICD_ISACTIVER + 4), 0, ALL);
}

void test_many(void)
{
	test_distinct();
	test_equal();
	test_changes();
	test_all_active();
	test_made_active();
	test_again();
	log_reset();
}

/* ---- SGIs ---- */

static uint32_t sgi_again;

static void send_again(uint32_t intid)
{
	if (sgi_again) {
		sgi_again--;
		gic_send_sgi(intid, GIC_SGI_SELF, 0);
	}
}

static void test_sgi_filters(void)
{
	for (uint32_t sgi = 0; sgi < 16; sgi++) {
		gic_send_sgi(sgi, GIC_SGI_SELF, 0xfe);
		log_expect_one("an SGI to itself", sgi);
		gic_send_sgi(sgi, GIC_SGI_LISTED, 0x81);
		log_expect_one("an SGI to a list with itself", sgi);
		gic_send_sgi(sgi, GIC_SGI_LISTED, 0xfe);
		log_expect_none("an SGI to others by a list");
		gic_send_sgi(sgi, GIC_SGI_LISTED, 0);
		log_expect_none("an SGI to an empty list");
		gic_send_sgi(sgi, GIC_SGI_OTHERS, 0xff);
		log_expect_none("an SGI to all others");
	}
}

void test_sgis(void)
{
	uint32_t order[16];

	log_reset();
	test_sgi_filters();
	gic_send_sgi(5, GIC_SGI_SELF, 0);
	gic_send_sgi(5, GIC_SGI_SELF, 0);
	log_expect_one("an SGI sent twice before it is taken", 5);
	sgi_again = 1;
	log_inside = send_again;
	gic_send_sgi(6, GIC_SGI_SELF, 0);
	order[0] = order[1] = 6;
	log_expect("an SGI sent in its own handler", order, 2);
	log_inside = NULL;

	for (uint32_t sgi = 0; sgi < 16; sgi++) {
		gic_set_priority(sgi, (uint8_t)(0xf0 - 8 * sgi));
		gic_send_sgi(sgi, GIC_SGI_SELF, 0);
		order[15 - sgi] = sgi;
	}
	check_equal("16 SGIs: GICD_ISPENDR0", gicd_read(GICD_ISPENDR), 0xffff, ALL);
	log_expect("16 SGIs by priority", order, 16);
	gic_send_sgi(3, GIC_SGI_SELF, 0);
	gicd_write(GICD_ICPENDR, ALL);
	check_equal("GICD_ICPENDR0 is not for SGIs", gicd_read(GICD_ISPENDR), 8, 0xffff);
	mmio_write8(PLATFORM_GICD + GICD_CPENDSGIR + 3, 1);
	log_expect_none("an SGI cleared by GICD_CPENDSGIR");
}
