// SPDX-License-Identifier: BSD-2-Clause
/*
 * The physical GICv2 (IHI 0048B). See gic.h for who does what.
 */
#include "arch/gic.h"

#include <stddef.h>

#include "arch/barrier.h"

_Static_assert(offsetof(struct gicd, ICPIDR2) == 0xfe8, "IHI 0048B, table 4-1");
_Static_assert(offsetof(struct gicc, DIR) == 0x1000, "IHI 0048B, table 4-2");
_Static_assert(offsetof(struct gich, LR) == 0x100, "IHI 0048B, table 5-1");

#define GICD_CTLR_ENABLE  1u
#define GICC_CTLR_ENABLE  (1u << 0)
#define GICC_CTLR_EOIMODE (1u << 9) /* non-secure view (4.4.1) */

/* All physical interrupts have this priority: none preempts another in hyp. */
#define GIC_PRIORITY 0xa0u

/* 32 interrupts: nothing enabled, nothing under way. */
static void reset_interrupts(uint32_t n)
{
	GICD->ICENABLER[n] = UINT32_MAX;
	GICD->ICPENDR[n] = UINT32_MAX;
	GICD->ICACTIVER[n] = UINT32_MAX;
	for (uint32_t intid = 32 * n; intid < 32 * n + 32; intid++)
		GICD->IPRIORITYR[intid] = GIC_PRIORITY;
}

void gic_init_distributor(void)
{
	GICD->CTLR = 0;
	for (uint32_t n = 1; 32 * n < BOARD_IRQ_COUNT; n++)
		reset_interrupts(n);
	GICD->CTLR = GICD_CTLR_ENABLE;
}

void gic_init_core(void)
{
	reset_interrupts(0);
	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++)
		GICH->LR[i] = 0;
	GICH->VMCR = 0;
	GICH->APR = 0;
	GICH->HCR = GICH_HCR_EN;
	GICC->PMR = 0xff;
	GICC->CTLR = GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE;
}

#define SGIR_TARGETS_SHIFT 16

void gic_send_sgi(uint32_t targets, uint32_t sgi)
{
	dsb(); /* the stores are visible before the interrupt is */
	GICD->SGIR = targets << SGIR_TARGETS_SHIFT | sgi;
}

void gic_enable(uint32_t intid)
{
	if (intid >= GIC_FIRST_SPI)
		gic_set_target(intid, GICD->ITARGETSR[0]);
	GICD->ISENABLER[intid / 32] = 1u << intid % 32;
}
