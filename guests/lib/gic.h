// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's GICv2 (Arm IHI 0048B): distributor and CPU interface. Register
 * offsets are public, because tests poke them with mmio_read32 and friends.
 * INTIDs: 0..15 SGIs, 16..31 PPIs, from 32 SPIs.
 */
#ifndef GUESTS_LIB_GIC_H
#define GUESTS_LIB_GIC_H

#include <stdbool.h>
#include <stdint.h>

enum {
	GICD_CTLR = 0x000,       /* distributor control */
	GICD_TYPER = 0x004,      /* number of interrupts and CPUs */
	GICD_IIDR = 0x008,       /* implementer */
	GICD_IGROUPR = 0x080,    /* group, 1 bit an interrupt */
	GICD_ISENABLER = 0x100,  /* set-enable, 1 bit */
	GICD_ICENABLER = 0x180,  /* clear-enable, 1 bit */
	GICD_ISPENDR = 0x200,    /* set-pending, 1 bit */
	GICD_ICPENDR = 0x280,    /* clear-pending, 1 bit */
	GICD_ISACTIVER = 0x300,  /* set-active, 1 bit */
	GICD_ICACTIVER = 0x380,  /* clear-active, 1 bit */
	GICD_IPRIORITYR = 0x400, /* priority, 1 byte */
	GICD_ITARGETSR = 0x800,  /* target CPUs, 1 byte */
	GICD_ICFGR = 0xc00,      /* edge or level, 2 bits */
	GICD_SGIR = 0xf00,       /* software-generated interrupt */
	GICD_CPENDSGIR = 0xf10,  /* SGI clear-pending, 1 byte */
	GICD_SPENDSGIR = 0xf20,  /* SGI set-pending, 1 byte */
	GICD_PIDR2 = 0xfe8,      /* architecture revision in [7:4] */

	GICC_CTLR = 0x00,  /* CPU interface control */
	GICC_PMR = 0x04,   /* priority mask */
	GICC_BPR = 0x08,   /* binary point */
	GICC_IAR = 0x0c,   /* acknowledge */
	GICC_EOIR = 0x10,  /* end of interrupt */
	GICC_RPR = 0x14,   /* running priority */
	GICC_HPPIR = 0x18, /* highest pending */
	GICC_IIDR = 0xfc,  /* implementer */
	GICC_DIR = 0x1000, /* deactivate */
};

#define GIC_INTID_SPURIOUS 1023u
#define GIC_IAR_INTID      0x3ffu

/* Who gets an SGI (GICD_SGIR.TargetListFilter). */
enum gic_sgi_filter {
	GIC_SGI_LISTED, /* the CPUs in the mask */
	GIC_SGI_OTHERS, /* all but the sender */
	GIC_SGI_SELF,   /* the sender */
};

/* Turns on distributor and CPU interface and lets every priority through. */
void gic_enable(void);

/* Lets one interrupt be signalled, or not. */
void gic_enable_interrupt(uint32_t intid);
void gic_disable_interrupt(uint32_t intid);

/* Sets an interrupt's priority: 0 is the most urgent. */
void gic_set_priority(uint32_t intid, uint8_t priority);

/* Aims an SPI at the CPUs in the mask (bit 0: CPU 0). */
void gic_set_targets(uint32_t intid, uint8_t cpu_mask);

/* Makes an interrupt pending by hand (not an SGI). */
void gic_set_pending(uint32_t intid);

/* Separates priority drop from deactivation (GICC_CTLR.EOImode), or joins them. */
void gic_split_end(bool is_split);

/* Acknowledges: the GICC_IAR value (INTID in [9:0], an SGI's source in [12:10]);
 * INTID 1023 if nothing is pending. */
uint32_t gic_acknowledge(void);

/* Ends what gic_acknowledge returned: priority drop, and deactivation unless split. */
void gic_end(uint32_t iar);

/* Deactivates what gic_acknowledge returned; only when split. */
void gic_deactivate(uint32_t iar);

/* Ends and deactivates, split or not. */
void gic_end_wholly(uint32_t iar);

/* Sends SGI 0..15; the mask counts for GIC_SGI_LISTED only. */
void gic_send_sgi(uint32_t intid, enum gic_sgi_filter filter, uint8_t cpu_mask);

#endif
