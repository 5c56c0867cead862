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

/* The commonest way of all: the list register that an interrupt was in is still there,
 * once written as pending, and nothing has been changed since (the distributor would have
 * relisted it): it is pending once more. lr: its content, inactive. */
static void list_again(struct vcpu *vcpu, uint32_t i, uint32_t lr)
{
	TRACE(vcpu->core, INJECT, vcpu_number(vcpu), lr & GICH_LR_VIRTUAL_MASK);
	list_write(vcpu, i, lr | GICH_LR_PENDING);
	sched_wake(vcpu);
}

/* So for an edge, if the guest has not taken it yet or has finished it. */
ON_FAST_PATH bool raise_again(struct vcpu *vcpu, const struct vgic_bank *bank, uint32_t intid)
{
	uint32_t i = bank->place[intid % 32];
	uint32_t lr;

	if (!(bank->repeats & 1u << intid % 32))
		return false;
	lr = list_read(vcpu, i);
	if (lr & GICH_LR_ACTIVE)
		return false;
	list_again(vcpu, i, lr);
	return true;
}

/* The taker, if it is one of this core's; else it is asked to see to it, and NULL. */
static struct vcpu *local_taker(struct vcpu *vcpu, uint32_t intid)
{
	struct vcpu *taker = vgic_taker(vcpu, intid);

	if (CONFIG_CORE_COUNT == 1 || taker->core == core_current())
		return taker;
	request_vcpu(taker, VCPU_REQUEST_RELIST);
	return NULL;
}

void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid)
{
	struct vcpu *taker = local_taker(vcpu, intid);
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	/* What was asked for from elsewhere is done with this. */
	if (CONFIG_CORE_COUNT > 1) {
		bank->clear_pending &= ~bit;
		bank->set_pending = (bank->set_pending & ~bit) | (taker ? 0 : bit);
	}
	if (!taker)
		return;
	if (raise_again(taker, bank, intid))
		return;
	if (bank->listed & bit)
		vgic_collect_intid(taker, intid);
	bank->latched |= bit;
	deliver(taker, bank, intid);
}

/* What others have posted. */
static void take_sgi(struct vcpu *vcpu, uint32_t sgi)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;
	uint8_t senders = atomic_exchange(&vgic->sgi_posted[sgi], 0);

	if (!senders)
		return; /* the VM was reset since */
	vgic_collect_intid(vcpu, sgi);
	vgic->sgi_sources[sgi] |= senders;
	vgic->private.latched |= 1u << sgi;
	deliver(vcpu, &vgic->private, sgi);
}

OUT_OF_LINE void vgic_sgis_requested(struct vcpu *vcpu, uint32_t sgis)
{
	lock_take(&vcpu->vm->lock); /* once: in a storm all wait for it */
	for (; sgis; sgis &= sgis - 1)
		take_sgi(vcpu, (uint32_t)__builtin_ctz(sgis));
	lock_release(&vcpu->vm->lock);
}

/* Mostly nobody has sent it but the one whose it was last, and its list register will do. */
ON_FAST_PATH bool take_sgi_again(struct vcpu *vcpu, uint32_t sgi)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;
	uint8_t senders = atomic_exchange_explicit(&vgic->sgi_posted[sgi], 0, memory_order_relaxed);

	if (!vcpu_is_loaded(vcpu))
		__builtin_unreachable();
	if (senders == vgic->sgi_sources[sgi] && raise_again(vcpu, &vgic->private, sgi))
		return true;
	atomic_fetch_or_explicit(&vgic->sgi_posted[sgi], senders, memory_order_relaxed);
	return false;
}

void vgic_sgis_of_loaded(struct vcpu *vcpu, uint32_t sgis)
{
	while (sgis && take_sgi_again(vcpu, (uint32_t)__builtin_ctz(sgis)))
		sgis &= sgis - 1;
	if (sgis)
		vgic_sgis_requested(vcpu, sgis);
}

void vgic_raise_sgi(struct vcpu *vcpu, uint32_t sgi, uint32_t source)
{
	atomic_fetch_or_explicit(&vcpu->vgic.sgi_posted[sgi], (uint8_t)(1u << source),
				 memory_order_relaxed);
	if (vcpu->index == source)
		take_sgi(vcpu, sgi);
	else
		request_vcpu(vcpu, (uint32_t)VCPU_REQUEST_SGI << sgi);
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

void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;
	uint32_t place = bank->place[intid % 32];

	timeout_look_again_if_deaf();
	if (CONFIG_CORE_COUNT > 1 && vgic_is_sent_on(vcpu, bank, intid))
		return;
	/* The guest has finished it, or it would not have come again. */
	if ((bank->repeats & bit) && (vcpu->vgic.list[place] & GICH_LR_HW)) {
		list_again(vcpu, place, vcpu->vgic.list[place] & ~GICH_LR_STATE_MASK);
		return;
	}
	vgic_collect_intid(vcpu, intid);
	bank->linked |= bit;
	bank->raised |= bit;
	deliver(vcpu, bank, intid);
}

void vgic_raise_absent(struct vcpu *vcpu, uint32_t intid)
{
	const struct vgic_bank *bank = &vcpu->vgic.private;
	uint32_t *lr = &vcpu->vgic.list[bank->place[intid]];

	if (vcpu->vgic.private_active & 1u << intid)
		return;
	vcpu->vgic.private_active |= 1u << intid;
	timeout_look_again_if_deaf();
	if ((bank->repeats & 1u << intid) && (*lr & GICH_LR_HW)) {
		TRACE(vcpu->core, INJECT, vcpu_number(vcpu), intid);
		*lr = (*lr & ~GICH_LR_STATE_MASK) | GICH_LR_PENDING;
	} else {
		vgic_raise_linked(vcpu, intid);
	}
}

EVERYWHERE_IN_LINE bool vgic_has_pending(struct vcpu *vcpu)
{
	for (uint32_t i = 0; vcpu->vgic.list_used >> i; i++)
		if (GICH->LR[i] & GICH_LR_PENDING)
			return true;
	return false;
}
