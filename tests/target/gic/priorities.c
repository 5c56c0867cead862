// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who may come before whom: priorities, mask, binary point, preemption, groups.
 * IHI 0048B, 3.3 and 4.4.1 to 4.4.6.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "tests/target/gic/log.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void set_up(void)
{
	log_reset();
	for (uint32_t intid = FIRST_SPI; intid <= LAST_SPI; intid++)
		gic_enable_interrupt(intid);
}

/* ---- The mask ---- */

static void test_mask(void)
{
	set_up();
	for (uint32_t mask = 0; mask <= 0xf8; mask += 8) {
		gicc_write(GICC_PMR, mask);
		check_equal("GICC_PMR", gicc_read(GICC_PMR), mask, ALL);
		gic_set_priority(50, 0x80);
		gic_set_pending(50);
		/* Only a priority above the mask passes (3.3.1). */
		if (mask > 0x80)
			log_expect_one("above the mask", 50);
		else
			log_expect_none("not above the mask");
		gicd_set_bit(GICD_ICPENDR, 50);
	}
	gicc_write(GICC_PMR, 0xff);
	check_equal("GICC_PMR: five bits", gicc_read(GICC_PMR), 0xf8, 0xf8);
}

/* ---- Nesting: each handler lets the next one in ---- */

#define DEPTH 8u

static uint32_t depth;
static uint32_t deepest;

static void descend(uint32_t intid)
{
	char text[80];
	uint32_t mine = depth++;

	if (depth > deepest)
		deepest = depth;
	/* All that have been entered are active, list register or not. */
	for (uint32_t i = 0; i <= mine; i++) {
		snprintf(text, sizeof(text), "nested %lu deep: number %lu is active", mine, i);
		check_equal(text, gicd_bit(GICD_ISACTIVER, FIRST_SPI + i), 1, ALL);
	}
	snprintf(text, sizeof(text), "nested %lu deep: GICC_RPR", mine);
	check_equal(text, gicc_read(GICC_RPR), 0xe0 - 0x18 * mine, PRIORITY);
	if (mine + 1 < DEPTH)
		gic_set_pending(intid + 1);
	__asm__ volatile("cpsie i\n\tisb\n\tcpsid i" ::: "memory");
	snprintf(text, sizeof(text), "nested %lu deep: GICC_RPR on the way back", mine);
	check_equal(text, gicc_read(GICC_RPR), 0xe0 - 0x18 * mine, PRIORITY);
	depth--;
}

static void test_nesting(void)
{
	uint32_t expected[DEPTH];

	set_up();
	for (uint32_t i = 0; i < DEPTH; i++) {
		gic_set_priority(FIRST_SPI + i, (uint8_t)(0xe0 - 0x18 * i));
		expected[i] = FIRST_SPI + i;
	}
	deepest = 0;
	log_inside = descend;
	gic_set_pending(FIRST_SPI);
	log_expect("nested", expected, DEPTH);
	check_equal("nested: how deep", deepest, DEPTH, ALL);
	check_equal("nested: nothing is active any more", gicd_read(GICD_ISACTIVER + 4), 0, ALL);
	check_equal("nested: GICC_RPR, idle", gicc_read(GICC_RPR), 0xf8, 0xf8);
	log_inside = NULL;
	/* And again, for nothing must be left over. */
	gic_set_pending(FIRST_SPI);
	log_expect_one("after nesting", FIRST_SPI);
}

/* ---- The binary point ---- */

static uint32_t second_priority;

static void pend_second(uint32_t intid)
{
	if (intid != 50)
		return;
	gic_set_priority(51, (uint8_t)second_priority);
	gic_set_pending(51);
	__asm__ volatile("cpsie i\n\tisb\n\tcpsid i" ::: "memory");
	/* Not in between: the log has it behind us if it did not preempt. */
	second_priority = log_count;
}

static void check_preemption(uint32_t point, uint32_t second, bool preempts)
{
	static const uint32_t both[] = { 50, 51 };
	char text[80];

	set_up();
	gicc_write(GICC_BPR, point);
	gic_set_priority(50, 0xa8);
	second_priority = second;
	log_inside = pend_second;
	gic_set_pending(50);
	snprintf(text, sizeof(text), "GICC_BPR %lu: priority 0x%02lx in the handler of 0xa8", point,
		 second);
	log_expect(text, both, 2);
	check_equal(text, second_priority, preempts ? 2 : 1, ALL);
	log_inside = NULL;
}

