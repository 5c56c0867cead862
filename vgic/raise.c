// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts on their way to a guest: what is raised here is listed at once if
 * its taker is on this core, else its taker is asked to relist. See vgic.h.
 */
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vm.h"
#include "vgic/list.h"

/* Something became pending, and its taker is this vCPU: list it, at once if there
 * is room and nobody waits. */
static void deliver(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid)
{
	uint32_t bit = 1u << intid % 32;
	uint32_t free;

	if (!(vgic_forwarded(vcpu, bank) & bit)) {
		/* But if it was listed, it is active, and its end must be seen. */
		if (bank->active & bit)
			vgic_relist(vcpu);
		return;
	}
	free = list_free(vcpu);
	if (free == GIC_LIST_COUNT || ((bank->listed | bank->active) & bit) ||
	    vcpu->vgic.HCR != GICH_HCR_EN || !bank->targets[intid % 32]) {
		vgic_relist(vcpu);
		return;
	}
	list_fill(vcpu, free, intid, GICH_LR_PENDING);
	sched_wake(vcpu);
}

/* The taker, if it is one of this core's; else it is asked to see to it, and NULL. */
static struct vcpu *local_taker(struct vcpu *vcpu, uint32_t intid)
{
	struct vcpu *taker = vgic_taker(vcpu, intid);

	if (CONFIG_CORE_COUNT == 1 || taker->core == core_current())
		return taker;
	request_vcpu(taker, intid < GIC_SGI_COUNT ? VCPU_REQUEST_SGI : VCPU_REQUEST_RELIST);
	return NULL;
}

/* An edge; of an SGI, the senders are posted. */
static void raise(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid)
{
	struct vcpu *taker = local_taker(vcpu, intid);
	uint32_t bit = 1u << intid % 32;

	bank->clear_pending &= ~bit;
	if (!taker) {
		bank->set_pending |= bit;
		return;
	}
	bank->set_pending &= ~bit; /* what was asked for from elsewhere is done with this */
	if (bank->listed & bit)
		vgic_collect_intid(taker, intid);
	bank->latched |= bit;
	if (intid < GIC_SGI_COUNT)
		list_sgi_posted(taker, intid);
	deliver(taker, bank, intid);
}

void vgic_sgis_requested(struct vcpu *vcpu)
{
	uint32_t rest = vcpu->vgic.private.set_pending & GIC_SGI_MASK;

	for (; rest; rest &= rest - 1)
		raise(vcpu, &vcpu->vgic.private, (uint32_t)__builtin_ctz(rest));
}

void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid)
{
	raise(vcpu, vgic_bank(vcpu, intid / 32), intid);
}

void vgic_raise_sgi(struct vcpu *vcpu, uint32_t sgi, uint32_t source)
{
	vcpu->vgic.sgi_posted[sgi] |= (uint8_t)(1u << source);
	raise(vcpu, &vcpu->vgic.private, sgi);
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;
	struct vcpu *taker;

	if (is_high == ((bank->line & bit) != 0))
		return;
	bank->line ^= bit;
	if (is_high && (bank->edge & bit)) {
		vgic_raise_edge(vcpu, intid);
		return;
	}
	if (!is_high && !(bank->listed & bit))
		return;
	taker = local_taker(vcpu, intid);
	if (taker && is_high)
		deliver(taker, bank, intid);
	else if (taker)
		vgic_relist(taker); /* if not taken yet, it must not be any more */
}

/* ---- Linked interrupts -------------------------------------------------------------- */

/* The commonest way of all: the interrupt's list register is still there, linked and
 * once written as pending; and the guest has finished it, or it would not have come
 * again. Nothing has been changed since (the distributor would have relisted it): write
 * it once more. */
static bool raise_again(struct vcpu *vcpu, const struct vgic_bank *bank, uint32_t intid)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;
	uint32_t i = bank->place[intid % 32];

	if ((vgic->list[i] & (GICH_LR_HW | GICH_LR_ACTIVE)) != GICH_LR_HW)
		return false;
	TRACE(vcpu->core, INJECT, vcpu_number(vcpu), intid);
	list_write(vcpu, i, vgic->list[i]);
	vgic->list_pending |= 1u << i;
	sched_wake(vcpu);
	return true;
}

/* An SPI whose target has gone to another core since: it comes again there. */
static bool is_sent_on(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid)
{
	if (CONFIG_CORE_COUNT == 1 || intid < GIC_FIRST_SPI)
		return false;
	vgic_collect_intid(vcpu, intid);
	if (vgic_taker(vcpu, intid) == vcpu)
		return false;
	if (bank->edge & 1u << intid % 32)
		gic_set_pending(intid);
	vgic_follow_target(vcpu, intid);
	gic_clear_active(intid);
	return true;
}

void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;
	bool is_listed;

	timeout_look_again_if_deaf();
	if (is_sent_on(vcpu, bank, intid))
		return;
	is_listed = bank->listed & bit;
	if (is_listed && !raise_again(vcpu, bank, intid)) {
		vgic_collect_intid(vcpu, intid);
		is_listed = false;
	}
	bank->linked |= bit;
	bank->raised |= bit;
	if (!is_listed)
		deliver(vcpu, bank, intid);
}

bool vgic_has_pending(struct vcpu *vcpu)
{
	for (uint32_t used = vcpu->vgic.list_used; used; used &= used - 1)
		if (list_read(vcpu, (uint32_t)__builtin_ctz(used)) & GICH_LR_PENDING)
			return true;
	return false;
}
