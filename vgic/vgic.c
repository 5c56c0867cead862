// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vgic.h: banks, list registers and the way between them. Runs on the
 * vCPU's own core.
 */
#include "vgic/vgic.h"

#include "arch/barrier.h"
#include "kernel/core.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/trace.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "vgic/list.h"

#define CTLR_ENABLE_GROUP0 1u
#define CTLR_ENABLE_GROUP1 2u

/* Of a list register: what the distributor's settings have put in. */
#define LR_ATTRIBUTES (GICH_LR_GROUP1 | 0x1fu << GICH_LR_PRIORITY_SHIFT)

struct vgic_bank *vgic_bank(struct vcpu *vcpu, uint32_t n)
{
	return n == 0 ? &vcpu->vgic.private : &vcpu->vm->config->spi_banks[n - 1];
}

static uint32_t bank_count(const struct vcpu *vcpu)
{
	return vcpu->vm->config->irq_count / 32u;
}

/* Interrupts that the distributor lets through, pending or not (4.3.1). */
static uint32_t forwarded(const struct vcpu *vcpu, const struct vgic_bank *bank)
{
	uint32_t ctlr = vcpu->vm->vgic.CTLR;
	uint32_t groups = 0;

	if (ctlr & CTLR_ENABLE_GROUP0)
		groups |= ~bank->group1;
	if (ctlr & CTLR_ENABLE_GROUP1)
		groups |= bank->group1;
	return groups & bank->enabled;
}

uint32_t vgic_pending(const struct vgic_bank *bank)
{
	return bank->latched | bank->raised | (bank->line & ~bank->edge);
}

/* Does this vCPU get interrupt i of bank n? Private ones always. */
static bool is_target(const struct vcpu *vcpu, const struct vgic_bank *bank, uint32_t n, uint32_t i)
{
	return n == 0 || (bank->targets[i] & -bank->targets[i]) == 1u << vcpu->config->index;
}

/* The guest is done with a linked interrupt. If the hardware knew of the link, so
 * is it; else it is told. */
static void finish_linked(struct vgic_bank *bank, uint32_t intid, uint32_t lr)
{
	bank->linked &= ~(1u << intid % 32);
	if (!(lr & GICH_LR_HW))
		gic_clear_active(intid);
}

/* Bring the interrupt of list register i home: its bank says what the list
 * register told, and the list register is free. */
static void collect_one(struct vcpu *vcpu, uint32_t i)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;
	uint32_t lr = list_read(vcpu, i);
	uint32_t intid = vgic->list[i] & GICH_LR_VIRTUAL_MASK;
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;
	bool was_taken = (vgic->list_pending & 1u << i) && !(lr & GICH_LR_PENDING);

	bank->listed &= ~bit;
	vgic->list_used &= ~(1u << i);
	vgic->list_pending &= ~(1u << i);
	if (lr & GICH_LR_ACTIVE)
		bank->active |= bit;
	if (was_taken) {
		bank->latched &= ~bit;
		bank->raised &= ~bit;
	}
	if (was_taken && intid < GIC_SGI_COUNT)
		list_sgi_taken(vcpu, intid, vgic->list[i]);
	if (!(lr & GICH_LR_STATE_MASK) && (bank->linked & bit))
		finish_linked(bank, intid, vgic->list[i]);
}

/* The same for one interrupt, wherever it is listed. */
static void collect_intid(struct vcpu *vcpu, uint32_t intid)
{
	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++) {
		if (!(vcpu->vgic.list_used & 1u << i) ||
		    (vcpu->vgic.list[i] & GICH_LR_VIRTUAL_MASK) != intid)
			continue;
		collect_one(vcpu, i);
		list_write(vcpu, i, 0);
	}
}

/* A linked interrupt that waited here while its device gave up is not pending any
 * more: a level that is gone (1.4.2). */
static void drop_if_gone(struct vgic_bank *bank, uint32_t intid)
{
	uint32_t bit = 1u << intid % 32;

	/* Physically active and its line still high: it shows as pending, too. */
	if (gic_is_pending(intid))
		return;
	bank->raised &= ~bit;
	bank->linked &= ~bit;
	gic_clear_active(intid);
}

/* Part of the truth: linked ones whose device has given up. */
static void drop_gone(struct vcpu *vcpu)
{
	for (uint32_t n = 0; n < bank_count(vcpu); n++) {
		struct vgic_bank *bank = vgic_bank(vcpu, n);

		for (uint32_t rest = bank->raised & ~bank->edge; rest; rest &= rest - 1)
			drop_if_gone(bank, 32 * n + (uint32_t)__builtin_ctz(rest));
	}
}

