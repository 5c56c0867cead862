// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Generic Interrupt Controller, GICv2 with Virtualization Extensions (IHI
 * 0048B): distributor, CPU interface and virtual interface control of the
 * physical machine. What a guest sees of it is vgic/'s business.
 *
 * Per-core registers are only touched by their own core. EOImode is 1 (3.2.1): reading
 * IAR, then EOIR for every interrupt drops the priority; DIR only for those the hypervisor
 * serves itself, a guest's EOI deactivates the others (kernel/irq.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "generated/board.h"

#define GIC_INTID_MASK 0x3ffu
#define GIC_LIST_COUNT 4u /* list registers of a Cortex-A15 or A7 (GICH_VTR) */
#define GIC_FIRST_SPI  32u
#define GIC_SGI_COUNT  16u
#define GIC_SGI_MASK   0xffffu /* of the first 32 interrupts */

/* Distributor (IHI 0048B, table 4-1). */
struct gicd {
	uint32_t CTLR; /* 0x000 RW Distributor Control */
	uint32_t others_004[63];
	uint32_t ISENABLER[32];   /* 0x100 RW Set-Enable */
	uint32_t ICENABLER[32];   /* 0x180 RW Clear-Enable */
	uint32_t ISPENDR[32];     /* 0x200 RW Set-Pending */
	uint32_t ICPENDR[32];     /* 0x280 RW Clear-Pending */
	uint32_t ISACTIVER[32];   /* 0x300 RW Set-Active */
	uint32_t ICACTIVER[32];   /* 0x380 RW Clear-Active */
	uint8_t IPRIORITYR[1024]; /* 0x400 RW Priority, a byte each */
	uint8_t ITARGETSR[1024];  /* 0x800 RW Targets, a byte each; of SGIs: this core */
	uint32_t others_c00[192];
	uint32_t SGIR; /* 0xf00 WO Software Generated Interrupt */
	uint32_t others_f04[57];
	uint32_t ICPIDR2; /* 0xfe8 RO Peripheral ID2: architecture */
};

/* CPU interface (table 4-2). */
struct gicc {
	uint32_t CTLR; /* 0x000 RW Control */
	uint32_t PMR;  /* 0x004 RW Priority Mask */
	uint32_t others_008;
	uint32_t IAR;  /* 0x00c RO Acknowledge: INTID, 1020 and up if there is none (4.4.4) */
	uint32_t EOIR; /* 0x010 WO End of Interrupt: priority drop */
	uint32_t others_014[1019];
	uint32_t DIR; /* 0x1000 WO Deactivate */
};

/* Virtual interface control (table 5-1). */
struct gich {
	uint32_t HCR;  /* 0x000 RW Hypervisor Control */
	uint32_t VTR;  /* 0x004 RO VGIC Type */
	uint32_t VMCR; /* 0x008 RW Virtual Machine Control */
	uint32_t others_00c[57];
	uint32_t APR; /* 0x0f0 RW Active Priorities */
	uint32_t others_0f4[3];
	uint32_t LR[GIC_LIST_COUNT]; /* 0x100 RW List Registers */
};

#define GICD ((volatile struct gicd *)BOARD_GICD)
#define GICC ((volatile struct gicc *)BOARD_GICC)
#define GICH ((volatile struct gich *)BOARD_GICH)

/* GICH_HCR (5.3.1). */
#define GICH_HCR_EN             (1u << 0)
#define GICH_HCR_LRENPIE        (1u << 2) /* maintenance at an EOI without a list register */
#define GICH_HCR_NPIE           (1u << 3) /* ... when none is pending */
#define GICH_HCR_EOICOUNT_SHIFT 27

/* GICH_VMCR (5.3.6): the guest's GICV_CTLR.EOImode. */
#define GICH_VMCR_EOIMODE (1u << 9)

/* GICH_LR (5.3.8). */
#define GICH_LR_VIRTUAL_MASK   0x3ffu
#define GICH_LR_PHYSICAL_SHIFT 10
#define GICH_LR_SOURCE_SHIFT   10
#define GICH_LR_SOURCE_MASK    0x7u
#define GICH_LR_EOI            (1u << 19) /* not hardware-linked: tell at EOI */
#define GICH_LR_PRIORITY_SHIFT 23
#define GICH_LR_PENDING        (1u << 28)
#define GICH_LR_ACTIVE         (1u << 29)
#define GICH_LR_STATE_MASK     (GICH_LR_PENDING | GICH_LR_ACTIVE)
#define GICH_LR_GROUP1         (1u << 30)
#define GICH_LR_HW             (1u << 31)

/* Once, by the boot core: forward everything, nothing enabled yet. */
void gic_init_distributor(void);

/* On each core: CPU interface and virtual interface on, EOImode 1. */
void gic_init_core(void);

/* What a one written to an interrupt's bit does (4.3.5 to 4.3.10). The physical active
 * state changes as a hardware-linked interrupt's owner comes and goes. */
#define GIC_WRITE_BIT(function, REGISTER)                      \
	static inline void function(uint32_t intid)            \
	{                                                      \
		GICD->REGISTER[intid / 32] = 1u << intid % 32; \
	}
GIC_WRITE_BIT(gic_disable, ICENABLER)
GIC_WRITE_BIT(gic_set_pending, ISPENDR)
GIC_WRITE_BIT(gic_set_active, ISACTIVER)
GIC_WRITE_BIT(gic_clear_active, ICACTIVER)
#undef GIC_WRITE_BIT

/* Enable; an SPI is sent to the calling core alone. Any INTID below BOARD_IRQ_COUNT. */
void gic_enable(uint32_t intid);

/* Does its line ask (again)? */
static inline bool gic_is_pending(uint32_t intid)
{
	return GICD->ISPENDR[intid / 32] >> intid % 32 & 1;
}

/* Send an SPI to these cores from now on (4.3.12). */
static inline void gic_set_target(uint32_t intid, uint32_t targets)
{
	GICD->ITARGETSR[intid] = (uint8_t)targets;
}

/* A software-generated interrupt to these cores; what was stored before is seen
 * there first. */
void gic_send_sgi(uint32_t targets, uint32_t sgi);
