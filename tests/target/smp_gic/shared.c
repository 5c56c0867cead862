// SPDX-License-Identifier: BSD-2-Clause
/*
 * SPIs and the CPUs they are for: routed, retargeted, disabled and cleared, while
 * pending and while active on another CPU; a device's line. IHI 0048B, 3.2.
 */
#include "guests/lib/cpu.h"
#include "tests/target/smp_gic/parts.h"

#define RTC_IRQ  34u
#define RTC_DR   0x09010000u
#define RTC_MR   0x09010004u
#define RTC_IMSC 0x09010010u
#define RTC_RIS  0x09010014u
#define RTC_ICR  0x0901001cu

/* The register that has an SPI's bit, and the bit: for accesses by any CPU. */
static uint32_t word_of(uint32_t offset, uint32_t spi)
{
	return PLATFORM_GICD + offset + spi / 32 * 4;
}

static void set_by(uint32_t cpu, uint32_t offset, uint32_t spi)
{
	write_by(cpu, word_of(offset, spi), 1u << spi % 32);
}

static uint32_t bit_by(uint32_t cpu, uint32_t offset, uint32_t spi)
{
	return read_by(cpu, word_of(offset, spi)) >> spi % 32 & 1;
}

/* Enabled, aimed at one CPU and pending. */
static void raise(uint32_t spi, uint32_t target, uint32_t by)
{
	gic_set_targets(spi, (uint8_t)(1u << target));
	set_by(by, GICD_ISENABLER, spi);
	set_by(by, GICD_ISPENDR, spi);
}

static void route_to_nobody(uint32_t spi, uint32_t target, uint32_t other)
{
	gic_set_targets(spi, 0);
	set_by(other, GICD_ISPENDR, spi);
	expect_all("an SPI for nobody");
	check_equal("ISPENDR, of one for nobody", bit_by(other, GICD_ISPENDR, spi), 1, ALL);
	retarget(spi, target);
	expect(target, spi);
	expect_all("an SPI that was for nobody");
}

static void route(uint32_t spi, uint32_t target, uint32_t other)
{
	raise(spi, target, other);
	expect(target, spi);
	expect_all("an SPI goes where GICD_ITARGETSR says");

	raise(spi, target, other);
	check_equal("ISPENDR, of one for another CPU", bit_by(other, GICD_ISPENDR, spi), 1, ALL);
	retarget(spi, other);
	expect(other, spi);
	expect_all("an SPI retargeted while pending");

	raise(spi, target, other);
	set_by(other, GICD_ICENABLER, spi);
	expect_all("an SPI disabled while pending");
	check_equal("ISPENDR, of one disabled", bit_by(other, GICD_ISPENDR, spi), 1, ALL);
	set_by(other, GICD_ISENABLER, spi);
	expect(target, spi);
	expect_all("an SPI enabled while pending");

	raise(spi, target, other);
	set_by(other, GICD_ICPENDR, spi);
	check_equal("ISPENDR, of one cleared", bit_by(other, GICD_ISPENDR, spi), 0, ALL);
	expect_all("an SPI cleared while pending");
}

void test_routing(void)
{
	uint32_t spi = FIRST_SPI;

	for (uint32_t is_edge = 0; is_edge < 2; is_edge++) {
		spis_reset(is_edge);
		for (uint32_t target = 0; target < cpus; target++)
			for (uint32_t other = 0; other < cpus; other++)
				if (other != target) {
					route(spi, target, other);
					/* QEMU 7.2 forgets that one for nobody was made pending. */
					if (!is_native)
						route_to_nobody(spi, target, other);
					spi = spi == LAST_SPI ? FIRST_SPI : spi + 1;
				}
	}
}

/* An SPI is active on one CPU, not pending, as another one sees it. */
static void hold_it(uint32_t spi, uint32_t holder, uint32_t other)
{
	raise(spi, holder, other);
	check_equal("GICC_IAR of the one who holds it", hold(holder), spi, ALL);
	check_equal("ISACTIVER, of one active on another CPU", bit_by(other, GICD_ISACTIVER, spi),
		    1, ALL);
	check_equal("ISPENDR, of one active on another CPU", bit_by(other, GICD_ISPENDR, spi), 0,
		    ALL);
}

static void end_it(uint32_t spi, uint32_t holder, uint32_t other)
{
	let_go(holder);
	check_equal("ISACTIVER, of one ended", bit_by(other, GICD_ISACTIVER, spi), 0, ALL);
}

