// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest finds at its interrupt controller: the distributor register by
 * register, and the delivery of interrupts that it makes itself. Every check holds on
 * QEMU's bare `virt` board too. GICv2: IHI 0048B, chapter 4.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define ALL          0xffffffffu
#define PRIORITY     0xf8u /* the bits that five-bit priorities have */
#define SPI_FIRST    41u   /* from here on eight are unused on `virt`, too */
#define SPI_SECOND   42u
#define MAX_RECORDED 8
#define QUIET_US     2000

static uint32_t gicd_read(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICD + offset);
}

static void gicd_write(uint32_t offset, uint32_t value)
{
	mmio_write32(PLATFORM_GICD + offset, value);
}

/* ---- Interrupts that arrived, in order ---- */

static volatile uint32_t recorded_count;
static volatile uint32_t recorded_iar[MAX_RECORDED];
static volatile uint32_t recorded_rpr[MAX_RECORDED];
static volatile uint32_t recorded_active[MAX_RECORDED];
static volatile bool is_distributor_left_alone; /* an access refills list registers */

static void record_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();
	uint32_t intid = iar & GIC_IAR_INTID;

	(void)frame;
	if (intid == GIC_INTID_SPURIOUS)
		return;
	if (recorded_count < MAX_RECORDED) {
		recorded_iar[recorded_count] = iar;
		recorded_rpr[recorded_count] = mmio_read32(PLATFORM_GICC + GICC_RPR);
		if (!is_distributor_left_alone)
			recorded_active[recorded_count] =
				gicd_read(GICD_ISACTIVER + intid / 32 * 4) >> intid % 32 & 1;
	}
	recorded_count++;
	gic_end(iar);
}

/* Lets interrupts in until `count` have come or it has long been quiet. */
static uint32_t record(uint32_t count)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(QUIET_US);

	recorded_count = 0;
	cpu_enable_interrupts();
	while (recorded_count < count && timer_read_virtual() < end)
		;
	cpu_disable_interrupts();
	return recorded_count;
}

/* Nothing comes? */
static bool is_quiet(void)
{
	return record(1) == 0;
}

/* ---- Aborts, where the manual leaves an access open ---- */

static volatile uint32_t aborts;

static void take_data_abort(struct exception_frame *frame)
{
	aborts++;
	exception_skip(frame);
}

/* ---- The distributor ---- */

static void test_identification(void)
{
	uint32_t typer = gicd_read(GICD_TYPER);

	check_equal("GICD_TYPER.CPUNumber", typer, 0, 0xe0);
	check_that("GICD_TYPER.ITLinesNumber has SPIs", (typer & 0x1f) >= 1);
	gicd_write(GICD_TYPER, ~typer);
	check_equal("GICD_TYPER after a write", gicd_read(GICD_TYPER), typer, ALL);
	check_equal("GICD_PIDR2.ArchRev", gicd_read(GICD_PIDR2), 0x20, 0xf0);
	check_equal("GICD_CTLR", gicd_read(GICD_CTLR), 1, 1);
	check_equal("GICC_IIDR architecture", mmio_read32(PLATFORM_GICC + GICC_IIDR), 0x20000,
		    0xf0000);
	printf("gic: GICD_TYPER 0x%08lx GICD_IIDR 0x%08lx\n", typer, gicd_read(GICD_IIDR));
}

static void test_enables(void)
{
	check_equal("GICD_ISENABLER0: SGIs", gicd_read(GICD_ISENABLER), 0xffff, 0xffff);
	gicd_write(GICD_ICENABLER, 0xffff);
	check_equal("GICD_ISENABLER0: SGIs disabled", gicd_read(GICD_ISENABLER), 0xffff, 0xffff);
	gicd_write(GICD_ISENABLER + 4, 1u << (SPI_FIRST - 32));
	check_equal("GICD_ISENABLER1", gicd_read(GICD_ISENABLER + 4), 1u << (SPI_FIRST - 32), ALL);
	check_equal("GICD_ICENABLER1", gicd_read(GICD_ICENABLER + 4), 1u << (SPI_FIRST - 32), ALL);
	gicd_write(GICD_ISENABLER + 4, 0);
	check_equal("GICD_ISENABLER1 |= 0", gicd_read(GICD_ISENABLER + 4), 1u << (SPI_FIRST - 32),
		    ALL);
	gicd_write(GICD_ICENABLER + 4, ALL);
	check_equal("GICD_ISENABLER1, cleared", gicd_read(GICD_ISENABLER + 4), 0, ALL);
	check_equal("GICD_ISENABLER, past the last", gicd_read(GICD_ISENABLER + 31 * 4), 0, ALL);
}

