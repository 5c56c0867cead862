// SPDX-License-Identifier: BSD-2-Clause
/*
 * The states of one interrupt: inactive, pending, active, both; by hand and by the
 * CPU interface, level and edge, disabled on the way, ended in one step or in two.
 * IHI 0048B, 3.2.1, 3.2.4 (the state machine), 4.3.7 to 4.3.10.
 */
#include <stdio.h>

#include "tests/target/gic/log.h"

#define SPI   45u
#define OTHER 46u

static const char *kind;

static void check(const char *what, uint32_t value, uint32_t expected)
{
	char text[100];

	snprintf(text, sizeof(text), "%s: %s", kind, what);
	check_equal(text, value, expected, ALL);
}

/* ISPENDR and ISACTIVER of the SPI. */
static void check_state(const char *what, uint32_t pending, uint32_t active)
{
	char text[60];

	snprintf(text, sizeof(text), "%s, pending", what);
	check(text, gicd_bit(GICD_ISPENDR, SPI), pending);
	snprintf(text, sizeof(text), "%s, active", what);
	check(text, gicd_bit(GICD_ISACTIVER, SPI), active);
}

static void pend(void)
{
	gicd_set_bit(GICD_ISPENDR, SPI);
}

/* Disabled after it was forwarded, with no other look at the distributor. */
static void check_withdrawn(void)
{
	pend();
	gic_disable_interrupt(SPI);
	check("GICC_IAR, disabled", gic_acknowledge(), 1023);
	gic_enable_interrupt(SPI);
	check("GICC_HPPIR, enabled again", gicc_read(GICC_HPPIR), SPI);
	gicd_set_bit(GICD_ICPENDR, SPI);
	check("GICC_IAR, cleared", gic_acknowledge(), 1023);
}

static void check_life(void)
{
	uint32_t iar;

	check_state("at first", 0, 0);
	check_withdrawn();
	pend();
	check_state("made pending", 1, 0);
	check("GICC_HPPIR", gicc_read(GICC_HPPIR), SPI);
	iar = gic_acknowledge();
	check("GICC_IAR", iar, SPI);
	check_state("acknowledged", 0, 1);
	check("GICC_IAR, nothing more", gic_acknowledge(), 1023);
	check("GICC_HPPIR, nothing more", gicc_read(GICC_HPPIR), 1023);
	check("GICC_RPR", gicc_read(GICC_RPR), 0xa0);
	pend();
	check_state("pending again", 1, 1);
	check("GICC_IAR while active", gic_acknowledge(), 1023);
	gic_end(iar);
	check_state("ended, pending", 1, 0);
	check("GICC_RPR, idle", gicc_read(GICC_RPR) & 0xf8, 0xf8);
	iar = gic_acknowledge();
	check("GICC_IAR once more", iar, SPI);
	pend();
	gicd_set_bit(GICD_ICPENDR, SPI);
	check_state("pending again, cleared", 0, 1);
	gic_end(iar);
	check_state("ended", 0, 0);
	check("GICC_IAR at the end", gic_acknowledge(), 1023);
}

static void check_disabling(void)
{
	uint32_t iar;

	pend();
	gic_disable_interrupt(SPI);
	check_state("disabled while pending", 1, 0);
	check("GICC_IAR, disabled", gic_acknowledge(), 1023);
	log_expect_none("disabled while pending");
	gic_enable_interrupt(SPI);
	log_expect_one("enabled while pending", SPI);
	pend();
	iar = gic_acknowledge();
	gic_disable_interrupt(SPI);
	check_state("disabled while active", 0, 1);
	pend();
	gic_end(iar);
	check_state("ended while disabled", 1, 0);
	log_expect_none("ended while disabled");
	gicd_set_bit(GICD_ICPENDR, SPI);
	gic_enable_interrupt(SPI);
	log_expect_none("made not pending, then enabled");
	/* The distributor itself. */
	pend();
	gicd_write(GICD_CTLR, 0);
	check("GICC_IAR, distributor off", gic_acknowledge(), 1023);
	log_expect_none("distributor off");
	check_state("distributor off", 1, 0);
	gicd_write(GICD_CTLR, 1);
	log_expect_one("distributor on again", SPI);
	/* The CPU interface. */
	pend();
	gicc_write(GICC_CTLR, 0);
	log_expect_none("interface off");
	check_state("interface off", 1, 0);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0);
	log_expect_one("interface on again", SPI);
}