void vgic_collect(struct vcpu *vcpu)
{
	for (uint32_t used = vcpu->vgic.list_used; used; used &= used - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(used);

		collect_one(vcpu, i);
		list_write(vcpu, i, 0);
	}
	if (vcpu_is_loaded(vcpu))
		drop_gone(vcpu);
}

/* What to list next: by priority, active before pending, then by number. A
 * pending one behind an active one of its priority can't be taken anyway; one
 * before it must be listed, even if that one then is not. */
struct candidate {
	uint32_t intid;
	uint32_t rank; /* lower is first; odd: pending only */
};

#define RANK_PENDING 1u
#define RANK_NONE    UINT32_MAX

static void consider_bank(struct vcpu *vcpu, uint32_t n, struct candidate *best)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);
	uint32_t waiting =
		(bank->active | (vgic_pending(bank) & forwarded(vcpu, bank))) & ~bank->listed;

	while (waiting) {
		uint32_t i = (uint32_t)__builtin_ctz(waiting);
		uint32_t rank = (uint32_t)bank->priority[i] << 1;

		waiting &= waiting - 1;
		if (!(bank->active & 1u << i))
			rank |= RANK_PENDING;
		if (rank >= best->rank || !is_target(vcpu, bank, n, i))
			continue;
		*best = (struct candidate){ .intid = 32 * n + i, .rank = rank };
	}
}

static struct candidate next_candidate(struct vcpu *vcpu)
{
	struct candidate best = { .rank = RANK_NONE };

	for (uint32_t n = 0; n < bank_count(vcpu); n++)
		consider_bank(vcpu, n, &best);
	return best;
}

/* As it is to stand in a list register. */
static uint32_t state_of(struct vcpu *vcpu, uint32_t intid)
{
	const struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	if (!(bank->active & bit))
		return GICH_LR_PENDING;
	/* The next SGI may have another sender: it waits for this one's end. */
	if (intid < GIC_SGI_COUNT || !(vgic_pending(bank) & forwarded(vcpu, bank) & bit))
		return GICH_LR_ACTIVE;
	return GICH_LR_STATE_MASK;
}

void vgic_refill(struct vcpu *vcpu)
{
	struct candidate next;
	bool was_pending = false;

	for (next = next_candidate(vcpu); next.rank != RANK_NONE; next = next_candidate(vcpu)) {
		uint32_t free = list_free(vcpu);

		if (free == GIC_LIST_COUNT)
			break;
		list_fill(vcpu, free, next.intid, state_of(vcpu, next.intid));
		was_pending |= next.rank & RANK_PENDING;
	}
	list_set_maintenance(vcpu, next.rank != RANK_NONE, was_pending);
	if (was_pending)
		sched_wake(vcpu);
}

void vgic_relist(struct vcpu *vcpu)
{
	vgic_collect(vcpu);
	vgic_refill(vcpu);
}

/* Something became pending in `bank`: list it, at once if there is room and
 * nobody waits. */
static void deliver(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid)
{
	uint32_t bit = 1u << intid % 32;
	uint32_t free;

	if (!(forwarded(vcpu, bank) & bit)) {
		/* But if it was listed, it is active, and its end must be seen. */
		if (bank->active & bit)
			vgic_relist(vcpu);
		return;
	}
	free = list_free(vcpu);
	if (free == GIC_LIST_COUNT || (bank->listed & bit) || vcpu->vgic.HCR != GICH_HCR_EN) {
		vgic_relist(vcpu);
		return;
	}
	list_fill(vcpu, free, intid, state_of(vcpu, intid));
	sched_wake(vcpu);
}

/* The commonest way of all: the interrupt's list register is still there, linked,
 * and the guest has finished it, or it would not have come again. Nothing has been
 * changed since (the distributor would have relisted it): write it once more. */
static bool raise_again(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_vcpu *vgic = &vcpu->vgic;
	uint32_t lr = GICH_LR_HW | GICH_LR_PENDING | intid << GICH_LR_PHYSICAL_SHIFT | intid;

	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++) {
		if (((vgic->list[i] ^ lr) & ~LR_ATTRIBUTES) || !(vgic->list_used & 1u << i))
			continue;
		TRACE(vcpu->core, INJECT, vcpu_number(vcpu), intid);
		list_write(vcpu, i, vgic->list[i]);
		vgic->list_pending |= 1u << i;
		sched_wake(vcpu);
		return true;
	}
	return false;
}