static void test_priorities_register(void)
{
	uint32_t at = PLATFORM_GICD + GICD_IPRIORITYR + 40;
	static const uint8_t bytes[4] = { 0xd0, 0xc0, 0xb0, 0xa0 };

	mmio_write32(at, 0xa0b0c0d0);
	check_equal("GICD_IPRIORITYR10", mmio_read32(at), 0xa0b0c0d0, 0xf8f8f8f8);
	for (uint32_t i = 0; i < 4; i++)
		check_equal("GICD_IPRIORITYR, a byte", mmio_read8(at + i), bytes[i], PRIORITY);
	mmio_write8(at + 1, 0x48);
	check_equal("GICD_IPRIORITYR10, a byte written", mmio_read32(at), 0xa0b048d0, 0xf8f8f8f8);
	mmio_write8(PLATFORM_GICD + GICD_IPRIORITYR + 3, 0x80);
	check_equal("GICD_IPRIORITYR0, an SGI's byte",
		    mmio_read8(PLATFORM_GICD + GICD_IPRIORITYR + 3), 0x80, PRIORITY);
}

static void test_targets_and_config(void)
{
	uint32_t at = PLATFORM_GICD + GICD_ITARGETSR;
	uint32_t targets = mmio_read32(at);
	uint32_t spi = mmio_read8(at + SPI_FIRST);

	/* With one CPU they may read as zero: 4.3.12. */
	check_that("GICD_ITARGETSR0 is 0 or CPU 0", targets == 0 || targets == 0x01010101);
	mmio_write32(at, 0xfefefefe);
	check_equal("GICD_ITARGETSR0 after a write", mmio_read32(at), targets, ALL);
	mmio_write8(at + SPI_FIRST, 1);
	spi = mmio_read8(at + SPI_FIRST);
	check_that("GICD_ITARGETSR of an SPI", spi == (targets & 1));

	check_equal("GICD_ICFGR0", gicd_read(GICD_ICFGR), 0xaaaaaaaa, 0xaaaaaaaa);
	gicd_write(GICD_ICFGR, 0);
	check_equal("GICD_ICFGR0 after a write", gicd_read(GICD_ICFGR), 0xaaaaaaaa, 0xaaaaaaaa);
	gicd_write(GICD_ICFGR + 8, 2u << (SPI_FIRST - 32) * 2);
	check_equal("GICD_ICFGR2", gicd_read(GICD_ICFGR + 8), 2u << (SPI_FIRST - 32) * 2,
		    0xaaaaaaaa);
	gicd_write(GICD_ICFGR + 8, 0);
	check_equal("GICD_ICFGR2, cleared", gicd_read(GICD_ICFGR + 8), 0, 0xaaaaaaaa);
}

/* Reads all of the distributor in every width. What comes is the hypervisor's
 * choice where the manual gives none (an abort too); that we go on is the check. */
static void test_sweep(void)
{
	for (uint32_t offset = 0; offset < 0x1000; offset += 4) {
		mmio_read32(PLATFORM_GICD + offset);
		mmio_read16(PLATFORM_GICD + offset);
		mmio_read16(PLATFORM_GICD + offset + 2);
		for (uint32_t i = 0; i < 4; i++)
			mmio_read8(PLATFORM_GICD + offset + i);
	}
	check_that("a sweep over the distributor", gicd_read(GICD_CTLR) == 1);
}

/* ---- Delivery ---- */

static void test_spi(void)
{
	uint32_t bit = 1u << (SPI_FIRST - 32);

	gic_set_targets(SPI_FIRST, 1);
	gic_set_priority(SPI_FIRST, 0xa0);
	gic_set_pending(SPI_FIRST);
	check_equal("GICD_ISPENDR1, set", gicd_read(GICD_ISPENDR + 4), bit, bit);
	check_equal("GICD_ICPENDR1, set", gicd_read(GICD_ICPENDR + 4), bit, bit);
	check_that("a disabled SPI stays away", is_quiet());
	gicd_write(GICD_ICPENDR + 4, bit);
	check_equal("GICD_ISPENDR1, cleared", gicd_read(GICD_ISPENDR + 4), 0, bit);
	gic_enable_interrupt(SPI_FIRST);
	check_that("an SPI made not pending stays away", is_quiet());

	gic_set_pending(SPI_FIRST);
	check_equal("an SPI comes once", record(2), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], SPI_FIRST, ALL);
	check_equal("its GICC_RPR", recorded_rpr[0], 0xa0, PRIORITY);
	check_equal("its GICD_ISACTIVER bit in its handler", recorded_active[0], 1, ALL);
	check_equal("its GICD_ISACTIVER bit after", gicd_read(GICD_ISACTIVER + 4), 0, bit);
	check_equal("its GICD_ISPENDR bit after", gicd_read(GICD_ISPENDR + 4), 0, bit);

	gic_disable_interrupt(SPI_FIRST);
	gic_set_pending(SPI_FIRST);
	check_that("an SPI disabled again stays away", is_quiet());
	gic_enable_interrupt(SPI_FIRST);
	check_equal("an SPI enabled while pending comes", record(1), 1, ALL);
	gic_disable_interrupt(SPI_FIRST);
}

