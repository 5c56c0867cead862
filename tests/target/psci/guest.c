// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest can ask of its firmware. Its boot arguments choose what it does:
 *
 *   role=0 (reset): checks that it starts as after reset, asks each question, makes
 *       a mess of its state and resets itself; again and again.
 *   role=1 (off): says so and powers itself off; must not be heard of again.
 *   role=2 (steady): counts seconds, whatever the others do.
 *
 * Natively only role=0 makes sense, and passes; but QEMU's board keeps RAM over a
 * reset, so scrubbed=1 must ask for that check. PSCI: DEN 0022.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

enum { ROLE_RESET, ROLE_OFF, ROLE_STEADY };

#define ALL           0xffffffffu
#define SPI           41u
#define SPI_BIT       (1u << (SPI - 32))
#define SYSTEM_RESET2 0x84000012u
#define BEYOND        0x40300000u /* RAM that holds nothing of ours */

static uint32_t boots = 1; /* in .data: a restart brings the 1 back */

static uint32_t ask(uint32_t function, uint32_t argument)
{
	return (uint32_t)psci_call_hvc(function, argument, 0, 0);
}

static void check_questions(void)
{
	uint32_t none = (uint32_t)PSCI_NOT_SUPPORTED;

	check_equal("PSCI_VERSION", ask(PSCI_VERSION, 0), 0x10001, ALL);
	check_equal("MIGRATE_INFO_TYPE", ask(PSCI_MIGRATE_INFO_TYPE, 0), 2, ALL);
	check_equal("FEATURES(VERSION)", ask(PSCI_FEATURES, PSCI_VERSION), 0, ALL);
	check_equal("FEATURES(CPU_ON)", ask(PSCI_FEATURES, PSCI_CPU_ON), 0, ALL);
	check_equal("FEATURES(SYSTEM_OFF)", ask(PSCI_FEATURES, PSCI_SYSTEM_OFF), 0, ALL);
	check_equal("FEATURES(SYSTEM_RESET)", ask(PSCI_FEATURES, PSCI_SYSTEM_RESET), 0, ALL);
	check_equal("FEATURES(FEATURES)", ask(PSCI_FEATURES, PSCI_FEATURES), 0, ALL);
	check_equal("FEATURES(unknown)", ask(PSCI_FEATURES, 0x8400ff00), none, ALL);
	check_equal("FEATURES(absent)", ask(PSCI_FEATURES, 0x8400001f), none, ALL);
	check_equal("SYSTEM_RESET2 of a vendor's type", ask(SYSTEM_RESET2, 1u << 31), none, ALL);
	check_equal("SYSTEM_RESET2 of an unknown type", ask(SYSTEM_RESET2, 1),
		    (uint32_t)PSCI_INVALID_PARAMETERS, ALL);
	check_equal("PSCI_VERSION by SMC", (uint32_t)psci_call_smc(PSCI_VERSION, 0, 0, 0), 0x10001,
		    ALL);
	check_equal("an unknown PSCI function", ask(0x8400001f, 0), none, ALL);
	check_equal("an unknown function of nobody", ask(0x8700ff00, 0), none, ALL);
	check_equal("AFFINITY_INFO of this CPU", ask(PSCI_AFFINITY_INFO, 0), 0, ALL);
	check_equal("CPU_ON of this CPU", ask(PSCI_CPU_ON, 0), (uint32_t)PSCI_ALREADY_ON, ALL);
	check_equal("CPU_ON of an absent CPU", ask(PSCI_CPU_ON, 7),
		    (uint32_t)PSCI_INVALID_PARAMETERS, ALL);
}

static void check_reset_state(void)
{
	check_equal("CPSR at boot", cpu_read_cpsr(), CPU_MODE_SVC | CPU_CPSR_I | CPU_CPSR_F | 0x100,
		    CPU_MODE_MASK | CPU_CPSR_I | CPU_CPSR_F | CPU_CPSR_T | 0x100);
	check_equal("SCTLR.M and C at boot", cp15_read_SCTLR(), 0, 5);
	check_equal("SCTLR.TRE and AFE at boot", cp15_read_SCTLR(), 0, 0x30000000);
	check_equal("TTBCR at boot", cp15_read_TTBCR(), 0, ALL);
	check_equal("CNTV_CTL.ENABLE at boot", cp15_read_CNTV_CTL(), 0, TIMER_CTL_ENABLE);
	check_equal("GICD_CTLR at boot", mmio_read32(PLATFORM_GICD + GICD_CTLR), 0, 1);
	check_equal("GICC_CTLR at boot", mmio_read32(PLATFORM_GICC + GICC_CTLR), 0, 1);
	check_equal("GICC_PMR at boot", mmio_read32(PLATFORM_GICC + GICC_PMR), 0, 0xf8);
	check_equal("GICD_ISENABLER1 at boot", mmio_read32(PLATFORM_GICD + GICD_ISENABLER + 4), 0,
		    ALL);
	check_equal("GICD_ISPENDR1 at boot", mmio_read32(PLATFORM_GICD + GICD_ISPENDR + 4), 0,
		    SPI_BIT);
	check_equal("GICD_ISACTIVER0 at boot", mmio_read32(PLATFORM_GICD + GICD_ISACTIVER), 0, ALL);
	check_equal("GICD_ISACTIVER1 at boot", mmio_read32(PLATFORM_GICD + GICD_ISACTIVER + 4), 0,
		    ALL);
	check_equal(".data at boot", boots, 1, ALL);
	if (devicetree_argument("scrubbed", 0) != 0)
		check_equal("other RAM at boot", *(volatile uint32_t *)BEYOND, 0, ALL);
}

/* Leaves nothing as a reset would: an interrupt active, one pending, the timer
 * acknowledged and not ended, the MMU on. */
static void make_a_mess(void)
{
	boots++;
	*(volatile uint32_t *)BEYOND = ALL;
	mmu_enable();
	gic_enable();
	gic_enable_interrupt(SPI);
	gic_set_pending(SPI);
	gic_acknowledge();
	gic_set_pending(SPI);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	gic_set_priority(PLATFORM_INTID_TIMER_VIRTUAL, 0);
	gic_set_priority(SPI, 0x80);
	timer_start_virtual(timer_read_virtual());
	gic_acknowledge();
}

static void reset(void)
{
	check_begin("psci");
	check_reset_state();
	check_questions();
	check_end();
	make_a_mess();
	ask(PSCI_SYSTEM_RESET, 0);
	printf("psci: FAILED: SYSTEM_RESET returned\n");
}

static void steady(void)
{
	uint64_t next = timer_read_virtual();

	for (uint32_t seconds = 1;; seconds++) {
		next += timer_ticks_from_ms(1000);
		while (timer_read_virtual() < next)
			;
		printf("steady: %lu s\n", seconds);
	}
}

int main(void)
{
	switch (devicetree_argument("role", ROLE_RESET)) {
	case ROLE_RESET:
		reset();
		break;
	case ROLE_OFF:
		printf("off: going\n");
		ask(PSCI_SYSTEM_OFF, 0);
		printf("off: FAILED: SYSTEM_OFF returned\n");
		break;
	default:
		steady();
	}
	for (;;)
		;
}
