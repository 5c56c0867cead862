// SPDX-License-Identifier: BSD-2-Clause
/*
 * What each call answers, in what state a CPU begins, and how CPU_SUSPEND sleeps.
 * PSCI: DEN 0022, chapter 5; the state at entry: 6.4.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "guests/lib/timer.h"
#include "tests/target/smp_psci/parts.h"

#define INVALID    ((uint32_t)PSCI_INVALID_PARAMETERS)
#define ALREADY_ON ((uint32_t)PSCI_ALREADY_ON)
#define NAP_MS     5u
#define A_WHILE_MS 20u
#define LONG_MS    60000u

/* CPU_SUSPEND's power_state, original format: StateType, and a reserved bit. */
#define SUSPEND_STANDBY   0x00000000u
#define SUSPEND_POWERDOWN 0x00010000u
#define SUSPEND_RESERVED  0x80000000u

/* What is wrong with CPU_ON's or AFFINITY_INFO's first argument, of whatever CPU. */
static const uint32_t wrong_targets[] = { 0x100, 0x10000, 0x01000000, 0x80000000, 0xffffff, ALL };

static void check_wrong_targets(uint32_t count)
{
	check_equal("CPU_ON of a CPU too many", ask(PSCI_CPU_ON, count, (uint32_t)entry_a32, 0),
		    INVALID, ALL);
	check_equal("AFFINITY_INFO of a CPU too many", ask(PSCI_AFFINITY_INFO, count, 0, 0),
		    INVALID, ALL);
	for (uint32_t i = 0; i < sizeof(wrong_targets) / sizeof(wrong_targets[0]); i++) {
		check_equal("CPU_ON of an MPIDR that isn't there",
			    ask(PSCI_CPU_ON, wrong_targets[i], (uint32_t)entry_a32, 0), INVALID,
			    ALL);
		check_equal("AFFINITY_INFO of an MPIDR that isn't there",
			    ask(PSCI_AFFINITY_INFO, wrong_targets[i], 0, 0), INVALID, ALL);
	}
}

void check_codes(uint32_t count, bool is_native)
{
	static const uint32_t functions[] = { PSCI_CPU_ON, PSCI_CPU_OFF, PSCI_CPU_SUSPEND,
					      PSCI_AFFINITY_INFO };

	check_equal("PSCI_VERSION", ask(PSCI_VERSION, 0, 0, 0), 0x10001, ALL);
	for (uint32_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		check_equal("PSCI_FEATURES", ask(PSCI_FEATURES, functions[i], 0, 0), 0, ALL);
	check_equal("AFFINITY_INFO of this CPU", ask(PSCI_AFFINITY_INFO, 0, 0, 0), PSCI_AFFINITY_ON,
		    ALL);
	for (uint32_t cpu = 1; cpu < count; cpu++)
		check_equal("AFFINITY_INFO of a CPU not started yet",
			    ask(PSCI_AFFINITY_INFO, cpu, 0, 0), PSCI_AFFINITY_OFF, ALL);
	check_equal("CPU_ON of this CPU", ask(PSCI_CPU_ON, 0, (uint32_t)entry_a32, 0), ALREADY_ON,
		    ALL);
	check_wrong_targets(count);
	/* QEMU answers for levels that there are not, and starts CPUs in nowhere. */
	if (is_native)
		return;
	check_equal("AFFINITY_INFO of level 4", ask(PSCI_AFFINITY_INFO, 0, 4, 0), INVALID, ALL);
	check_equal("AFFINITY_INFO of level ~0", ask(PSCI_AFFINITY_INFO, 0, ALL, 0), INVALID, ALL);
}

/* The interrupt controller may keep what a CPU left when it went off. */
static void begin_interrupts(void)
{
	uint32_t iar;

	gic_enable();
	/* QEMU's line forgets to fall when a CPU begins. (Not at ~0: QEMU 7.2 adds CNTVOFF
	 * to that, overflows, and runs the timer for ever.) */
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_ms(LONG_MS));
	timer_stop_virtual();
	if (mmio_read32(PLATFORM_GICC + GICC_RPR) < 0xff)
		gic_end(PLATFORM_INTID_TIMER_VIRTUAL);
	while (((iar = gic_acknowledge()) & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
}

/* Leaves a CPU's registers as a reset would not. */
static void make_a_mess(uint32_t argument)
{
	(void)argument;
	begin_interrupts();
	timer_start_virtual(timer_read_virtual());
	gic_acknowledge(); /* and never ended */
}

static void check_record(uint32_t cpu, uint32_t set, uint32_t context)
{
	uint32_t masks = CPU_CPSR_I | CPU_CPSR_F | 0x100;

	check_equal("entry: the instruction set asked for", entry_record.set, set, ALL);
	check_equal("entry: context in r0", entry_record.context, context, ALL);
	check_equal("entry: CPSR", entry_record.cpsr, CPU_MODE_SVC | masks,
		    CPU_MODE_MASK | masks | 0x200);
	check_equal("entry: SCTLR.M, C, I", entry_record.sctlr, 0, 0x1005);
	check_equal("entry: SCTLR.TE, EE, V", entry_record.sctlr, 0, 0x42002000);
	check_equal("entry: TTBCR", entry_record.ttbcr, 0, ALL);
	check_equal("entry: CNTV_CTL.ENABLE", entry_record.cntv_ctl, 0, TIMER_CTL_ENABLE);
	check_equal("entry: MPIDR", entry_record.mpidr, cpu, 0xffffff);
}

static void wait_for_record(void)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(A_WHILE_MS);

	do
		cp15_write_DCCIMVAC((uint32_t)&entry_record);
	while (entry_record.set == 0 && timer_read_virtual() < end);
}

static void check_entry(uint32_t cpu, void (*entry)(void), uint32_t set)
{
	uint32_t context = 0xc0de0000 | cpu << 8 | set;

	check_equal("CPU_ON for a mess", (uint32_t)smp_start(cpu, make_a_mess, 0), PSCI_SUCCESS,
		    ALL);
	smp_wait_off(cpu);
	entry_record.set = 0;
	entry_record.context = 0;
	cp15_write_DCCIMVAC((uint32_t)&entry_record);
	cpu_data_barrier();
	check_equal("CPU_ON", ask(PSCI_CPU_ON, cpu, (uint32_t)entry, context), PSCI_SUCCESS, ALL);
	/* Whatever it says, it must not fail. */
	check_that("AFFINITY_INFO after CPU_ON",
		   ask(PSCI_AFFINITY_INFO, cpu, 0, 0) <= PSCI_AFFINITY_ON_PENDING);
	wait_for_record();
	smp_wait_off(cpu);
	check_record(cpu, set, context);
}

/* An SGI does not start a CPU that is off. */
static void check_stays_off(uint32_t cpu)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(A_WHILE_MS);

	gic_send_sgi(0, GIC_SGI_LISTED, (uint8_t)(1u << cpu));
	while (timer_read_virtual() < end)
		;
	check_equal("AFFINITY_INFO after an SGI", ask(PSCI_AFFINITY_INFO, cpu, 0, 0),
		    PSCI_AFFINITY_OFF, ALL);
}

