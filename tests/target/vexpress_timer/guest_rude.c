// SPDX-License-Identifier: BSD-2-Clause
/*
 * Treats a passed-through interrupt badly, one form a life, and sleeps then: of its core
 * the witness is to have the rest. Each life begins with the interrupt as a new guest has
 * to find it.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/gic.h"
#include "guests/lib/psci.h"
#include "tests/target/vexpress_timer/dual.h"
#include "tests/target/vexpress_timer/ear.h"

#define PERIOD_US 20u
#define FORM_US   120000u
#define ALIVE     5u

static bool no_end(uint32_t iar)
{
	(void)iar;
	return true;
}

static bool no_deactivation(uint32_t iar)
{
	gic_end(iar);
	return true;
}

static bool mask_without_end(uint32_t iar)
{
	(void)iar;
	dual_mask(true);
	return true;
}

static bool leave_high(uint32_t iar)
{
	(void)iar;
	return false;
}

static bool disable_without_end(uint32_t iar)
{
	(void)iar;
	gic_disable_interrupt(DUAL_INTID);
	return true;
}

static const struct {
	const char *name;
	ear_action action; /* NULL: it is disabled from the start */
	bool is_split;
} forms[] = {
	{ .name = "never ends", .action = no_end },
	{ .name = "never deactivates", .action = no_deactivation, .is_split = true },
	{ .name = "masks the device", .action = mask_without_end },
	{ .name = "leaves the line high", .action = leave_high },
	{ .name = "disables while active", .action = disable_without_end },
	{ .name = "never enables" },
};

/* Another VM's slice may lie between two of them. */
static void check_alive(void)
{
	ear_set_action(ear_clear);
	for (uint32_t i = 0; i < ALIVE; i++) {
		dual_start_once(10);
		ear_expect_one("an interrupt in a new life");
	}
	check_equal("strange ones", ear_strange, 0, 0xffffffff);
}

/* The device goes on asking all the while. */
static void misbehave(uint32_t form)
{
	gic_disable_interrupt(DUAL_INTID);
	gic_split_end(forms[form].is_split);
	ear_set_action(forms[form].action);
	ear_came = 0;
	dual_start_periodic(PERIOD_US);
	dual_wait_raised();
	if (forms[form].action)
		gic_enable_interrupt(DUAL_INTID);
	printf("rude: begins: %s\n", forms[form].name);
	ear_wait(UINT32_MAX / 2, FORM_US);
	printf("rude: ends: %s: %lu came\n", forms[form].name, ear_came);
}

int main(void)
{
	uint32_t life = dual_life();

	check_begin("rude");
	dual_stop();
	dual_clear();
	ear_open();
	check_alive();
	check_end();
	if (life == sizeof(forms) / sizeof(forms[0]))
		return 0;
	misbehave(life);
	dual_set_life(life + 1);
	psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	return 1;
}
