// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest finds at its device addresses: the distributor register by register,
 * the delivery of interrupts it makes itself, the UART's identification, and proper
 * aborts where there is nothing. Every check holds on QEMU's bare `virt` board too.
 * GICv2: IHI 0048B chapter 4; aborts: ARM ARM DDI 0406C, B3.13.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define HOLE         0x0b000000u /* no device there, on `virt` either */
#define BEYOND_RAM   0x50000000u
#define ALL          0xffffffffu
#define PRIORITY     0xf8u /* the bits that five-bit priorities have */
#define SPI_FIRST    41u   /* both unused on `virt` */
#define SPI_SECOND   42u
#define MAX_RECORDED 8
#define QUIET_US     2000

#define DFSR_WNR           0x800u
#define DFSR_STATUS        0x40fu /* FS[4], FS[3:0] */
#define DFSR_EXTERNAL      0x008u /* synchronous external abort */
#define DFSR_LPAE          0x200u
#define DFSR_LPAE_STATUS   0x03fu
#define DFSR_LPAE_EXTERNAL 0x010u

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

/* ---- Aborts that were taken ---- */

static volatile uint32_t aborts;
static volatile uint32_t abort_status;
static volatile uint32_t abort_address;
static volatile uint32_t abort_return;

static void take_data_abort(struct exception_frame *frame)
{
	aborts++;
	abort_status = cp15_read_DFSR();
	abort_address = cp15_read_DFAR();
	exception_skip(frame);
}

