// SPDX-License-Identifier: BSD-2-Clause
/*
 * See list.h. `list[]` remembers what was written to each list register: the
 * interrupt's number and an SGI's sender stay legible after the guest has
 * finished it.
 */
#include "vgic/list.h"

#include "kernel/trace.h"
#include "kernel/vm.h"

uint32_t list_read(const struct vcpu *vcpu, uint32_t i)
{
	return vcpu_is_loaded(vcpu) ? GICH->LR[i] : vcpu->vgic.list[i];
}

void list_write(struct vcpu *vcpu, uint32_t i, uint32_t lr)
{
	vcpu->vgic.list[i] = lr;
	if (vcpu_is_loaded(vcpu))
		GICH->LR[i] = lr;
}

uint32_t list_free(const struct vcpu *vcpu)
{
	uint32_t free = ~vcpu->vgic.list_used & ((1u << GIC_LIST_COUNT) - 1);

	return free ? (uint32_t)__builtin_ctz(free) : GIC_LIST_COUNT;
}

bool list_is_split(const struct vcpu *vcpu)
{
	return (vcpu_is_loaded(vcpu) ? GICH->VMCR : vcpu->vgic.VMCR) & GICH_VMCR_EOIMODE;
}

/* Of an SGI, its sender: of the active one, else the first that waits. The end is for us
 * to hear of if another one waits behind it. */
static uint32_t sender_bits(const struct vgic_vcpu *vgic, uint32_t sgi, bool is_active)
{
	uint32_t waiting = vgic->sgi_sources[sgi];
	uint32_t sender = vgic->sgi_active_source[sgi];

	if (!is_active) {
		sender = waiting ? (uint32_t)__builtin_ctz(waiting) : 0;
		waiting &= waiting - 1;
	}
	return sender << GICH_LR_SOURCE_SHIFT | (waiting ? GICH_LR_EOI : 0);
}

/* What distinguishes the kinds: a link, a sender, or a wish to hear of the end.
 * The hardware can't link an interrupt that is both pending and active (5.3.8), and some
 * can't well link one whose line stays high: their end is for us to pass on. */
static uint32_t kind_bits(struct vcpu *vcpu, const struct vgic_bank *bank, uint32_t intid,
			  uint32_t state)
{
	uint32_t bit = 1u << intid % 32;
	bool comes_again = (state & GICH_LR_ACTIVE) && (vgic_pending(bank) & bit);

	if (bank->linked & bit && CONFIG_HEARS_ENDS && irq_routes[intid].hears_end)
		return GICH_LR_EOI;
	if (bank->linked & bit)
		return comes_again ? GICH_LR_EOI : GICH_LR_HW | intid << GICH_LR_PHYSICAL_SHIFT;
	if (intid < GIC_SGI_COUNT)
		return sender_bits(&vcpu->vgic, intid, state & GICH_LR_ACTIVE);
	/* Looked at again when the guest is done with it: a level, and what comes again but is
	 * not listed so. */
	if (!(bank->edge & bit) || (comes_again && state == GICH_LR_ACTIVE))
		return GICH_LR_EOI;
	return 0;
}

void list_fill(struct vcpu *vcpu, uint32_t i, uint32_t intid, uint32_t state)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;
	uint32_t lr = intid | (uint32_t)(bank->priority[intid % 32] >> 3) << GICH_LR_PRIORITY_SHIFT;

	if (bank->group1 & bit)
		lr |= GICH_LR_GROUP1;
	lr |= kind_bits(vcpu, bank, intid, state);
	bank->active &= ~bit;
	bank->listed |= bit;
	bank->holder[intid % 32] = vcpu->index;
	bank->place[intid % 32] = (uint8_t)i;
	if (state == GICH_LR_PENDING)
		bank->repeats |= bit;
	bank->listed_active = (bank->listed_active & ~bit) | (state & GICH_LR_ACTIVE ? bit : 0);
	vcpu->vgic.list_used |= 1u << i;
	if (state & GICH_LR_PENDING)
		vcpu->vgic.list_pending |= 1u << i;
	TRACE(vcpu->core, INJECT, vcpu_number(vcpu), intid);
	list_write(vcpu, i, lr | state);
}

