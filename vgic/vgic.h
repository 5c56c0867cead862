// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual interrupt controller: a guest's interrupts, from "asked for" to the
 * list registers of the hardware (GICv2, IHI 0048B, chapter 5). The guest
 * acknowledges and finishes interrupts on its own through GICV; its distributor
 * is emulated (vgicd.c), and so is GICV_DIR (vgicc.c).
 *
 * A bank is 32 interrupts, a bit each, laid out as in the distributor. While an
 * interrupt is listed, its list register holds the truth of pending and active;
 * vgic_collect() brings it home, vgic_refill() lists anew by priority. Only a vCPU's
 * own core touches its list registers: others leave what they want done in the bank
 * and request a relist.
 *
 * The VM's lock is held by the callers of all these functions but vgic_sgis_*():
 * what of a vCPU is private is its own core's, but for the SGIs that others post.
 */
#pragma once

#include "arch/gic.h"
#include "config/system.h"
#include "kernel/mmio.h"

struct vgic_bank {
	uint32_t group1;
	uint32_t enabled;
	uint32_t edge;    /* else level-sensitive */
	uint32_t latched; /* pending: an edge, an SGI, a set-pending */
	uint32_t line;    /* level of an emulated device's interrupt line */
	uint32_t active;  /* and not listed */
	uint32_t listed;  /* sits in a list register, the holder's */
	uint32_t linked;  /* physically active on the guest's behalf */
	uint32_t raised;  /* of these, the guest has not taken them yet: pending */
	/* Asked for, and to be done when no list register has a say: vgic_apply(). */
	uint32_t set_pending;
	uint32_t clear_pending;
	uint32_t set_active;
	uint32_t clear_active;
	/* Of those listed: active then; or pending alone, so that it can be so once more. */
	uint32_t listed_active;
	uint32_t repeats;
	uint8_t priority[32];
	uint8_t running[32]; /* of an active one: its priority when it was taken */
	uint8_t targets[32]; /* a bit per vCPU */
	uint8_t holder[32];  /* of a listed or active one: the vCPU's index */
	uint8_t place[32];   /* of a listed one: its list register there */
};

/* What the vCPUs of a VM share. */
struct vgic_vm {
	uint32_t CTLR;
	uint64_t relists; /* that ever took place, of any vCPU */
	uint32_t askers;  /* a bit per vCPU that waits for others to relist */
};

struct vgic_vcpu {
	struct vgic_bank private;           /* INTID 0 .. 31 */
	uint8_t sgi_sources[GIC_SGI_COUNT]; /* pending SGIs: a bit per sender */
	/* Senders whose SGIs this vCPU's core has yet to list: VCPU_REQUEST_SGI. */
	_Atomic uint8_t sgi_posted[GIC_SGI_COUNT];
	uint8_t sgi_active_source[GIC_SGI_COUNT];
	uint32_t list[GIC_LIST_COUNT]; /* list registers as last written or saved */
	uint32_t list_used;            /* a bit per list register we filled */
	uint32_t list_pending;         /* ... with something pending */
	bool is_held;                  /* nothing is listed: emulate.c; and then ... */
	bool wants_relist;             /* ... something was to be */
	uint64_t relisted_at;          /* vgic_vm.relists after the last one */
	uint64_t asked_at;             /* ... when it began to ask others; 0: it does not */
	uint32_t HCR;                  /* GICH_HCR; unless it is EN: relist when loaded */
	uint32_t VMCR;                 /* GICH_VMCR, GICH_APR, while not loaded ... */
	uint32_t APR;                  /* ... and what is physically active of the private ones */
	uint32_t private_active;
};

/* As after a reset of the VM; no vCPU of it may be loaded. Interrupts that were
 * physically active for it are deactivated. */
void vgic_reset(struct vm *vm);

/* As after a reset of the vCPU: its CPU interface only (4.4). Not loaded. */
void vgic_reset_interface(struct vcpu *vcpu);

/* A passed-through interrupt (or the timer's PPI) was acknowledged physically on
 * this vCPU's core: give it to the guest, whose end of interrupt will deactivate
 * it. */
void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid);

