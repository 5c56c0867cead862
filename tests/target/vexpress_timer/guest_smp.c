// SPDX-License-Identifier: BSD-2-Clause
/*
 * A passed-through interrupt of a guest with two CPUs, both of which listen: aimed at one
 * and then at the other while it is idle, on its way, or active, its line low at its end
 * or high; disabled by the one while the other has it. Each comes once, where it was
 * aimed. A second life begins with it active on CPU 1. Boot argument `rounds`.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "guests/lib/timer.h"
#include "tests/target/vexpress_timer/dual.h"

#define ALL      0xffffffffu
#define EITHER   2u
#define LOST_MS  10000u
#define QUIET_US 100u
#define LOG_MAX  16u /* more than ever come between two looks */

static volatile uint32_t came, strange;
static volatile uint32_t comers[LOG_MAX]; /* on which CPU, by their number */
static uint32_t asked;

/* What the handler is to do, once; set while nothing is under way. */
static volatile bool aims_elsewhere, leaves_high, stays;
static volatile bool has_stayed, may_end;

static uint32_t dice = 2654435761u;

static uint32_t dice_below(uint32_t limit)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return (uint32_t)((uint64_t)dice * limit >> 32);
}

static void aim(uint32_t cpu)
{
	gic_set_targets(DUAL_INTID, (uint8_t)(1u << cpu));
}

static void hear(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();
	bool is_left = leaves_high;

	(void)frame;
	if (iar != DUAL_INTID || !dual_is_heard()) {
		strange++;
		if ((iar & GIC_IAR_INTID) >= 1020)
			return;
	}
	if (aims_elsewhere)
		aim(!smp_cpu());
	if (stays) {
		has_stayed = true;
		while (!may_end)
			cpu_yield();
	}
	aims_elsewhere = leaves_high = stays = false;
	if (!is_left)
		dual_clear();
	comers[came % LOG_MAX] = smp_cpu();
	came++;
	gic_end(iar);
}

/* One more is to come, on this CPU. */
static void expect(const char *what, uint32_t cpu)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(LOST_MS);

	asked++;
	while ((int32_t)(came - asked) < 0 && timer_read_virtual() < end)
		cpu_yield();
	check_that(what, (int32_t)(came - asked) >= 0);
	if (cpu != EITHER)
		check_equal(what, comers[(asked - 1) % LOG_MAX], cpu, ALL);
}

static void ask(void)
{
	dual_start_once(1 + dice_below(30));
}

/* Active on CPU 1, whose handler waits for us. */
static void ask_and_hold(void)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(LOST_MS);

	has_stayed = may_end = false;
	stays = true;
	aim(1);
	ask();
	while (!has_stayed && timer_read_virtual() < end)
		cpu_yield();
	check_that("one to be held on CPU 1", has_stayed);
}

static void aim_while_idle(void)
{
	uint32_t cpu = dice_below(2);

	aim(cpu);
	ask();
	expect("aimed while idle", cpu);
}

static void aim_on_its_way(void)
{
	ask();
	for (uint32_t i = dice_below(3000); i; i--)
		cpu_yield();
	aim(dice_below(2));
	expect("aimed on its way", EITHER);
}

static void aim_in_handler(bool is_high)
{
	uint32_t cpu = dice_below(2);

	aim(cpu);
	leaves_high = is_high;
	aims_elsewhere = true;
	ask();
	expect("aimed elsewhere by its handler", cpu);
	if (!is_high)
		ask();
	expect("after its handler aimed it here", !cpu);
}

static void aim_while_active(bool is_high)
{
	leaves_high = is_high;
	ask_and_hold();
	aim(0);
	may_end = true;
	expect("aimed elsewhere while active", 1);
	if (!is_high)
		ask();
	expect("aimed here while active there", 0);
}

static void disable_while_active(bool is_high)
{
	uint64_t end;

	leaves_high = is_high;
	ask_and_hold();
	gic_disable_interrupt(DUAL_INTID);
	may_end = true;
	expect("disabled while active", 1);
	if (!is_high)
		ask();
	dual_wait_raised();
	end = timer_read_virtual() + timer_ticks_from_us(QUIET_US);
	while (timer_read_virtual() < end)
		cpu_yield();
	check_equal("while disabled", came, asked, ALL);
	gic_enable_interrupt(DUAL_INTID);
	expect("enabled again", 1);
}

/* A line that is high at the end of an interrupt takes 33 ms to be seen again, on models
 * that are deaf to it: fewer of those. */
static void disturb(void)
{
	bool is_high = dice_below(16) == 0;

	switch (dice_below(5)) {
	case 0:
		aim_while_idle();
		break;
	case 1:
		aim_on_its_way();
		break;
	case 2:
		aim_in_handler(is_high);
		break;
	case 3:
		aim_while_active(is_high);
		break;
	default:
		disable_while_active(is_high);
	}
}

static void listen(uint32_t unused)
{
	(void)unused;
	gic_enable();
	cpu_enable_interrupts();
	for (;;)
		cpu_wait_for_interrupt();
}

static void set_up(void)
{
	exception_set_handler(EXCEPTION_IRQ, hear);
	dual_stop();
	dual_clear();
	gic_set_priority(DUAL_INTID, 0x80);
	gic_enable_interrupt(DUAL_INTID);
	gic_enable();
	smp_run(1, listen, 0);
	cpu_enable_interrupts();
}

int main(void)
{
	uint32_t life = dual_life(), rounds = devicetree_argument("rounds", 100);

	check_begin("smp_timer");
	if (smp_begin() != 2)
		return 1;
	set_up();
	while (rounds--)
		disturb();
	check_equal("strange ones", strange, 0, ALL);
	check_equal("how many came", came, asked, ALL);
	printf("smp_timer: asked %lu, came %lu\n", asked, came);
	if (life == 0) {
		leaves_high = true;
		ask_and_hold();
		check_end();
		dual_set_life(1);
		psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	}
	return check_end();
}
