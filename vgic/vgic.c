// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vgic.h: banks, list registers and the way between them. What touches list
 * registers runs on the vCPU's own core.
 */
#include "vgic/vgic.h"

#include "arch/barrier.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/vm.h"
#include "vgic/list.h"

#define CTLR_ENABLE_GROUP0 1u
#define CTLR_ENABLE_GROUP1 2u

/* Of one that the guest made active without taking it: after all that it took. */
#define RUNNING_NOT 0xffu

struct vgic_bank *vgic_bank(struct vcpu *vcpu, uint32_t n)
{
	return n == 0 ? &vcpu->vgic.private : &vcpu->spi_banks[n - 1];
}

uint32_t vgic_forwarded(const struct vcpu *vcpu, const struct vgic_bank *bank)
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

/* ---- Whose interrupt ------------------------------------------------------------- */

struct vcpu *vgic_taker(struct vcpu *vcpu, uint32_t intid)
{
	const struct vm_config *config = vcpu->vm->config;
	const struct vgic_bank *bank;
	uint32_t i = intid % 32;

	if (CONFIG_CORE_COUNT == 1 || intid < GIC_FIRST_SPI || config->vcpu_count == 1)
		return vcpu;
	bank = &vcpu->spi_banks[intid / 32 - 1];
	if ((bank->listed | bank->active) & 1u << i)
		return &config->vcpus[bank->holder[i]];
	/* Of several targets the first; of none, nobody: whoever asks won't list it. */
	return bank->targets[i] ? &config->vcpus[__builtin_ctz(bank->targets[i])] : vcpu;
}

static bool is_taker(struct vcpu *vcpu, const struct vgic_bank *bank, uint32_t intid)
{
	if (intid < GIC_FIRST_SPI || vcpu->vm->config->vcpu_count == 1)
		return true;
	return ((bank->active & 1u << intid % 32) || bank->targets[intid % 32]) &&
	       vgic_taker(vcpu, intid) == vcpu;
}

void vgic_follow_target(struct vcpu *vcpu, uint32_t intid)
{
	const struct irq_route *route = &irq_routes[intid];

	if (intid < GIC_FIRST_SPI || vcpu->vm->config->vcpu_count == 1 ||
	    intid >= BOARD_IRQ_COUNT || !route->vcpu || route->vcpu->vm != vcpu->vm)
		return;
	gic_set_target(intid, vgic_taker(vcpu, intid)->core->gic_targets);
}

void vgic_changed(struct vcpu *vcpu, uint32_t n, uint32_t which)
{
	bool is_shared = n > 0 && vcpu->vm->config->vcpu_count > 1;
	bool is_own = !is_shared;

	for (; is_shared && which; which &= which - 1) {
		struct vcpu *taker = vgic_taker(vcpu, 32 * n + (uint32_t)__builtin_ctz(which));

		if (taker == vcpu)
			is_own = true;
		else
			request_vcpu(taker, VCPU_REQUEST_RELIST);
	}
	if (is_own)
		vgic_relist(vcpu);
}

/* ---- Linked interrupts ------------------------------------------------------------- */

void vgic_release(struct vcpu *vcpu, uint32_t n, uint32_t released)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);

	bank->linked &= ~released;
	bank->raised &= ~released;
	for (; released; released &= released - 1) {
		uint32_t intid = 32 * n + (uint32_t)__builtin_ctz(released);

		vgic_follow_target(vcpu, intid);
		gic_clear_active(intid);
	}
}

/* One that waited here while its device gave up is not pending any more: a level
 * that is gone (1.4.2). Physically active and its line still high: it shows as
 * pending, too. */
static void release_gone(struct vcpu *vcpu, uint32_t n)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);

	for (uint32_t rest = bank->raised & ~bank->edge & ~bank->listed; rest; rest &= rest - 1) {
		uint32_t intid = 32 * n + (uint32_t)__builtin_ctz(rest);

		if (is_taker(vcpu, bank, intid) && !gic_is_pending(intid))
			vgic_release(vcpu, n, rest & -rest);
	}
}