void list_sgi_taken(struct vcpu *vcpu, uint32_t sgi, uint32_t lr)
{
	uint32_t source = (lr >> GICH_LR_SOURCE_SHIFT) & GICH_LR_SOURCE_MASK;

	vcpu->vgic.sgi_active_source[sgi] = (uint8_t)source;
	vcpu->vgic.sgi_sources[sgi] &= (uint8_t) ~(1u << source);
	if (vcpu->vgic.sgi_sources[sgi])
		vcpu->vgic.private.latched |= 1u << sgi;
}

void list_set_maintenance(struct vcpu *vcpu, bool is_waiting, bool has_pending)
{
	uint32_t hcr = GICH_HCR_EN;

	if (is_waiting)
		hcr |= GICH_HCR_LRENPIE | (has_pending ? GICH_HCR_NPIE : 0);
	if (vcpu->vgic.HCR == hcr)
		return;
	vcpu->vgic.HCR = hcr;
	if (vcpu_is_loaded(vcpu))
		GICH->HCR = hcr;
}

/* The active interrupt of the highest priority that is not listed: the one taken last,
 * for only a higher priority preempts. Its bank in *bank, or NULL. */
static uint32_t first_unlisted_active(struct vcpu *vcpu, struct vgic_bank **bank)
{
	uint32_t best = 0x100;
	uint32_t intid = 0;

	*bank = NULL;
	for (uint32_t n = 0; n < vcpu->bank_count; n++) {
		struct vgic_bank *candidate = vgic_bank(vcpu, n);

		for (uint32_t rest = candidate->active; rest; rest &= rest - 1) {
			uint32_t i = (uint32_t)__builtin_ctz(rest);

			if (candidate->running[i] >= best || vgic_taker(vcpu, 32 * n + i) != vcpu)
				continue;
			best = candidate->running[i];
			*bank = candidate;
			intid = 32 * n + i;
		}
	}
	return intid;
}

static OUT_OF_LINE void finish_unlisted(struct vcpu *vcpu)
{
	uint32_t count = vcpu_is_loaded(vcpu) ? GICH->HCR >> GICH_HCR_EOICOUNT_SHIFT : 0;

	if (!count)
		return;
	for (; count; count--) {
		struct vgic_bank *bank;
		uint32_t intid = first_unlisted_active(vcpu, &bank);

		if (!bank)
			break;
		bank->active &= ~(1u << intid % 32);
		if (bank->linked & ~bank->raised & 1u << intid % 32) {
			bank->linked &= ~(1u << intid % 32);
			gic_clear_active(intid);
		}
	}
	GICH->HCR = vcpu->vgic.HCR; /* EOICount back to zero */
}

void list_finish_unlisted(struct vcpu *vcpu)
{
	if (vcpu->vgic.HCR != GICH_HCR_EN) /* else nothing was unlisted */
		finish_unlisted(vcpu);
}

/* Nearly always the first list register is all there is. */
static bool has_more(const struct vgic_vcpu *vgic)
{
	return (vgic->list_used >> 1 | (vgic->HCR ^ GICH_HCR_EN)) != 0;
}

/* Those that are not in use are zero. The maintenance interrupt is not heard any more. */
static OUT_OF_LINE void save_more(struct vcpu *vcpu)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;

	for (uint32_t i = 1; i < GIC_LIST_COUNT; i++) {
		vgic->list[i] = GICH->LR[i];
		GICH->LR[i] = 0;
	}
	list_finish_unlisted(vcpu);
	GICH->HCR = GICH_HCR_EN;
}

/* What the guest has finished stays listed, as it does while it runs. */
void list_save(struct vcpu *vcpu)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;

	vgic->VMCR = GICH->VMCR;
	vgic->APR = GICH->APR;
	vgic->list[0] = GICH->LR[0];
	if (has_more(vgic))
		save_more(vcpu);
}

static OUT_OF_LINE void restore_more(struct vcpu *vcpu)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;

	for (uint32_t i = 1; i < GIC_LIST_COUNT; i++)
		GICH->LR[i] = vgic->list[i];
	if (vgic->HCR == GICH_HCR_EN)
		return;
	vgic->HCR = GICH_HCR_EN;
	vgic_relist(vcpu);
}

void list_restore(struct vcpu *vcpu)
{
	const struct vgic_vcpu *vgic = &vcpu->vgic;

	GICH->VMCR = vgic->VMCR;
	GICH->APR = vgic->APR;
	GICH->LR[0] = vgic->list[0];
	if (has_more(vgic))
		restore_more(vcpu);
}
