// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual timer's interrupt, which hypervisors link to the hardware's: disabled,
 * deactivated, made pending and ended in every state that it can be in. A level: it
 * is pending as long as the timer says so (IHI 0048B, 3.2.4; ARM ARM DDI 0406C, B8.1.5).
 */
#include "guests/lib/timer.h"
#include "tests/target/gic/log.h"

#define TIMER PLATFORM_INTID_TIMER_VIRTUAL

static void fire(void)
{
	timer_start_virtual(timer_read_virtual());
}

/* A level takes its time to reach the distributor. */
static void wait_pending(uint32_t expected, const char *what)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(20000);

	while (gicd_bit(GICD_ISPENDR, TIMER) != expected && timer_read_virtual() < end)
		;
	check_equal(what, gicd_bit(GICD_ISPENDR, TIMER), expected, ALL);
}

static void stop_in_handler(uint32_t intid)
{
	if (intid == TIMER)
		timer_stop_virtual();
}

static void check_works(const char *what)
{
	log_inside = stop_in_handler;
	fire();
	log_expect_one(what, TIMER);
	log_inside = NULL;
	check_equal(what, gicd_bit(GICD_ISACTIVER, TIMER), 0, ALL);
}

static void set_up(void)
{
	log_reset();
	timer_stop_virtual();
	gic_enable_interrupt(TIMER);
}

static void test_withdrawn(void)
{
	set_up();
	fire();
	wait_pending(1, "timer: pending");
	timer_stop_virtual();
	wait_pending(0, "timer: withdrawn");
	log_expect_none("timer: withdrawn before it was taken");
	check_works("timer: after being withdrawn");
	gic_disable_interrupt(TIMER);
	fire();
	log_expect_none("timer: disabled");
	wait_pending(1, "timer: pending while disabled");
	timer_stop_virtual();
	gic_enable_interrupt(TIMER);
	log_expect_none("timer: withdrawn while disabled");
	check_works("timer: after being withdrawn while disabled");
}

/* The commonest bug of hypervisors. */
static void test_disabled_while_active(void)
{
	uint32_t iar;

	set_up();
	fire();
	wait_pending(1, "timer: pending");
	iar = gic_acknowledge();
	check_equal("timer: GICC_IAR", iar, TIMER, ALL);
	gic_disable_interrupt(TIMER);
	check_equal("timer: disabled, still active", gicd_bit(GICD_ISACTIVER, TIMER), 1, ALL);
	timer_stop_virtual();
	gic_end(iar);
	check_equal("timer: ended while disabled", gicd_bit(GICD_ISACTIVER, TIMER), 0, ALL);
	fire();
	log_expect_none("timer: disabled");
	log_inside = stop_in_handler;
	gic_enable_interrupt(TIMER);
	log_expect_one("timer: enabled again while it asks", TIMER);
	check_works("timer: after that");
}

static void test_deactivated(void)
{
	uint32_t iar;

	set_up();
	fire();
	wait_pending(1, "timer: pending");
	iar = gic_acknowledge();
	gicd_set_bit(GICD_ICACTIVER, TIMER);
	check_equal("timer: deactivated in its handler", gicd_bit(GICD_ISACTIVER, TIMER), 0, ALL);
	wait_pending(1, "timer: still asks");
	timer_stop_virtual();
	wait_pending(0, "timer: stopped");
	gic_end(iar);
	log_expect_none("timer: deactivated, stopped, ended");
	check_works("timer: after being deactivated");
	/* Never ended by the interface, but by the distributor. */
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0 | GICC_CTLR_EOIMODE);
	for (uint32_t i = 0; i < 10; i++) {
		fire();
		wait_pending(1, "timer: pending, EOImode 1");
		iar = gic_acknowledge();
		check_equal("timer: GICC_IAR, EOImode 1", iar, TIMER, ALL);
		timer_stop_virtual();
		gic_end(iar);
		check_equal("timer: active, EOImode 1", gicd_bit(GICD_ISACTIVER, TIMER), 1, ALL);
		if (i % 2)
			gic_deactivate(iar);
		else
			gicd_set_bit(GICD_ICACTIVER, TIMER);
	}
	gicc_write(GICC_CTLR, GICC_CTLR_GRP0);
	check_works("timer: after EOImode 1");
}

/* The timer goes on asking: it comes again after each end. */
static uint32_t turns;

static void stop_at_last(uint32_t intid)
{
	if (intid == TIMER && --turns == 0)
		timer_stop_virtual();
}

/* QEMU's GIC looks at a line that is high again at a virtual EOI only when some other
 * line changes: the hypervisor sees to one within 34 ms (board: eoi-is-deaf). */
#define DEAF_US 40000u

static void test_level(void)
{
	static const uint32_t five[] = { TIMER, TIMER, TIMER, TIMER, TIMER };

	set_up();
	turns = 5;
	log_inside = stop_at_last;
	log_quiet_us = DEAF_US;
	fire();
	log_expect("timer: a level that stays", five, 5);
	log_quiet_us = LOG_QUIET_US;
	log_inside = NULL;
}

/* By hand, without and with the timer. */
static void test_by_hand(void)
{
	uint32_t iar;

	set_up();
	gic_set_pending(TIMER);
	check_equal("timer: made pending by hand", gicd_bit(GICD_ISPENDR, TIMER), 1, ALL);
	log_expect_one("timer: by hand", TIMER);
	gic_set_pending(TIMER);
	gicd_set_bit(GICD_ICPENDR, TIMER);
	log_expect_none("timer: by hand, and cleared");
	check_works("timer: after being pending by hand");

	fire();
	wait_pending(1, "timer: pending");
	iar = gic_acknowledge();
	timer_stop_virtual();
	gic_set_pending(TIMER);
	check_equal("timer: active, pending by hand", gicd_bit(GICD_ISPENDR, TIMER), 1, ALL);
	gic_end(iar);
	log_expect_one("timer: pending by hand while active", TIMER);
	gicd_set_bit(GICD_ISACTIVER, TIMER);
	fire();
	log_expect_none("timer: active by hand");
	timer_stop_virtual();
	gicd_set_bit(GICD_ICACTIVER, TIMER);
	log_expect_none("timer: active by hand, withdrawn");
	check_works("timer: after being active by hand");
}

/* With all list registers taken. */
static void test_crowded(void)
{
	uint32_t expected[LAST_SPI - FIRST_SPI + 2];
	uint32_t count = 0;

	set_up();
	for (uint32_t intid = FIRST_SPI; intid <= LAST_SPI; intid++) {
		gic_enable_interrupt(intid);
		gic_set_priority(intid, (uint8_t)(intid < 50 ? 0x40 : 0xc0));
	}
	fire();
	gicd_write(GICD_ISPENDR + 4, 0xffffff00);
	wait_pending(1, "timer: pending in a crowd");
	for (uint32_t intid = FIRST_SPI; intid < 50; intid++)
		expected[count++] = intid;
	expected[count++] = TIMER;
	for (uint32_t intid = 50; intid <= LAST_SPI; intid++)
		expected[count++] = intid;
	log_inside = stop_in_handler;
	log_expect("timer: in the midst of a crowd", expected, count);
	check_works("timer: after the crowd");
	log_inside = NULL;
}

void test_linked(void)
{
	test_withdrawn();
	test_disabled_while_active();
	test_deactivated();
	test_level();
	test_by_hand();
	test_crowded();
	timer_stop_virtual();
	log_reset();
}