/* ---- From list registers to banks ------------------------------------------------- */

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
	bank->repeats &= ~bit;
	vgic->list_used &= ~(1u << i);
	vgic->list_pending &= ~(1u << i);
	if (lr & GICH_LR_ACTIVE)
		bank->active |= bit;
	if (was_taken) {
		bank->running[intid % 32] = list_priority(vgic->list[i]);
		bank->latched &= ~bit;
		bank->raised &= ~bit;
	}
	if (was_taken && intid < GIC_SGI_COUNT)
		list_sgi_taken(vcpu, intid, vgic->list[i]);
	if (!(lr & GICH_LR_STATE_MASK) && (bank->linked & ~bank->raised & bit)) {
		/* The hardware knew of the end if it knew of the link. */
		bank->linked &= ~bit;
		vgic_follow_target(vcpu, intid);
		if (!(vgic->list[i] & GICH_LR_HW))
			gic_clear_active(intid);
	}
	if (is_taker(vcpu, bank, intid))
		return;
	vgic_release(vcpu, intid / 32, bank->raised & bit); /* comes again over there */
	request_vcpu(vgic_taker(vcpu, intid), VCPU_REQUEST_RELIST);
}

void vgic_collect_intid(struct vcpu *vcpu, uint32_t intid)
{
	const struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t i = bank->place[intid % 32];

	if (!(bank->listed & 1u << intid % 32) || bank->holder[intid % 32] != vcpu->index)
		return;
	collect_one(vcpu, i);
	list_write(vcpu, i, 0);
}

static uint32_t take(uint32_t *asked, uint32_t which)
{
	uint32_t taken = *asked & which;

	*asked &= ~taken;
	return taken;
}

void vgic_apply(struct vcpu *vcpu, uint32_t n)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);
	uint32_t settled = ~bank->listed;
	uint32_t done;

	done = take(&bank->clear_pending, settled);
	bank->latched &= ~done;
	vgic_release(vcpu, n, bank->raised & done);
	done = take(&bank->set_pending, settled);
	bank->latched |= done;
	done = take(&bank->clear_active, settled);
	bank->active &= ~done;
	/* One that the guest made active itself may be raised: it stays so. */
	vgic_release(vcpu, n, bank->linked & ~bank->raised & done);
	done = take(&bank->set_active, settled) & ~bank->active;
	for (uint32_t rest = done; rest; rest &= rest - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(rest);

		bank->holder[i] = vgic_taker(vcpu, 32 * n + i)->index;
		bank->running[i] = RUNNING_NOT;
	}
	bank->active |= done;
}

void vgic_collect(struct vcpu *vcpu)
{
	list_finish_unlisted(vcpu);
	for (uint32_t used = vcpu->vgic.list_used; used; used &= used - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(used);

		collect_one(vcpu, i);
		list_write(vcpu, i, 0);
	}
	for (uint32_t n = 0; n < vcpu->bank_count; n++) {
		const struct vgic_bank *bank = vgic_bank(vcpu, n);

		if (bank->set_pending | bank->clear_pending | bank->set_active | bank->clear_active)
			vgic_apply(vcpu, n);
		if (vcpu_is_loaded(vcpu))
			release_gone(vcpu, n);
	}
}

/* ---- From banks to list registers ------------------------------------------------- */

/* What to list next: by priority (of an active one: when it was taken), active before
 * pending, then by number. So the next one to end has its list register, and one that
 * preempts it, too. */
struct candidate {
	uint32_t intid;
	uint32_t rank; /* lower is first; odd: pending only */
};

#define RANK_ACTIVE  0u
#define RANK_PENDING 1u
#define RANK_NONE    UINT32_MAX