/* Active by the distributor's registers alone. */
static void check_active_by_hand(void)
{
	uint32_t iar;

	gicd_set_bit(GICD_ISACTIVER, SPI);
	check_state("made active", 0, 1);
	pend();
	check_state("made active and pending", 1, 1);
	log_expect_none("made active and pending");
	gicd_set_bit(GICD_ICACTIVER, SPI);
	check_state("made inactive", 1, 0);
	log_expect_one("made inactive", SPI);
	check_state("served", 0, 0);

	/* Deactivated behind the CPU interface's back: the priority stays. */
	pend();
	iar = gic_acknowledge();
	gicd_set_bit(GICD_ICACTIVER, SPI);
	check_state("deactivated in its handler", 0, 0);
	check("GICC_RPR of a deactivated one", gicc_read(GICC_RPR), 0xa0);
	pend();
	check("GICC_IAR: no higher than the running", gic_acknowledge(), 1023);
	gic_end(iar);
	check("GICC_RPR after its end", gicc_read(GICC_RPR) & 0xf8, 0xf8);
	log_expect_one("pending while deactivated", SPI);
}

static void check_split(void)
{
	uint32_t first, second;

	gicc_write(GICC_CTLR, GICC_CTLR_GRP0 | GICC_CTLR_EOIMODE);
	pend();
	first = gic_acknowledge();
	gic_end(first);
	check_state("priority dropped", 0, 1);
	check("GICC_RPR, dropped", gicc_read(GICC_RPR) & 0xf8, 0xf8);
	pend();
	check("GICC_IAR of an active one", gic_acknowledge(), 1023);
	/* Another of the same priority may come, and they may end in any order. */
	gicd_set_bit(GICD_ISPENDR, OTHER);
	second = gic_acknowledge();
	check("GICC_IAR of another", second, OTHER);
	gic_end(second);
	gic_deactivate(first);
	check_state("deactivated, pending", 1, 0);
	check("the other's active bit", gicd_bit(GICD_ISACTIVER, OTHER), 1);
	first = gic_acknowledge();
	check("GICC_IAR, again", first, SPI);
	gic_deactivate(second);
	check("the other's active bit, deactivated", gicd_bit(GICD_ISACTIVER, OTHER), 0);
	gic_end(first);
	check_state("priority dropped again", 0, 1);
	gicd_set_bit(GICD_ICACTIVER, SPI);
	check_state("deactivated by GICD_ICACTIVER", 0, 0);
	pend();
	first = gic_acknowledge();
	check("GICC_IAR after GICD_ICACTIVER", first, SPI);
	gic_end(first);
	gic_deactivate(first);
	check_state("at the end", 0, 0);
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0);
}

/* An end that nobody waits for does no harm. */
static void check_idle_ends(void)
{
	gic_end(1023);
	check("GICC_RPR after an end of nothing", gicc_read(GICC_RPR) & 0xf8, 0xf8);
	pend();
	gic_end(1023);
	check_state("after an end of 1023", 1, 0);
	log_expect_one("after an end of 1023", SPI);
}

void test_states(void)
{
	for (uint32_t edge = 0; edge < 2; edge++) {
		kind = edge ? "edge" : "level";
		log_reset();
		gicd_write(GICD_ICFGR + 8, edge ? ALL : 0);
		gic_enable_interrupt(SPI);
		gic_enable_interrupt(OTHER);
		check_life();
		check_disabling();
		check_active_by_hand();
		check_split();
		check_idle_ends();
	}
}
