// SPDX-License-Identifier: BSD-2-Clause
/*
 * The system registers of a Versatile Express (V2M-P1 TRM, DUI 0447, chapter 4): every
 * one that keeps or counts something, requests on the configuration bus, a restart and a
 * power-off by it. Which life it is, the non-volatile flags tell.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define SYS         0x1c010000u
#define SYS_ID      (SYS + 0x00)
#define SYS_LED     (SYS + 0x08)
#define SYS_100HZ   (SYS + 0x24)
#define SYS_FLAGS   (SYS + 0x30)
#define SYS_NVFLAGS (SYS + 0x38)
#define SYS_FLASH   (SYS + 0x4c)
#define SYS_CFGSW   (SYS + 0x58)
#define SYS_24MHZ   (SYS + 0x5c)
#define SYS_MISC    (SYS + 0x60)
#define SYS_PROCID0 (SYS + 0x84)
#define SYS_PROCID1 (SYS + 0x88)
#define SYS_CFGDATA (SYS + 0xa0)
#define SYS_CFGCTRL (SYS + 0xa4)
#define SYS_CFGSTAT (SYS + 0xa8)

#define ALL       0xffffffffu
#define CFG_START 0x80000000u
#define CFG_WRITE 0x40000000u
#define COMPLETE  1u
#define ERROR     2u
#define PENDING   0u

#define FUNCTION(number) ((uint32_t)(number) << 20)
#define DAUGHTER         0x10000u

/* Does a counter of so many Hz agree with the generic one, which is read around it? */
static void check_counter(const char *what, uint32_t address, uint64_t hz)
{
	uint64_t before = timer_read_virtual();
	uint32_t value = mmio_read32(address);
	uint64_t after = timer_read_virtual();
	uint32_t least = (uint32_t)(before * hz / cp15_read_CNTFRQ()) - 1;
	uint32_t most = (uint32_t)(after * hz / cp15_read_CNTFRQ());

	check_that(what, value - least <= most - least);
}

static void check_counters(void)
{
	check_counter("SYS_24MHZ", SYS_24MHZ, 24000000);
	check_counter("SYS_100HZ", SYS_100HZ, 100);
	timer_wait_ms(50);
	check_counter("SYS_24MHZ later", SYS_24MHZ, 24000000);
	check_counter("SYS_100HZ later", SYS_100HZ, 100);
	check_that("SYS_100HZ counts", mmio_read32(SYS_100HZ) >= 5);
}

static void check_kept(const char *what, uint32_t address, uint32_t kept)
{
	mmio_write32(address, ALL);
	check_equal(what, mmio_read32(address), kept, ALL);
	mmio_write32(address, 0);
	check_equal(what, mmio_read32(address), 0, ALL);
}

static void check_flags(const char *what, uint32_t address)
{
	mmio_write32(address + 4, ALL);
	check_equal(what, mmio_read32(address), 0, ALL);
	mmio_write32(address, 0xf0);
	mmio_write32(address, 0x0f);
	check_equal(what, mmio_read32(address), 0xff, ALL);
	mmio_write32(address + 4, 0x3c);
	check_equal(what, mmio_read32(address), 0xc3, ALL);
	mmio_write32(address + 4, ALL);
}

static void check_registers(void)
{
	mmio_write32(SYS_ID, 0);
	check_equal("SYS_ID", mmio_read32(SYS_ID), 0x1190f500, ALL);
	check_equal("SYS_ID's third byte", mmio_read8(SYS_ID + 2), 0x90, 0xff);
	check_equal("SYS_PROCID0", mmio_read32(SYS_PROCID0), 0x14000237, ALL);
	check_equal("SYS_PROCID1", mmio_read32(SYS_PROCID1), 0xff000000, ALL);
	check_equal("SYS_MISC", mmio_read32(SYS_MISC), 0, ALL);
	check_equal("behind the last", mmio_read32(SYS + 0xffc), 0, ALL);
	check_kept("SYS_LED", SYS_LED, 0xff);
	check_kept("SYS_FLASH", SYS_FLASH, 1);
	check_kept("SYS_CFGSW", SYS_CFGSW, ALL);
	check_flags("SYS_FLAGS", SYS_FLAGS);
	check_flags("SYS_NVFLAGS", SYS_NVFLAGS);
}

/* A request; returns SYS_CFGSTAT. */
static uint32_t request(uint32_t what)
{
	mmio_write32(SYS_CFGSTAT, PENDING);
	mmio_write32(SYS_CFGCTRL, what);
	return mmio_read32(SYS_CFGSTAT);
}

static void check_clock(uint32_t what, uint32_t hz)
{
	check_equal("a clock: status", request(CFG_START | FUNCTION(1) | what), COMPLETE, ALL);
	check_equal("a clock: Hz", mmio_read32(SYS_CFGDATA), hz, ALL);
}

static void check_bus(void)
{
	check_clock(1, 23750000);
	check_clock(2, 24000000);
	check_clock(DAUGHTER | 6, 50000000);
	check_clock(DAUGHTER | 8, 40000000);
	check_equal("not started", request(FUNCTION(1) | 2), PENDING, ALL);
	check_equal("no clock 3", request(CFG_START | FUNCTION(1) | 3), COMPLETE | ERROR, ALL);
	check_equal("no clock 9", request(CFG_START | FUNCTION(1) | DAUGHTER | 9), COMPLETE | ERROR,
		    ALL);
	check_equal("a clock to be set", request(CFG_START | CFG_WRITE | FUNCTION(1) | 1),
		    COMPLETE | ERROR, ALL);
	check_equal("no thermometer", request(CFG_START | FUNCTION(4)), COMPLETE | ERROR, ALL);
	check_equal("power read", request(CFG_START | FUNCTION(8)), COMPLETE | ERROR, ALL);
}

/* Reset, then reboot, then power off: neither comes back. */
static void end_life(uint32_t life)
{
	static const uint32_t functions[] = { 5, 9, 8 };

	printf("sysreg: life %lu ends\n", life + 1);
	mmio_write32(SYS_NVFLAGS, life + 1);
	mmio_write32(SYS_NVFLAGS + 4, life & ~(life + 1));
	mmio_write32(SYS_CFGCTRL, CFG_START | CFG_WRITE | FUNCTION(functions[life]));
	cpu_disable_interrupts();
	for (;;)
		cpu_wait_for_interrupt();
}

int main(void)
{
	uint32_t life = mmio_read32(SYS_NVFLAGS);

	check_begin("sysreg");
	check_that("three lives", life < 3);
	check_equal("SYS_FLAGS is new", mmio_read32(SYS_FLAGS), 0, ALL);
	check_counters();
	check_registers();
	check_bus();
	check_end();
	mmio_write32(SYS_FLAGS, ALL);
	end_life(life);
}