/* It is never active on two CPUs. */
static void move_active(uint32_t spi, uint32_t holder, uint32_t other)
{
	hold_it(spi, holder, other);
	retarget(spi, other);
	set_by(other, GICD_ISPENDR, spi);
	check_equal("ISPENDR, of one active and pending", bit_by(other, GICD_ISPENDR, spi), 1, ALL);
	expect_all("an SPI retargeted while active elsewhere");
	end_it(spi, holder, other);
	expect(other, spi);
	expect_all("an SPI retargeted, when it has ended elsewhere");
}

static void touch_active(uint32_t spi, uint32_t holder, uint32_t other)
{
	hold_it(spi, holder, other);
	set_by(other, GICD_ICENABLER, spi);
	check_equal("ISACTIVER, of one disabled while active", bit_by(other, GICD_ISACTIVER, spi),
		    1, ALL);
	end_it(spi, holder, other);
	set_by(other, GICD_ISPENDR, spi);
	expect_all("an SPI disabled while active");
	set_by(other, GICD_ISENABLER, spi);
	expect(holder, spi);
	expect_all("an SPI disabled while active, then enabled");

	hold_it(spi, holder, other);
	set_by(other, GICD_ISPENDR, spi);
	set_by(other, GICD_ICPENDR, spi);
	check_equal("ISPENDR, of one cleared while active", bit_by(other, GICD_ISPENDR, spi), 0,
		    ALL);
	end_it(spi, holder, other);
	expect_all("an SPI cleared while active");
}

/* Deactivated over its holder's head, it may come elsewhere before the holder ends it. */
static void deactivate(uint32_t spi, uint32_t holder, uint32_t other)
{
	hold_it(spi, holder, other);
	set_by(other, GICD_ICACTIVER, spi);
	check_equal("ISACTIVER, of one deactivated", bit_by(other, GICD_ISACTIVER, spi), 0, ALL);
	retarget(spi, other);
	set_by(other, GICD_ISPENDR, spi);
	expect(other, spi);
	expect_all("an SPI deactivated by another CPU");
	end_it(spi, holder, other);
	raise(spi, holder, other);
	expect(holder, spi);
	expect_all("an SPI whose holder ended it too late");

	retarget(spi, holder);
	set_by(other, GICD_ISACTIVER, spi);
	check_equal("ISACTIVER, of one activated by hand", bit_by(holder, GICD_ISACTIVER, spi), 1,
		    ALL);
	set_by(other, GICD_ISPENDR, spi);
	expect_all("an SPI activated by hand");
	set_by(other, GICD_ICACTIVER, spi);
	expect(holder, spi);
	expect_all("an SPI deactivated by hand");
}

void test_active(void)
{
	uint32_t spi = FIRST_SPI;

	for (uint32_t is_edge = 0; is_edge < 2; is_edge++) {
		spis_reset(is_edge);
		for (uint32_t holder = 1; holder < cpus; holder++)
			for (uint32_t other = 0; other < cpus; other++)
				if (other != holder) {
					/* QEMU 7.2 signals one that is active elsewhere. */
					if (!is_native)
						move_active(spi, holder, other);
					touch_active(spi, holder, other);
					deactivate(spi, holder, other);
					spi = spi == LAST_SPI ? FIRST_SPI : spi + 1;
				}
	}
}

/* The clock's alarm, a level that stays: on each CPU, until it is put out. */
void test_device(void)
{
	spis_reset(false);
	mmio_write32(RTC_ICR, 1);
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_MR, mmio_read32(RTC_DR) + 1);
	gic_set_targets(RTC_IRQ, 2);
	gic_enable_interrupt(RTC_IRQ);
	for (uint32_t cpu = 1; cpu < cpus; cpu++) {
		gic_set_targets(RTC_IRQ, (uint8_t)(1u << cpu));
		check_equal("a device's line, held up, goes to each CPU", hold(cpu), RTC_IRQ, ALL);
		check_equal("ISACTIVER, of a device's interrupt elsewhere",
			    gicd_bit(GICD_ISACTIVER, RTC_IRQ), 1, ALL);
		if (cpu + 1 == cpus)
			mmio_write32(RTC_ICR, 1);
		else
			gic_set_targets(RTC_IRQ, (uint8_t)(1u << (cpu + 1)));
		let_go(cpu);
	}
	check_equal("ISPENDR, of a device that is quiet", gicd_bit(GICD_ISPENDR, RTC_IRQ), 0, ALL);
	expect_all("a device that is quiet");
	mmio_write32(RTC_IMSC, 0);
}