static void take_prefetch_abort(struct exception_frame *frame)
{
	aborts++;
	abort_status = cp15_read_IFSR();
	abort_address = cp15_read_IFAR();
	frame->pc = abort_return;
	/* Where nothing was, was A32; we may be T32. */
	if ((uint32_t)take_prefetch_abort & 1)
		frame->cpsr |= CPU_CPSR_T;
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
	printf("mmio: GICD_TYPER 0x%08lx GICD_IIDR 0x%08lx\n", typer, gicd_read(GICD_IIDR));
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

/* More pending than there are list registers: all must come, by priority. */
static void test_many(void)
{
	enum { MANY = 8 };

	for (uint32_t i = 0; i < MANY; i++) {
		gic_set_priority(SPI_FIRST + i, (uint8_t)(0x80 - 8 * i));
		gic_enable_interrupt(SPI_FIRST + i);
		gic_set_pending(SPI_FIRST + i);
	}
	check_equal("eight SPIs come", record(MANY), MANY, ALL);
	for (uint32_t i = 0; i < MANY; i++)
		check_equal("eight SPIs, by priority", recorded_iar[i], SPI_FIRST + MANY - 1 - i,
			    ALL);
	for (uint32_t i = 0; i < MANY; i++)
		gic_disable_interrupt(SPI_FIRST + i);
}

/* ---- The UART ---- */

static void test_uart(void)
{
	static const uint8_t ids[8] = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	for (uint32_t i = 0; i < 8; i++)
		check_equal("UARTPeriphID/UARTPCellID", mmio_read32(PLATFORM_UART + 0xfe0 + i * 4),
			    ids[i], i == 2 ? 0xf : ALL);
	check_equal("UARTPCellID3, a byte", mmio_read8(PLATFORM_UART + 0xffc), 0xb1, 0xff);
	check_equal("UARTPCellID3, a halfword", mmio_read16(PLATFORM_UART + 0xffc), 0xb1, 0xffff);
}

/* ---- Where nothing is ---- */

static void check_abort(const char *what, uint32_t address, uint32_t status, uint32_t mask)
{
	check_equal(what, aborts, 1, ALL);
	check_equal(what, abort_status, status, mask);
	check_equal(what, abort_address, address, ALL);
	aborts = 0;
}

static void test_hole(const char *what, uint32_t address)
{
	uint32_t mask = DFSR_STATUS | DFSR_WNR;

	aborts = 0;
	mmio_read32(address + 4);
	check_abort(what, address + 4, DFSR_EXTERNAL, mask);
	mmio_write32(address + 8, 1);
	check_abort(what, address + 8, DFSR_EXTERNAL | DFSR_WNR, mask);
	mmio_read16(address + 2);
	check_abort(what, address + 2, DFSR_EXTERNAL, mask);
	mmio_read8(address + 3);
	check_abort(what, address + 3, DFSR_EXTERNAL, mask);
	mmio_write8(address + 1, 1);
	check_abort(what, address + 1, DFSR_EXTERNAL | DFSR_WNR, mask);
}

/* Forms that the syndrome doesn't describe: the base register keeps its value. */
static void test_hole_forms(void)
{
	register uint32_t base __asm__("r4") = HOLE + 0x100;
	uint32_t mask = DFSR_STATUS | DFSR_WNR;

	aborts = 0;
	__asm__ volatile("ldr r2, [%0], #4" : "+r"(base) : : "r2", "memory");
	check_abort("ldr, post-indexed, in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	check_equal("ldr, post-indexed: base", base, HOLE + 0x100, ALL);
	__asm__ volatile("str r2, [%0, #4]!" : "+r"(base) : : "memory");
	check_abort("str, pre-indexed, in a hole", HOLE + 0x104, DFSR_EXTERNAL | DFSR_WNR, mask);
	check_equal("str, pre-indexed: base", base, HOLE + 0x100, ALL);
	__asm__ volatile("ldrd r2, r3, [%0]" : "+r"(base) : : "r2", "r3", "memory");
	check_abort("ldrd in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	__asm__ volatile("ldm %0!, {r2, r3}" : "+r"(base) : : "r2", "r3", "memory");
	check_abort("ldm in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	check_equal("ldm with write-back: base", base, HOLE + 0x100, ALL);
}

static void test_prefetch(const char *what, uint32_t address)
{
	aborts = 0;
	__asm__ volatile("ldr r2, =1f\n\t"
			 "str r2, %0\n\t"
			 "bx %1\n"
			 "1:"
			 : "=m"(abort_return)
			 : "r"(address)
			 : "r2", "lr", "memory");
	check_abort(what, address, DFSR_EXTERNAL, DFSR_STATUS);
}

/* The long-descriptor format has status codes of its own, MMU on or off. */
static void test_long_format(void)
{
	uint32_t ttbcr = cp15_read_TTBCR();

	aborts = 0;
	cp15_write_TTBCR(1u << 31);
	cpu_instruction_barrier();
	mmio_write32(HOLE + 0x10, 1);
	cp15_write_TTBCR(ttbcr);
	cpu_instruction_barrier();
	check_abort("a hole, TTBCR.EAE set", HOLE + 0x10, DFSR_LPAE | DFSR_LPAE_EXTERNAL | DFSR_WNR,
		    DFSR_LPAE | DFSR_LPAE_STATUS | DFSR_WNR);
}

static void test_holes(void)
{
	test_hole("a hole", HOLE);
	test_hole("beyond RAM", BEYOND_RAM);
	test_hole_forms();
	test_prefetch("instructions in a hole", HOLE);
	test_prefetch("instructions beyond RAM", BEYOND_RAM);
}

int main(void)
{
	check_begin("mmio");
	exception_set_handler(EXCEPTION_IRQ, record_interrupt);
	exception_set_handler(EXCEPTION_DATA_ABORT, take_data_abort);
	exception_set_handler(EXCEPTION_PREFETCH_ABORT, take_prefetch_abort);
	gic_enable();

	test_identification();
	test_enables();
	test_priorities_register();
	test_targets_and_config();
	check_equal("data aborts from the distributor", aborts, 0, ALL);
	test_sweep();
	aborts = 0;
	test_spi();
	test_split_end();
	test_sgi();
	test_order();
	test_many();
	test_uart();
	check_equal("data aborts from the devices", aborts, 0, ALL);
	test_holes();
	test_long_format();
	mmu_enable();
	test_hole("a hole, MMU on", HOLE);
	test_hole("beyond RAM, MMU on", BEYOND_RAM);
	test_spi();
	return check_end();
}
