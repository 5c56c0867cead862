// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's GICv2; see gic.h. A plain driver, a register access a function; no
 * state of its own, no locks.
 */
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

#define GICC_CTLR_ENABLE  0x001u
#define GICC_CTLR_EOIMODE 0x200u

static void gic_write_bit(uint32_t offset, uint32_t intid)
{
	mmio_write32(PLATFORM_GICD + offset + intid / 32 * 4, 1u << intid % 32);
}

void gic_enable(void)
{
	mmio_write32(PLATFORM_GICC + GICC_PMR, 0xff);
	mmio_write32(PLATFORM_GICC + GICC_CTLR, GICC_CTLR_ENABLE);
	mmio_write32(PLATFORM_GICD + GICD_CTLR, 1);
}

void gic_enable_interrupt(uint32_t intid)
{
	gic_write_bit(GICD_ISENABLER, intid);
}

void gic_disable_interrupt(uint32_t intid)
{
	gic_write_bit(GICD_ICENABLER, intid);
}

void gic_set_priority(uint32_t intid, uint8_t priority)
{
	mmio_write8(PLATFORM_GICD + GICD_IPRIORITYR + intid, priority);
}

void gic_set_targets(uint32_t intid, uint8_t cpu_mask)
{
	mmio_write8(PLATFORM_GICD + GICD_ITARGETSR + intid, cpu_mask);
}

void gic_set_pending(uint32_t intid)
{
	gic_write_bit(GICD_ISPENDR, intid);
}

void gic_split_end(bool is_split)
{
	mmio_write32(PLATFORM_GICC + GICC_CTLR,
		     GICC_CTLR_ENABLE | (is_split ? GICC_CTLR_EOIMODE : 0));
}

uint32_t gic_acknowledge(void)
{
	return mmio_read32(PLATFORM_GICC + GICC_IAR);
}

void gic_end(uint32_t iar)
{
	cpu_data_barrier(); /* the device is quiet before its interrupt may come again */
	mmio_write32(PLATFORM_GICC + GICC_EOIR, iar);
}

void gic_deactivate(uint32_t iar)
{
	mmio_write32(PLATFORM_GICC + GICC_DIR, iar);
}

void gic_end_wholly(uint32_t iar)
{
	gic_end(iar);
	if (mmio_read32(PLATFORM_GICC + GICC_CTLR) & GICC_CTLR_EOIMODE)
		gic_deactivate(iar);
}

void gic_send_sgi(uint32_t intid, enum gic_sgi_filter filter, uint8_t cpu_mask)
{
	cpu_data_barrier(); /* what the receiver will look at is there */
	mmio_write32(PLATFORM_GICD + GICD_SGIR,
		     (uint32_t)filter << 24 | (uint32_t)cpu_mask << 16 | intid);
}