/* With point n, bits [7:n+1] are those that count for preemption (3.3.3). */
static void test_binary_point(void)
{
	static const uint8_t seconds[] = { 0x28, 0x60, 0x88, 0x90, 0xa0, 0xa8, 0xb0 };

	for (uint32_t point = 2; point <= 7; point++) {
		for (uint32_t i = 0; i < COUNT(seconds); i++) {
			uint32_t mask = 0xff << (point + 1) & 0xff;

			check_preemption(point, seconds[i], (seconds[i] & mask) < (0xa8 & mask));
		}
	}
	gicc_write(GICC_BPR, 0);
	check_that("GICC_BPR has a minimum", gicc_read(GICC_BPR) <= 2);
}

void test_priorities(void)
{
	test_mask();
	test_nesting();
	test_binary_point();
}

/* ---- Groups ---- */

#define GROUP0_SPI 52u
#define GROUP1_SPI 53u

static void pend_both(void)
{
	gic_set_pending(GROUP0_SPI);
	gic_set_pending(GROUP1_SPI);
}

static void set_up_groups(uint32_t distributor, uint32_t interface)
{
	set_up();
	gicd_set_bit(GICD_IGROUPR, GROUP1_SPI);
	gicd_write(GICD_CTLR, distributor);
	gicc_write(GICC_CTLR, interface);
	pend_both();
}

static void test_group_enables(void)
{
	static const uint32_t both[] = { GROUP0_SPI, GROUP1_SPI };

	set_up_groups(1, GICC_CTLR_GRP0 | GICC_CTLR_GRP1 | GICC_CTLR_ACKCTL);
	log_expect_one("GICD_CTLR 1", GROUP0_SPI);
	gicd_write(GICD_CTLR, 2);
	log_expect_one("GICD_CTLR 2", GROUP1_SPI);
	/* What the distributor doesn't forward is in nobody's way (QEMU's is). */
	if (devicetree_argument("guest", 0)) {
		pend_both();
		log_expect_one("GICD_CTLR 2, both pending", GROUP1_SPI);
		gicd_write(GICD_CTLR, 3);
		log_expect_one("GICD_CTLR 3", GROUP0_SPI);
	}
	gicd_write(GICD_CTLR, 3);
	pend_both();
	log_expect("GICD_CTLR 3, both pending", both, 2);

	set_up_groups(3, GICC_CTLR_GRP0);
	log_expect_one("GICC_CTLR.EnableGrp0", GROUP0_SPI);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP1 | GICC_CTLR_ACKCTL);
	log_expect_one("GICC_CTLR.EnableGrp1", GROUP1_SPI);
	/* Without AckCtl, IAR tells of group 1 by 1022, and leaves it pending (4.4.4). */
	set_up_groups(3, GICC_CTLR_GRP1);
	gicd_set_bit(GICD_ICPENDR, GROUP0_SPI);
	check_equal("GICC_IAR of group 1", gic_acknowledge(), 1022, ALL);
	check_equal("GICC_HPPIR of group 1", gicc_read(GICC_HPPIR), 1022, ALL);
	check_equal("group 1 after 1022", gicd_bit(GICD_ISPENDR, GROUP1_SPI), 1, ALL);
}

/* FIQEn: group 0 comes as FIQ, group 1 as IRQ (2.3.1). */
static void test_fiq(void)
{
	set_up_groups(3, GICC_CTLR_GRP0 | GICC_CTLR_GRP1 | GICC_CTLR_ACKCTL | GICC_CTLR_FIQEN);
	check_equal("FIQEn: how many come", log_collect(), 2, ALL);
	for (uint32_t i = 0; i < 2 && i < log_count; i++) {
		bool is_group0 = log_entries[i].iar == GROUP0_SPI;

		check_that("FIQEn: group 0 as FIQ, group 1 as IRQ",
			   log_entries[i].is_fiq == is_group0);
	}
	gic_set_pending(GROUP0_SPI);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0 | GICC_CTLR_GRP1 | GICC_CTLR_ACKCTL);
	log_expect_one("FIQEn off: group 0", GROUP0_SPI);
	check_that("FIQEn off: group 0 as IRQ", !log_entries[0].is_fiq);
}

/* The group can change while it is pending, and in a handler. */
static void test_group_change(void)
{
	set_up_groups(3, GICC_CTLR_GRP0);
	/* The first in rank counts, be its group enabled in the interface or not. */
	gic_set_priority(GROUP1_SPI, 0x80);
	log_expect_none("behind one of a disabled group");
	gicd_write(GICD_IGROUPR + 4, 1u << (GROUP0_SPI - 32));
	log_expect_one("groups swapped while pending", GROUP1_SPI);
	gicd_write(GICD_IGROUPR + 4, 0);
	log_expect_one("group 0 again", GROUP0_SPI);
}

void test_groups(void)
{
	test_group_enables();
	test_fiq();
	test_group_change();
	log_reset();
}
