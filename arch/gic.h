// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Generic Interrupt Controller, GICv2 with Virtualization Extensions (IHI
 * 0048B): distributor, CPU interface and virtual interface control of the
 * physical machine. What a guest sees of it is vgic/'s business.
 *
 * Per-core registers are only touched by their own core. EOImode is 1: reading
 * IAR, then gic_drop_priority() for every interrupt; gic_deactivate() only for
 * those the hypervisor serves itself, a guest's EOI deactivates the others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "generated/board.h"

#define GIC_SPURIOUS   1020u /* INTIDs from here on are no interrupts */
#define GIC_INTID_MASK 0x3ffu
#define GIC_LIST_COUNT 4u /* list registers of a Cortex-A15 or A7 (GICH_VTR) */
#define GIC_FIRST_SPI  32u
#define GIC_SGI_COUNT  16u

/* Distributor (IHI 0048B, table 4-1). */
struct gicd {
	uint32_t CTLR;  /* 0x000 RW Distributor Control */
	uint32_t TYPER; /* 0x004 RO Interrupt Controller Type */
	uint32_t IIDR;  /* 0x008 RO Implementer Identification */
	uint32_t reserved_00c[29];
	uint32_t IGROUPR[32];     /* 0x080 RW Interrupt Group */
	uint32_t ISENABLER[32];   /* 0x100 RW Set-Enable */
	uint32_t ICENABLER[32];   /* 0x180 RW Clear-Enable */
	uint32_t ISPENDR[32];     /* 0x200 RW Set-Pending */
	uint32_t ICPENDR[32];     /* 0x280 RW Clear-Pending */
	uint32_t ISACTIVER[32];   /* 0x300 RW Set-Active */
	uint32_t ICACTIVER[32];   /* 0x380 RW Clear-Active */
	uint8_t IPRIORITYR[1024]; /* 0x400 RW Priority, a byte each */
	uint8_t ITARGETSR[1024];  /* 0x800 RW Targets, a byte each */
	uint32_t ICFGR[64];       /* 0xc00 RW Configuration, two bits each */
	uint32_t reserved_d00[128];
	uint32_t SGIR; /* 0xf00 WO Software Generated Interrupt */
	uint32_t reserved_f04[57];
	uint32_t ICPIDR2; /* 0xfe8 RO Peripheral ID2: architecture */
};

/* CPU interface (table 4-2). */
struct gicc {
	uint32_t CTLR; /* 0x000 RW Control */
	uint32_t PMR;  /* 0x004 RW Priority Mask */
	uint32_t BPR;  /* 0x008 RW Binary Point */
	uint32_t IAR;  /* 0x00c RO Acknowledge */
	uint32_t EOIR; /* 0x010 WO End of Interrupt: priority drop */
	uint32_t reserved_014[1019];
	uint32_t DIR; /* 0x1000 WO Deactivate */
};

/* Virtual interface control (table 5-1). */
struct gich {
	uint32_t HCR;  /* 0x000 RW Hypervisor Control */
	uint32_t VTR;  /* 0x004 RO VGIC Type */
	uint32_t VMCR; /* 0x008 RW Virtual Machine Control */
	uint32_t reserved_00c;
	uint32_t MISR; /* 0x010 RO Maintenance Interrupt Status */
	uint32_t reserved_014[3];
	uint32_t EISR0; /* 0x020 RO End of Interrupt Status */
	uint32_t EISR1;
	uint32_t reserved_028[2];
	uint32_t ELRSR0; /* 0x030 RO Empty List Register Status */
	uint32_t ELRSR1;
	uint32_t reserved_038[46];
	uint32_t APR; /* 0x0f0 RW Active Priorities */
	uint32_t reserved_0f4[3];
	uint32_t LR[GIC_LIST_COUNT]; /* 0x100 RW List Registers */
};

#define GICD ((volatile struct gicd *)BOARD_GICD)
#define GICC ((volatile struct gicc *)BOARD_GICC)
#define GICH ((volatile struct gich *)BOARD_GICH)

/* GICH_HCR (5.3.1). */
#define GICH_HCR_EN             (1u << 0)
#define GICH_HCR_UIE            (1u << 1) /* maintenance when at most one is left */
#define GICH_HCR_LRENPIE        (1u << 2) /* ... at an EOI without a list register */
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

/* Enable and disable; SPIs are sent to this core alone. Any INTID below
 * BOARD_IRQ_COUNT. gic_enable() sends SPIs to the calling core. */
void gic_enable(uint32_t intid);
void gic_disable(uint32_t intid);

/* This core's bit in GICD_ITARGETSR and GICD_SGIR. */
uint32_t gic_own_target(void);

/* A software-generated interrupt to these cores; what was stored before is seen
 * there first. */
void gic_send_sgi(uint32_t targets, uint32_t sgi);

/* Highest pending interrupt, with the source core in [12:10] for an SGI;
 * INTID >= GIC_SPURIOUS if there is none (4.4.4). */
static inline uint32_t gic_acknowledge(void)
{
	return GICC->IAR;
}

/* The two halves of the end of an interrupt (3.2.1). */
static inline void gic_drop_priority(uint32_t iar)
{
	GICC->EOIR = iar;
}

static inline void gic_deactivate(uint32_t iar)
{
	GICC->DIR = iar;
}

/* The physical active state, as a hardware-linked interrupt's owner comes and
 * goes (4.3.7, 4.3.8), and whether its line asks again (4.3.5). */
void gic_set_active(uint32_t intid);
void gic_clear_active(uint32_t intid);
bool gic_is_pending(uint32_t intid);
void gic_set_pending(uint32_t intid);

/* Send an SPI to these cores from now on (4.3.12). */
void gic_set_target(uint32_t intid, uint32_t targets);