/* The same for a private one of a vCPU that is not loaded, as if its line had risen: it is
 * physically active when the vCPU is. Nothing if it is already, for it can't come twice. */
void vgic_raise_absent(struct vcpu *vcpu, uint32_t intid);

/* An edge, or the level of an emulated device's line; an SPI of the VM, or a PPI
 * of this vCPU. On any core. */
void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid);
void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high);

/* A software-generated interrupt, 0 .. 15, from vCPU `source` of the same VM. On
 * any core. */
void vgic_raise_sgi(struct vcpu *vcpu, uint32_t sgi, uint32_t source);

/* Is any interrupt waiting for the loaded guest to take it? (Then WFI doesn't wait.) */
bool vgic_has_pending(struct vcpu *vcpu);

/* Bring every interrupt that this vCPU has listed home; list again what is due.
 * Always both: between the two, the banks hold the truth but for what other vCPUs
 * have listed. */
void vgic_collect(struct vcpu *vcpu);
void vgic_refill(struct vcpu *vcpu);
void vgic_relist(struct vcpu *vcpu);

/* What was to be listed while it was held back is listed now. */
void vgic_unhold(struct vcpu *vcpu);

/* A request for that; tells those who wait for it. */
void vgic_relist_requested(struct vcpu *vcpu);

/* A request of other cores: list these SGIs (a bit each), which they have posted. The
 * caller holds no lock; what is loaded is its core's alone, and mostly needs none. */
void vgic_sgis_requested(struct vcpu *vcpu, uint32_t sgis);
void vgic_sgis_of_loaded(struct vcpu *vcpu, uint32_t sgis);

/* These interrupts of bank n have other settings or another state: have each whom
 * it concerns relist; vcpu itself at once. */
void vgic_changed(struct vcpu *vcpu, uint32_t n, uint32_t which);

/* Do what was asked for in bank n, of those that are not listed. */
void vgic_apply(struct vcpu *vcpu, uint32_t n);

/* Have those who list these interrupts of bank n relisted since vcpu began to ask
 * (now, if it did not yet)? If not, they are asked to, and vcpu is to wait. */
bool vgic_are_fresh(struct vcpu *vcpu, uint32_t n, uint32_t which);

/* A linked interrupt has come here: if its target has gone to another core since, it comes
 * again over there. */
bool vgic_is_sent_on(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid);

/* The bank of interrupts 32 * n ... 32 * n + 31 as this vCPU sees it. */
struct vgic_bank *vgic_bank(struct vcpu *vcpu, uint32_t n);

/* Which interrupts of a bank are pending, of those that are not listed. */
uint32_t vgic_pending(const struct vgic_bank *bank);

/* Who has this interrupt listed or active, or else is to get it. */
struct vcpu *vgic_taker(struct vcpu *vcpu, uint32_t intid);

/* Give linked interrupts of bank n back: were a line still high, it would come
 * again. */
void vgic_release(struct vcpu *vcpu, uint32_t n, uint32_t released);

/* Where a passed-through SPI comes in physically: on its target's core. */
void vgic_follow_target(struct vcpu *vcpu, uint32_t intid);

/* The world switch's part; vgic_restore() when the vCPU is the loaded one. */
void vgic_save(struct vcpu *vcpu);
void vgic_restore(struct vcpu *vcpu);

/* Accesses to the 4 KiB of the distributor; `device` is not used; vgicd_access: narrow ones.
 * EXIT_WAIT if another core has to tell first, else EXIT_DONE: reserved locations and unsupported sizes read
 * zero and ignore writes (4.1.4). */
enum exit_result vgicd_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
mmio_reader vgicd_read;
mmio_writer vgicd_write;

/* An access to the second page of the CPU interface, GICV_DIR (4.4.15); the first is
 * GICV's own. This one is emulated, since the hardware would not tell which interrupt was
 * meant if that one sits in no list register. Always EXIT_DONE. */
enum exit_result vgicc_access(struct vcpu *vcpu, void *device, struct mmio *mmio);

/* PPI 25: a list register wants attention (5.2.3). */
void vgic_maintenance_irq(struct core *core, uint32_t intid);