/* One more than there are list registers: does anything wait in vain? */
struct candidates {
	struct candidate best[GIC_LIST_COUNT + 1];
	struct candidate pending; /* the first of those that are pending only */
	uint32_t limit;           /* of a pending one: a rank that makes no difference */
};

/* With EOImode 1 the guest deactivates by GICV_DIR, which is emulated (vgicc.c):
 * what is active need not be listed, and can't be taken again. */
static uint32_t waiting(const struct vcpu *vcpu, const struct vgic_bank *bank, bool is_split)
{
	uint32_t pending = vgic_pending(bank) & vgic_forwarded(vcpu, bank) & ~bank->listed;

	return is_split ? pending & ~bank->active : pending | bank->active;
}

static OUT_OF_LINE void insert(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid,
			       uint32_t rank, struct candidates *found)
{
	struct candidate *best = found->best;
	uint32_t i = GIC_LIST_COUNT;

	if (!is_taker(vcpu, bank, intid))
		return;
	for (; i > 0 && best[i - 1].rank > rank; i--)
		best[i] = best[i - 1];
	best[i] = (struct candidate){ intid, rank };
	if ((rank & RANK_PENDING) && rank < found->pending.rank)
		found->pending = best[i];
	found->limit = best[GIC_LIST_COUNT].rank;
	if (found->limit < found->pending.rank)
		found->limit = found->pending.rank;
}

/* Of bank n those in `which`: one look at each, for there can be 992. */
ON_FAST_PATH void consider(struct vcpu *vcpu, uint32_t n, uint32_t which, uint32_t kind,
			   struct candidates *found)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);
	const uint8_t *priority = kind ? bank->priority : bank->running;
	const uint32_t *limit = kind ? &found->limit : &found->best[GIC_LIST_COUNT].rank;

	for (; which; which &= which - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(which);
		uint32_t rank = (uint32_t)priority[i] << 1 | kind;

		if (rank < *limit)
			insert(vcpu, bank, 32 * n + i, rank, found);
	}
}

/* The first of what waits, in their order; the first pending one is among them, whatever the
 * guest has made active without taking it. */
static void find_candidates(struct vcpu *vcpu, struct candidates *found)
{
	struct candidate *last = &found->best[GIC_LIST_COUNT - 1];
	bool is_split = list_is_split(vcpu);

	for (uint32_t i = 0; i <= GIC_LIST_COUNT; i++)
		found->best[i].rank = RANK_NONE;
	found->limit = found->pending.rank = RANK_NONE;
	for (uint32_t n = 0; n < vcpu->bank_count; n++) {
		const struct vgic_bank *bank = vgic_bank(vcpu, n);
		uint32_t which = waiting(vcpu, bank, is_split);

		consider(vcpu, n, which & bank->active, RANK_ACTIVE, found);
		consider(vcpu, n, which & ~bank->active, RANK_PENDING, found);
	}
	if (last->rank < found->pending.rank && found->pending.rank != RANK_NONE)
		*last = found->pending;
}

static uint32_t list_state(struct vcpu *vcpu, uint32_t intid, bool is_waiting)
{
	const struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	if (!(bank->active & bit))
		return GICH_LR_PENDING;
	/* What comes next waits for this one's end: an SGI, for it may have another sender;
	 * and where others wait, for one of them may be before it then. */
	if (is_waiting || intid < GIC_SGI_COUNT ||
	    !(vgic_pending(bank) & vgic_forwarded(vcpu, bank) & bit))
		return GICH_LR_ACTIVE;
	return GICH_LR_STATE_MASK;
}

