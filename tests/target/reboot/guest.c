// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest that restarts itself over and over, each time with all kinds of interrupts
 * acknowledged and not finished, others pending: both timers, the real-time clock, an
 * SPI made pending by hand, an SGI, and that of a device that is passed through: a
 * PL061, on which the test presses a button (DDI 0190; QEMU: pin 3). The clock, which
 * outlasts a restart, keeps the number of the life.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

#define ALL ~0u

#define RTC_DR   0x09010000u
#define RTC_MR   0x09010004u
#define RTC_LR   0x09010008u
#define RTC_IMSC 0x09010010u
#define RTC_RIS  0x09010014u
#define RTC_IRQ  34u

#define GPIO_PIN 0x09030020u /* pin 3 alone */
#define GPIO_IEV 0x0903040cu
#define GPIO_IE  0x09030410u
#define GPIO_IC  0x0903041cu
#define GPIO_IRQ 39u
#define BUTTON   8u

#define SPI  45u
#define SGI  3u
#define LIFE 0x100000u /* seconds on the clock: none lasts so long */
#define RAM  ((volatile uint32_t *)0x40300000)

static uint32_t gicd(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICD + offset);
}

static void check_machine(void)
{
	check_equal("SCTLR at boot", cp15_read_SCTLR(), 0x00c50078, ALL);
	check_equal("GICD_CTLR at boot", gicd(GICD_CTLR), 0, ALL);
	check_equal("GICC_CTLR at boot", mmio_read32(PLATFORM_GICC + GICC_CTLR), 0, ALL);
	check_equal("GICC_PMR at boot", mmio_read32(PLATFORM_GICC + GICC_PMR), 0, ALL);
	check_equal("GICC_RPR at boot", mmio_read32(PLATFORM_GICC + GICC_RPR), 0xf8, 0xf8);
	check_equal("GICD_ISENABLER0 at boot", gicd(GICD_ISENABLER), 0xffff, ALL);
	check_equal("GICD_ISENABLER1 at boot", gicd(GICD_ISENABLER + 4), 0, ALL);
	for (uint32_t n = 0; n < 2; n++) {
		/* The board's device is as it was: it may ask still. */
		check_equal("GICD_ISPENDR at boot", gicd(GICD_ISPENDR + 4 * n), 0,
			    n == 1 ? ~(1u << (GPIO_IRQ - 32)) : ALL);
		check_equal("GICD_ISACTIVER at boot", gicd(GICD_ISACTIVER + 4 * n), 0, ALL);
	}
	for (uint32_t n = 0; n < 16; n++)
		check_equal("GICD_IPRIORITYR at boot", gicd(GICD_IPRIORITYR + 4 * n), 0, ALL);
	check_equal("CNTV_CTL at boot", cp15_read_CNTV_CTL(), 0, 3);
	check_equal("CNTP_CTL at boot", cp15_read_CNTP_CTL(), 0, 3);
	check_that("the counter begins anew", timer_read_virtual() < timer_ticks_from_ms(1000));
	check_equal("RTC: mask at boot", mmio_read32(RTC_IMSC), 0, ALL);
	check_equal("RTC: status at boot", mmio_read32(RTC_RIS), 0, ALL);
	check_equal("RAM at boot", RAM[0] | RAM[1000], 0, ALL);
}

/* Acknowledges until this one comes; all that come stay active. */
static void take(const char *what, uint32_t intid)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(3000);
	uint32_t iar;

	do
		iar = gic_acknowledge();
	while (iar == 1023 && timer_read_virtual() < end);
	check_equal(what, iar, intid, ALL);
	check_equal(what, gicd(GICD_ISACTIVER + intid / 32 * 4) >> intid % 32 & 1, 1, ALL);
}

/* The later one is always the more urgent. */
static void enable(uint32_t intid, uint8_t priority)
{
	gic_set_priority(intid, priority);
	gic_set_targets(intid, 1);
	gic_enable_interrupt(intid);
}

static void take_button(uint32_t life)
{
	while (mmio_read32(GPIO_PIN))
		; /* still pressed from last time */
	mmio_write32(GPIO_IC, ALL);
	mmio_write32(GPIO_IEV, BUTTON);
	mmio_write32(GPIO_IE, BUTTON);
	enable(GPIO_IRQ, 0xe0);
	printf("reboot: life %lu waits for the button\n", life);
	while (gic_acknowledge() != GPIO_IRQ)
		cpu_wait_for_interrupt();
	check_equal("button: active", gicd(GICD_ISACTIVER + 4), 1u << (GPIO_IRQ - 32), ALL);
}

static void take_others(void)
{
	enable(SPI, 0xc0);
	gic_set_pending(SPI);
	take("an SPI", SPI);
	enable(RTC_IRQ, 0xa0);
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_MR, mmio_read32(RTC_DR));
	take("the clock", RTC_IRQ);
	enable(SGI, 0x90);
	gic_send_sgi(SGI, GIC_SGI_SELF, 0);
	take("an SGI", SGI);
	enable(PLATFORM_INTID_TIMER_PHYSICAL, 0x80);
	timer_start_physical(0);
	take("the physical timer", PLATFORM_INTID_TIMER_PHYSICAL);
	enable(PLATFORM_INTID_TIMER_VIRTUAL, 0x40);
	timer_start_virtual(0);
	take("the virtual timer", PLATFORM_INTID_TIMER_VIRTUAL);
	/* And some that are still pending, or both. */
	gic_set_pending(SPI);
	for (uint32_t intid = 50; intid < 60; intid++) {
		enable(intid, 0x20);
		gic_set_pending(intid);
	}
	gic_send_sgi(SGI, GIC_SGI_SELF, 0);
}

int main(void)
{
	uint32_t life = mmio_read32(RTC_DR) / LIFE;

	/* The board's clock tells a year; ours begins to count. */
	if (life > 1000)
		life = 0;
	mmio_write32(RTC_LR, ++life * LIFE);
	check_begin("reboot");
	check_machine();
	gic_enable();
	take_button(life);
	take_others();
	mmu_enable();
	RAM[0] = RAM[1000] = ALL;
	check_end();
	psci_call_hvc(life % 2 ? PSCI_SYSTEM_RESET : 0x84000012 /* SYSTEM_RESET2 */, 0, 0, 0);
	printf("reboot: FAILED: SYSTEM_RESET returned\n");
	return 1;
}