static void test_split_end(void)
{
	uint32_t bit = 1u << (SPI_FIRST - 32);
	uint32_t iar;

	gic_split_end(true);
	gic_enable_interrupt(SPI_FIRST);
	gic_set_pending(SPI_FIRST);
	iar = gic_acknowledge();
	check_equal("split end: GICC_IAR", iar, SPI_FIRST, ALL);
	gic_end(iar);
	check_equal("split end: active after EOIR", gicd_read(GICD_ISACTIVER + 4), bit, bit);
	gic_deactivate(iar);
	check_equal("split end: inactive after DIR", gicd_read(GICD_ISACTIVER + 4), 0, bit);
	gic_disable_interrupt(SPI_FIRST);
	gic_split_end(false);
}

static void test_sgi(void)
{
	gic_set_priority(5, 0x80);
	gic_send_sgi(5, GIC_SGI_SELF, 0);
	check_equal("an SGI to itself comes once", record(2), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], 5, ALL);
	gic_send_sgi(6, GIC_SGI_LISTED, 1);
	check_equal("an SGI to CPU 0 comes once", record(2), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], 6, ALL);
	gic_send_sgi(7, GIC_SGI_OTHERS, 0);
	check_that("an SGI to all others stays away", is_quiet());
	gic_send_sgi(8, GIC_SGI_LISTED, 0xfe);
	check_that("an SGI to absent CPUs stays away", is_quiet());

	mmio_write8(PLATFORM_GICD + GICD_SPENDSGIR + 9, 1);
	check_equal("GICD_SPENDSGIR: pending", mmio_read8(PLATFORM_GICD + GICD_CPENDSGIR + 9), 1,
		    0xff);
	mmio_write8(PLATFORM_GICD + GICD_CPENDSGIR + 9, 1);
	check_that("GICD_CPENDSGIR: not any more", is_quiet());
	mmio_write8(PLATFORM_GICD + GICD_SPENDSGIR + 9, 1);
	check_equal("GICD_SPENDSGIR: comes", record(1), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], 9, ALL);
}

static void test_order(void)
{
	gic_set_priority(SPI_FIRST, 0xa0);
	gic_set_priority(SPI_SECOND, 0x50);
	gic_enable_interrupt(SPI_FIRST);
	gic_enable_interrupt(SPI_SECOND);
	gic_set_pending(SPI_FIRST);
	gic_set_pending(SPI_SECOND);
	check_equal("GICC_HPPIR", mmio_read32(PLATFORM_GICC + GICC_HPPIR), SPI_SECOND, ALL);
	check_equal("two SPIs come", record(3), 2, ALL);
	check_equal("the urgent one first", recorded_iar[0], SPI_SECOND, ALL);
	check_equal("the other one second", recorded_iar[1], SPI_FIRST, ALL);

	gic_set_pending(SPI_FIRST);
	mmio_write32(PLATFORM_GICC + GICC_PMR, 0x60);
	check_that("GICC_PMR holds an SPI back", is_quiet());
	gic_set_pending(SPI_SECOND);
	check_equal("GICC_PMR lets the urgent one through", record(2), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], SPI_SECOND, ALL);
	mmio_write32(PLATFORM_GICC + GICC_PMR, 0xff);
	check_equal("GICC_PMR opened: the other comes", record(2), 1, ALL);
	check_equal("its GICC_IAR", recorded_iar[0], SPI_FIRST, ALL);
	gic_disable_interrupt(SPI_FIRST);
	gic_disable_interrupt(SPI_SECOND);
	check_equal("GICC_IAR when nothing is pending", gic_acknowledge(), GIC_INTID_SPURIOUS,
		    GIC_IAR_INTID);
}

/* More pending than there are list registers: all must come, by priority. The kind
 * matters: a level's end is looked at anyway, an edge's end need not be. */
static void test_many(bool is_edge)
{
	enum { MANY = 8 };

	gicd_write(GICD_ICFGR + 8, is_edge ? ALL : 0);
	gicd_write(GICD_ICFGR + 12, is_edge ? ALL : 0);
	for (uint32_t i = 0; i < MANY; i++) {
		gic_set_priority(SPI_FIRST + i, (uint8_t)(0x80 - 8 * i));
		gic_enable_interrupt(SPI_FIRST + i);
		gic_set_pending(SPI_FIRST + i);
	}
	is_distributor_left_alone = true;
	check_equal("eight SPIs come", record(MANY), MANY, ALL);
	is_distributor_left_alone = false;
	for (uint32_t i = 0; i < MANY; i++)
		check_equal("eight SPIs, by priority", recorded_iar[i], SPI_FIRST + MANY - 1 - i,
			    ALL);
	for (uint32_t i = 0; i < MANY; i++)
		gic_disable_interrupt(SPI_FIRST + i);
}

int main(void)
{
	check_begin("gic");
	exception_set_handler(EXCEPTION_IRQ, record_interrupt);
	exception_set_handler(EXCEPTION_DATA_ABORT, take_data_abort);
	gic_enable();

	test_identification();
	test_enables();
	test_priorities_register();
	test_targets_and_config();
	check_equal("data aborts from the distributor", aborts, 0, ALL);
	test_sweep();
	test_spi();
	test_split_end();
	test_sgi();
	test_order();
	test_many(false);
	test_many(true);
	mmu_enable();
	test_spi();
	return check_end();
}