void check_entries(uint32_t count)
{
	for (uint32_t cpu = 1; cpu < count; cpu++) {
		check_entry(cpu, entry_a32, 1);
		check_entry(cpu, entry_t32, 2);
		check_stays_off(cpu);
	}
}

static volatile uint32_t nap_result, nap_ticks, nap_is_over, nap_began;

/* Until the timer, its interrupt masked at the CPU. */
static void nap(uint32_t power_state)
{
	uint64_t start = timer_read_virtual();

	begin_interrupts();
	timer_start_virtual(start + timer_ticks_from_ms(NAP_MS));
	nap_result = ask(PSCI_CPU_SUSPEND, power_state, (uint32_t)entry_a32, 0);
	nap_ticks = (uint32_t)(timer_read_virtual() - start);
	timer_stop_virtual();
}

static void check_nap(const char *what, uint32_t power_state)
{
	nap_result = nap_ticks = 0xdead;
	nap(power_state);
	check_equal(what, nap_result, PSCI_SUCCESS, ALL);
	check_that("a nap is as long as the timer says",
		   nap_ticks >= (uint32_t)timer_ticks_from_ms(NAP_MS));
}

/* Until another CPU calls, with no timer. */
static void nap_until_called(uint32_t argument)
{
	(void)argument;
	begin_interrupts();
	gic_enable_interrupt(1);
	nap_began = 1;
	nap_result = ask(PSCI_CPU_SUSPEND, SUSPEND_STANDBY, (uint32_t)entry_a32, 0);
	nap_is_over = 1;
	gic_end(gic_acknowledge());
}

static void check_called_nap(uint32_t cpu)
{
	uint64_t end;

	nap_is_over = nap_began = 0;
	nap_result = 0xdead;
	smp_start(cpu, nap_until_called, 0);
	while (!nap_began)
		cpu_yield();
	end = timer_read_virtual() + timer_ticks_from_ms(A_WHILE_MS);
	while (timer_read_virtual() < end)
		;
	check_that("it sleeps while nothing comes", !nap_is_over);
	check_equal("AFFINITY_INFO of a sleeper", ask(PSCI_AFFINITY_INFO, cpu, 0, 0),
		    PSCI_AFFINITY_ON, ALL);
	check_equal("CPU_ON of a sleeper", ask(PSCI_CPU_ON, cpu, (uint32_t)entry_a32, 0),
		    ALREADY_ON, ALL);
	gic_send_sgi(1, GIC_SGI_LISTED, (uint8_t)(1u << cpu));
	smp_wait_off(cpu);
	check_equal("CPU_SUSPEND ended by an SGI", nap_result, PSCI_SUCCESS, ALL);
}

void check_suspend(uint32_t count)
{
	check_nap("CPU_SUSPEND, standby", SUSPEND_STANDBY);
	/* A power-down may be taken for a standby: then it comes back (5.4.2). */
	check_nap("CPU_SUSPEND, power-down", SUSPEND_POWERDOWN);
	for (uint32_t cpu = 1; cpu < count; cpu++)
		check_called_nap(cpu);
	nap(SUSPEND_RESERVED); /* who sleeps nevertheless is woken by the timer */
	check_equal("CPU_SUSPEND, reserved bits", nap_result, INVALID, ALL);
}