/* Some models don't look at a physical line again when the guest's EOI deactivates
 * it (QEMU 7.2: gic_complete_irq()). A line that was high again by then is seen at
 * the next physical interrupt: see to it that there is one. No silicon needs that;
 * the board's description says who does. */
static void look_again_if_deaf(const struct vcpu *vcpu)
{
	if (BOARD_GIC_EOI_IS_DEAF)
		timeout_look_again(vcpu->core);
}

void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	bool is_listed = bank->listed & bit;

	look_again_if_deaf(vcpu);
	if (is_listed && !raise_again(vcpu, intid)) {
		collect_intid(vcpu, intid);
		is_listed = false;
	}
	bank->linked |= bit;
	bank->raised |= bit;
	if (!is_listed)
		deliver(vcpu, bank, intid);
}

void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	if (bank->listed & bit)
		collect_intid(vcpu, intid);
	bank->latched |= bit;
	deliver(vcpu, bank, intid);
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	if (is_high == ((bank->line & bit) != 0))
		return;
	bank->line ^= bit;
	if (is_high) {
		if (bank->edge & bit)
			vgic_raise_edge(vcpu, intid);
		else
			deliver(vcpu, bank, intid);
	} else if (bank->listed & bit) {
		vgic_relist(vcpu); /* if not taken yet, it must not be any more */
	}
}

void vgic_raise_sgi(struct vcpu *vcpu, uint32_t sgi, uint32_t source)
{
	struct vgic_bank *bank = &vcpu->vgic.private;

	if (bank->listed & 1u << sgi)
		collect_intid(vcpu, sgi);
	vcpu->vgic.sgi_sources[sgi] |= (uint8_t)(1u << source);
	bank->latched |= 1u << sgi;
	deliver(vcpu, bank, sgi);
}

bool vgic_has_pending(struct vcpu *vcpu)
{
	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++)
		if ((vcpu->vgic.list_used & 1u << i) && (list_read(vcpu, i) & GICH_LR_PENDING))
			return true;
	return false;
}

void vgic_maintenance_irq(const struct irq_route *route, struct core *core, uint32_t iar)
{
	(void)route;
	gic_drop_priority(iar);
	if (core->loaded) {
		list_finish_unlisted(core->loaded);
		vgic_relist(core->loaded);
	}
	dsb(); /* the cause is gone from GICH before the interrupt may come again */
	gic_deactivate(iar);
}

/* The private linked interrupts' physical active state goes with the vCPU: what
 * one VM has not finished must not keep the next one's from coming. */
static void switch_linked(const struct vcpu *vcpu, void (*set_or_clear)(uint32_t intid))
{
	uint32_t linked = vcpu->vgic.private.linked;

	while (linked) {
		set_or_clear((uint32_t)__builtin_ctz(linked));
		linked &= linked - 1;
	}
}

void vgic_save(struct vcpu *vcpu)
{
	list_finish_unlisted(vcpu);
	list_save(vcpu, collect_one);
	switch_linked(vcpu, gic_clear_active);
}

void vgic_restore(struct vcpu *vcpu)
{
	switch_linked(vcpu, gic_set_active);
	list_restore(vcpu);
	if (vcpu->vgic.wants_relist)
		vgic_relist(vcpu);
	vcpu->vgic.wants_relist = false;
}

static void reset_bank(struct vgic_bank *bank, uint32_t first_intid)
{
	uint32_t linked = bank->linked;

	/* Private ones went inactive when the vCPU was put aside. */
	for (; linked && first_intid; linked &= linked - 1)
		gic_clear_active(first_intid + (uint32_t)__builtin_ctz(linked));
	*bank = (struct vgic_bank){ 0 };
	for (uint32_t i = 0; i < 32; i++)
		bank->targets[i] = 1;
}

void vgic_reset(struct vm *vm)
{
	const struct vm_config *config = vm->config;

	vm->vgic.CTLR = 0;
	for (uint32_t i = 0; i < config->vcpu_count; i++) {
		struct vgic_vcpu *vgic = &config->vcpus[i].vgic;

		*vgic = (struct vgic_vcpu){ .HCR = GICH_HCR_EN };
		reset_bank(&vgic->private, 0);
		/* SGIs are always enabled and edge-triggered (4.3.5, 4.3.13). */
		vgic->private.enabled = 0xffff;
		vgic->private.edge = 0xffff;
	}
	for (uint32_t n = 1; n < config->irq_count / 32u; n++)
		reset_bank(&config->spi_banks[n - 1], 32 * n);
}
