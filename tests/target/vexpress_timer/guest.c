// SPDX-License-Identifier: BSD-2-Clause
/*
 * A dual timer of the board's own for a VM with real-time needs: each tick of it is one
 * interrupt, counted against the device's own time. The line is a level: it is watched
 * while the guest disables the interrupt, masks the device, ends late, and restarts with
 * it pending and active. Boot argument `ticks`.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"
#include "tests/target/vexpress_timer/dual.h"
#include "tests/target/vexpress_timer/ear.h"

#define ALL       0xffffffffu
#define PERIOD_US 20u
#define ROUNDS    40u
#define AGAIN_MS  50u

static bool gicd_bit(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICD + offset + DUAL_INTID / 32 * 4) >> DUAL_INTID % 32 & 1;
}

static void check_pending(const char *what)
{
	check_equal(what, gicd_bit(GICD_ISPENDR), dual_is_heard(), ALL);
}

/* Every period has its interrupt, and no interrupt is without one. */
static void count_ticks(uint32_t ticks)
{
	uint32_t first = ear_came, periods;

	ear_set_action(ear_clear);
	dual_count_start();
	dual_start_periodic(PERIOD_US);
	while (ear_came - first < ticks)
		cpu_wait_for_interrupt();
	cpu_disable_interrupts();
	dual_stop();
	periods = dual_count() / PERIOD_US;
	cpu_enable_interrupts();
	printf("timer: %lu interrupts in %lu periods\n", ear_came - first, periods);
	check_that("as many interrupts as periods", periods - (ear_came - first) <= 1);
	dual_clear();
	ear_expect_none("a timer that was stopped");
}

static bool leave(uint32_t iar)
{
	(void)iar;
	return false;
}

static bool leave_once(uint32_t iar)
{
	ear_set_action(ear_clear);
	return leave(iar);
}

static bool disable(uint32_t iar)
{
	(void)iar;
	gic_disable_interrupt(DUAL_INTID);
	return false;
}

static bool mask(uint32_t iar)
{
	(void)iar;
	dual_mask(true);
	return false;
}

static bool deactivate_by_distributor(uint32_t iar)
{
	dual_clear();
	mmio_write32(PLATFORM_GICD + GICD_ICACTIVER + DUAL_INTID / 32 * 4, 1u << DUAL_INTID % 32);
	return leave(iar);
}

static volatile uint32_t dropped;

static bool drop_only(uint32_t iar)
{
	dropped = iar;
	return false;
}

/* Pending, and then disabled: what the line says when it is enabled again counts. */
static void check_disabled(uint32_t delay_us)
{
	ear_set_action(ear_clear);
	gic_disable_interrupt(DUAL_INTID);
	dual_start_once(delay_us);
	dual_wait_raised();
	check_pending("disabled, and the line is high");
	dual_clear();
	check_pending("disabled, and the line is low again");
	gic_enable_interrupt(DUAL_INTID);
	ear_expect_none("one that went away while disabled");

	gic_disable_interrupt(DUAL_INTID);
	dual_start_once(delay_us);
	dual_wait_raised();
	ear_expect_none("one that is disabled");
	gic_enable_interrupt(DUAL_INTID);
	check_that("one that stayed while disabled", !dual_is_raised());
}

/* Disabled by its own handler, the line still high. */
static void check_disabled_while_active(uint32_t delay_us)
{
	ear_set_action(disable);
	dual_start_once(delay_us);
	ear_expect_one("one that its handler disables");
	check_equal("ended while disabled", gicd_bit(GICD_ISACTIVER), 0, ALL);
	ear_set_action(ear_clear);
	ear_expect_none("a high line, disabled");
	gic_enable_interrupt(DUAL_INTID);
	check_that("a high line, enabled again", !dual_is_raised());
}

static void check_masked_while_active(uint32_t delay_us)
{
	ear_set_action(mask);
	dual_start_once(delay_us);
	ear_expect_one("one that is masked at the device by its handler");
	ear_expect_none("masked at the device");
	check_pending("masked at the device");
	ear_set_action(ear_clear);
	dual_mask(false);
	check_that("unmasked at the device", !dual_is_raised());
}