void vgic_refill(struct vcpu *vcpu)
{
	struct candidates found;
	const struct candidate *best = found.best;
	bool was_pending = false;
	bool is_waiting;

	if (vcpu->vgic.is_held) {
		vcpu->vgic.wants_relist = true;
		return;
	}
	find_candidates(vcpu, &found);
	is_waiting = best[GIC_LIST_COUNT].rank != RANK_NONE;
	for (uint32_t i = 0; i < GIC_LIST_COUNT && best[i].rank != RANK_NONE; i++) {
		list_fill(vcpu, i, best[i].intid, list_state(vcpu, best[i].intid, is_waiting));
		was_pending |= best[i].rank & RANK_PENDING;
	}
	list_set_maintenance(vcpu, is_waiting, was_pending);
	vcpu->vgic.relisted_at = ++vcpu->vm->vgic.relists;
	if (was_pending)
		sched_wake(vcpu);
}

void vgic_relist(struct vcpu *vcpu)
{
	vgic_collect(vcpu);
	vgic_refill(vcpu);
}

void vgic_unhold(struct vcpu *vcpu)
{
	vcpu->vgic.is_held = false;
	if (!vcpu->vgic.wants_relist)
		return;
	vcpu->vgic.wants_relist = false;
	lock_take(&vcpu->vm->lock);
	vgic_relist(vcpu);
	lock_release(&vcpu->vm->lock);
}

/* ---- Asking others ------------------------------------------------------------------ */

void vgic_relist_requested(struct vcpu *vcpu)
{
	uint32_t *askers = &vcpu->vm->vgic.askers;

	vgic_relist(vcpu);
	for (; *askers; *askers &= *askers - 1)
		request_vcpu(&vcpu->vm->config->vcpus[__builtin_ctz(*askers)], VCPU_REQUEST_RESUME);
}

void vgic_maintenance_irq(struct core *core, UNUSED uint32_t intid)
{
	struct vcpu *vcpu = core->loaded;

	if (vcpu) {
		lock_take(&vcpu->vm->lock);
		vgic_relist(vcpu);
		lock_release(&vcpu->vm->lock);
	}
	dsb(); /* the cause is gone from GICH before the interrupt may come again */
}

/* ---- Life --------------------------------------------------------------------------- */

/* The private linked interrupts' physical active state goes with the vCPU: what one VM has
 * not finished must not keep the next one's from coming. */
void vgic_save(struct vcpu *vcpu)
{
	uint32_t linked;

	list_save(vcpu);
	linked = vcpu->vgic.private.linked;
	if (linked) {
		linked &= GICD->ISACTIVER[0];
		GICD->ICACTIVER[0] = linked;
	}
	vcpu->vgic.private_active = linked;
}

void vgic_restore(struct vcpu *vcpu)
{
	if (vcpu->vgic.private_active)
		GICD->ISACTIVER[0] = vcpu->vgic.private_active;
	list_restore(vcpu);
}

void vgic_reset_interface(struct vcpu *vcpu)
{
	vgic_collect(vcpu);
	vcpu->vgic.HCR = 0;
	vcpu->vgic.VMCR = vcpu->vgic.APR = 0;
}

static void reset_bank(struct vcpu *vcpu, uint32_t n)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n);
	uint32_t linked = bank->linked;

	*bank = (struct vgic_bank){ 0 };
	__builtin_memset(bank->targets, 1, sizeof(bank->targets));
	/* Private ones went inactive when the vCPU was put aside. */
	if (n > 0)
		vgic_release(vcpu, n, linked);
}

void vgic_reset(struct vm *vm)
{
	const struct vm_config *config = vm->config;

	vm->vgic.CTLR = 0;
	for (uint32_t i = 0; i < config->vcpu_count; i++) {
		struct vgic_vcpu *vgic = &config->vcpus[i].vgic;

		*vgic = (struct vgic_vcpu){ .HCR = GICH_HCR_EN };
		reset_bank(&config->vcpus[i], 0);
		/* SGIs are always enabled and edge-triggered (4.3.5, 4.3.13). */
		vgic->private.enabled = 0xffff;
		vgic->private.edge = 0xffff;
	}
	for (uint32_t n = 1; n < config->vcpus->bank_count; n++)
		reset_bank(&config->vcpus[0], n);
}
