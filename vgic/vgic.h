// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual interrupt controller: a guest's interrupts, from "asked for" to the
 * list registers of the hardware (GICv2, IHI 0048B, chapter 5). The guest
 * acknowledges and finishes interrupts on its own through GICV; its distributor
 * is emulated (vgicd.h).
 *
 * A bank is 32 interrupts, a bit each, laid out as in the distributor. While an
 * interrupt is listed, its list register holds the truth of pending and active;
 * vgic_collect() brings it home, vgic_refill() lists anew by priority.
 */
#ifndef BULKHEAD_VGIC_VGIC_H
#define BULKHEAD_VGIC_VGIC_H

#include "arch/gic.h"
#include "config/system.h"
#include "kernel/types.h"

struct vgic_bank {
	uint32_t group1;
	uint32_t enabled;
	uint32_t edge;    /* else level-sensitive */
	uint32_t latched; /* pending: an edge, an SGI, a set-pending */
	uint32_t line;    /* level of an emulated device's interrupt line */
	uint32_t active;  /* and not listed */
	uint32_t listed;  /* sits in a list register */
	uint32_t linked;  /* physically active on the guest's behalf */
	uint32_t raised;  /* of these, the guest has not taken them yet: pending */
	uint8_t priority[32];
	uint8_t targets[32]; /* a bit per vCPU */
};

/* What the vCPUs of a VM share. */
struct vgic_vm {
	uint32_t CTLR;
};

struct vgic_vcpu {
	struct vgic_bank private;           /* INTID 0 .. 31 */
	uint8_t sgi_sources[GIC_SGI_COUNT]; /* pending SGIs: a bit per sender */
	uint8_t sgi_active_source[GIC_SGI_COUNT];
	uint32_t list[GIC_LIST_COUNT]; /* list registers as last written or saved */
	uint32_t list_used;            /* a bit per list register we filled */
	uint32_t list_pending;         /* ... with something pending */
	bool wants_relist;             /* an end was seen when it was put aside */
	uint32_t HCR;                  /* GICH_HCR, GICH_VMCR, GICH_APR while not loaded */
	uint32_t VMCR;
	uint32_t APR;
};

/* As after a reset of the VM; no vCPU of it may be loaded. Interrupts that were
 * physically active for it are deactivated. */
void vgic_reset(struct vm *vm);

/* A passed-through interrupt (or the timer's PPI) was acknowledged physically:
 * give it to the guest, whose end of interrupt will deactivate it. */
void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid);

/* An edge, or the level of an emulated device's line. */
void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid);
void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high);

/* A software-generated interrupt, 0 .. 15, from vCPU `source` of the same VM. */
void vgic_raise_sgi(struct vcpu *vcpu, uint32_t sgi, uint32_t source);

/* Is any interrupt waiting for the guest to take it? (Then WFI doesn't wait.) */
bool vgic_has_pending(struct vcpu *vcpu);

/* Bring every listed interrupt home; list again what is due. Always both: between
 * the two, the banks hold the whole truth and may be changed. */
void vgic_collect(struct vcpu *vcpu);
void vgic_refill(struct vcpu *vcpu);

/* Both at once: after a change to settings of interrupts that may be listed. */
void vgic_relist(struct vcpu *vcpu);

/* The bank of interrupts 32 * n ... 32 * n + 31 as this vCPU sees it. */
struct vgic_bank *vgic_bank(struct vcpu *vcpu, uint32_t n);

/* Which interrupts of a bank are pending, of those that are not listed. */
uint32_t vgic_pending(const struct vgic_bank *bank);

/* The world switch's part; vgic_restore() when the vCPU is the loaded one. */
void vgic_save(struct vcpu *vcpu);
void vgic_restore(struct vcpu *vcpu);

/* PPI 25: a list register wants attention (5.2.3). */
void vgic_maintenance_irq(const struct irq_route *route, struct core *core, uint32_t iar);

#endif