/* A line that is high at the end of its interrupt asks again, with no other interrupt to
 * help it: nobody sleeps meanwhile. */
static void check_left_high(uint32_t delay_us)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(AGAIN_MS);
	uint32_t before = ear_came;

	ear_set_action(leave_once);
	dual_start_once(delay_us);
	while (ear_came < before + 2 && timer_read_virtual() < end)
		;
	check_equal("a line left high comes again", ear_came, before + 2, ALL);
	ear_expect_none("and then no more");
}

static void check_deactivated(uint32_t delay_us)
{
	ear_set_action(deactivate_by_distributor);
	dual_start_once(delay_us);
	ear_expect_one("one that is deactivated by the distributor");
	ear_set_action(ear_clear);
	dual_start_once(delay_us);
	ear_expect_one("the next after it");

	gic_split_end(true);
	ear_set_action(drop_only);
	dual_start_once(delay_us);
	ear_expect_one("one that is ended in two steps");
	ear_expect_none("between the two, the line high");
	check_equal("active between the two", gicd_bit(GICD_ISACTIVER), 1, ALL);
	dual_clear();
	gic_deactivate(dropped);
	ear_expect_none("ended in two steps, the line low");
	gic_split_end(false);
	ear_set_action(ear_clear);
	dual_start_once(delay_us);
	ear_expect_one("the next after it");
}

static void check_forms(void)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t delay_us = 1 + i * 7 % 50;

		check_disabled(delay_us);
		check_disabled_while_active(delay_us);
		check_masked_while_active(delay_us);
		check_deactivated(delay_us);
		check_equal("strange ones", ear_strange, 0, ALL);
	}
	for (uint32_t i = 0; i < ROUNDS / 8; i++)
		check_left_high(1 + i * 7);
}

/* ---- One life after the other ---------------------------------------------------- */

static volatile uint32_t held;

/* Active, and the handler does not come back. */
static bool hold(uint32_t iar)
{
	held = iar;
	return true;
}

static bool hold_quiet(uint32_t iar)
{
	dual_clear();
	return hold(iar);
}

static bool hold_dropped(uint32_t iar)
{
	gic_end(iar);
	return hold(iar);
}

static void take_and(ear_action how)
{
	ear_set_action(how);
	dual_start_once(10);
	ear_expect_one("the last one of a life");
}

static void leave_active(void)
{
	take_and(hold);
}

static void leave_active_quiet(void)
{
	take_and(hold_quiet);
}

static void leave_split(void)
{
	gic_split_end(true);
	take_and(hold_dropped);
}

static void leave_pending(void)
{
	cpu_disable_interrupts();
	dual_start_once(10);
	dual_wait_raised();
}

static void leave_disabled(void)
{
	gic_disable_interrupt(DUAL_INTID);
	leave_pending();
}

static void leave_ticking(void)
{
	dual_start_periodic(PERIOD_US);
}

static void (*const ends[])(void) = {
	leave_active, leave_active_quiet, leave_split, leave_pending, leave_disabled, leave_ticking,
};

/* What the line says when a life begins is all that is left of the one before. */
static void check_beginning(void)
{
	dual_stop();
	check_pending("at the beginning of a life");
	check_equal("active at the beginning of a life", gicd_bit(GICD_ISACTIVER), 0, ALL);
	if (dual_is_raised())
		dual_mask(false);
	check_pending("the old line, heard again");
	ear_open();
	check_that("the old one", !dual_is_raised());
	ear_expect_none("more than that");
}

int main(void)
{
	uint32_t life = dual_life();

	check_begin("timer");
	check_beginning();
	if (life == 0)
		check_forms();
	count_ticks(life == 0 ? devicetree_argument("ticks", 1000) : 1000);
	check_equal("strange ones", ear_strange, 0, ALL);
	if (life < sizeof(ends) / sizeof(ends[0])) {
		ends[life]();
		check_end();
		dual_set_life(life + 1);
		psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	}
	return check_end();
}
