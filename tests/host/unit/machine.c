// SPDX-License-Identifier: BSD-2-Clause
/*
 * See machine.h.
 */
#include "tests/host/unit/machine.h"

#include <string.h>

#include "kernel/request.h"
#include "kernel/sched.h"
#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/unit.h"
#include "kernel/mmio.h"
#include "vgic/vgic.h"

#define SETTLE_STEPS 40u

struct vm vms[MACHINE_GUESTS];
struct vcpu vcpus[MACHINE_GUESTS];
struct core cores[2]; /* the guests' one, and another */
struct guest machine_guests[MACHINE_GUESTS];

static struct vgic_bank spi_banks[MACHINE_GUESTS][ORACLE_IRQS / 32 - 1];
static struct vm_config vm_configs[MACHINE_GUESTS];

static const struct {
	uint32_t intid, guest;
} spis[] = { { 40, 0 }, { 41, 0 }, { 42, 1 } };

void sched_unblock(struct vcpu *vcpu)
{
	if (vcpu->state == VCPU_IDLE)
		vcpu->state = VCPU_READY;
}

const struct irq_route irq_routes[BOARD_IRQ_COUNT];

struct guest *machine_owner(uint32_t intid)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(spis); i++)
		if (spis[i].intid == intid)
			return &machine_guests[spis[i].guest];
	return intid == MACHINE_TIMER ? machine_loaded() : NULL;
}

bool oracle_is_device_high(const struct oracle *oracle, uint32_t n)
{
	const struct guest *guest =
		(const struct guest *)((const char *)oracle - offsetof(struct guest, oracle));

	return n == MACHINE_TIMER ? guest->is_timer_high : gicp_is_high(n);
}

struct guest *machine_loaded(void)
{
	return cores[0].loaded ? &machine_guests[cores[0].loaded - vcpus] : NULL;
}

static void init_guest(uint32_t i)
{
	vm_configs[i] = (struct vm_config){
		.name = "guest",
		.vcpus = &vcpus[i],
		.vcpu_count = 1,
	};
	vms[i].config = &vm_configs[i];
	vcpus[i].vm = &vms[i];
	vcpus[i].spi_banks = spi_banks[i];
	vcpus[i].bank_count = ORACLE_IRQS / 32;
	vcpus[i].TYPER = ORACLE_IRQS / 32 - 1;
	vcpus[i].core = &cores[0];
	vcpus[i].vm_bit = 1u << i;
	cores[0].vcpus[i] = &vcpus[i];
	vcpus[i].state = VCPU_READY;
	machine_guests[i] = (struct guest){ .vm = &vms[i], .vcpu = &vcpus[i] };
	machine_guests[i].oracle.vcpu_count = 1;
}

void machine_init(void)
{
	memset(vms, 0, sizeof(vms));
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(spi_banks, 0, sizeof(spi_banks));
	cores[0].vcpu_count = MACHINE_GUESTS;
	cores[0].gic_targets = 1;
	cores[0].vms_allowed = UINT32_MAX;
	write_HTPIDR((uint32_t)(uintptr_t)&cores[0]);
	gic_model_reset();
	gic_init_core();
	gic_enable(MACHINE_TIMER);
	for (uint32_t i = 0; i < ARRAY_SIZE(spis); i++)
		gic_enable(spis[i].intid);
	for (uint32_t i = 0; i < MACHINE_GUESTS; i++) {
		init_guest(i);
		vgic_reset(&vms[i]);
		oracle_reset(&machine_guests[i].oracle);
	}
}

static void leave(struct guest *guest)
{
	guest->vmcr = gich_vmcr();
	guest->apr = gich_apr();
	gicp_set_line(MACHINE_TIMER, false);
	vgic_save(guest->vcpu);
}

void machine_switch(struct guest *next)
{
	struct guest *last = machine_loaded();

	unit_log("switch to %d", next ? (int)(next - machine_guests) : -1);
	if (next)
		next->vcpu->state = VCPU_READY;
	if (next == last)
		return;
	if (last)
		leave(last);
	if (!next) { /* as in world.c */
		cores[0].loaded = NULL;
		GICH->LR[0] = 0;
		return;
	}
	gicp_set_line(MACHINE_TIMER, next->is_timer_high);
	cores[0].loaded = next->vcpu;
	vgic_restore(next->vcpu);
	unit_check(gich_vmcr() == next->vmcr, "GICH_VMCR was 0x%x when left, and is 0x%x",
		   next->vmcr, gich_vmcr());
	unit_check(gich_apr() == next->apr, "GICH_APR was 0x%x when left, and is 0x%x", next->apr,
		   gich_apr());
}

void machine_restart(struct guest *guest)
{
	unit_log("restart %d", (int)(guest - machine_guests));
	if (machine_loaded() == guest)
		machine_switch(NULL);
	vgic_reset(guest->vm);
	oracle_reset(&guest->oracle);
	guest->has_booted = guest->is_timer_high = false;
	guest->vmcr = guest->apr = 0;
	guest->open_count = guest->dropped_count = 0;
	guest->vcpu->state = VCPU_READY;
}

void machine_set_timer(struct guest *guest, bool is_high)
{
	guest->is_timer_high = is_high;
	if (machine_loaded() == guest)
		gicp_set_line(MACHINE_TIMER, is_high);
}

static bool take_physical(void)
{
	uint32_t intid = gicp_take();
	struct guest *owner;

	if (intid == GICV_SPURIOUS)
		return false;
	owner = machine_owner(intid);
	unit_log("physical %u", intid);
	owner->oracle.irq[intid].is_linked_taken = true;
	vgic_raise_linked(owner->vcpu, intid);
	return true;
}

static bool take_maintenance(void)
{
	if (!machine_loaded() || !gich_is_asking())
		return false;
	unit_log("maintenance");
	vgic_maintenance_irq(&cores[0], BOARD_IRQ_MAINTENANCE);
	return true;
}

/* Into the trail: what the hardware has listed. */
static void log_lists(void)
{
	unit_log("                        lists %08x %08x %08x %08x", gich_lr(0), gich_lr(1),
		 gich_lr(2), gich_lr(3));
}

void machine_settle(bool is_shuffled)
{
	log_lists();
	for (uint32_t n = 0; n < SETTLE_STEPS; n++) {
		if (!(is_shuffled && take_physical()) && !take_maintenance() && !take_physical())
			return;
		log_lists();
	}
	unit_check(false, "interrupts don't end: the guest never gets on");
}

static void check_list(const struct oracle *oracle, uint32_t lr)
{
	uint32_t n = gich_lr_intid(lr);
	const struct oracle_irq *irq;

	unit_check(n < ORACLE_IRQS, "listed: INTID %u", n);
	irq = &oracle->irq[n];
	unit_check(gich_lr_is_active(lr) == irq->is_active, "%u listed as 0x%x; is active: %d", n,
		   lr, irq->is_active);
	if (gich_lr_is_pending(lr))
		unit_check(oracle_may_pend(oracle, n), "%u listed as 0x%x, but not pending", n, lr);
	if (gich_lr_is_pending(lr) && !gich_lr_is_active(lr))
		unit_check(oracle_is_forwarded(oracle, n),
			   "%u listed as 0x%x; enabled: %d, group1: %d, CTLR: %u", n, lr,
			   irq->is_enabled, irq->is_group1, oracle->CTLR);
	unit_check((lr >> 23 & 0x1f) == irq->priority >> 3, "%u listed as 0x%x; priority: 0x%x", n,
		   lr, irq->priority);
	unit_check((lr >> 30 & 1) == irq->is_group1, "%u listed as 0x%x; group1: %d", n, lr,
		   irq->is_group1);
	if (lr >> 31)
		unit_check((lr >> 10 & 0x3ff) == n && gicp_is_active(n),
			   "%u listed as 0x%x; physically active: %d", n, lr, gicp_is_active(n));
}

static void check_lists(struct guest *guest)
{
	const struct oracle *oracle = &guest->oracle;
	uint64_t seen = 0;

	machine_learn(guest);
	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++) {
		uint32_t lr = gich_lr(i);

		if (!gich_lr_is_pending(lr) && !gich_lr_is_active(lr))
			continue;
		check_list(oracle, lr);
		unit_check(!(seen >> gich_lr_intid(lr) & 1), "%u is listed twice",
			   gich_lr_intid(lr));
		seen |= 1ull << gich_lr_intid(lr);
	}
}

/* The best one is in a list register, however many are active. */
static void check_delivery(const struct guest *guest)
{
	int best = oracle_best(&guest->oracle);
	int i = gicv_best(false);

	if (best < 0)
		return;
	unit_check(i >= 0, "%d is pending and enabled, but nothing is listed", best);
	unit_check((gich_lr((uint32_t)i) >> 23 & 0x1f) <= guest->oracle.irq[best].priority >> 3,
		   "%d of priority 0x%x waits; 0x%x is the best that is listed", best,
		   guest->oracle.irq[best].priority, gich_lr((uint32_t)i));
	unit_check(vgic_has_pending(guest->vcpu), "%d is pending, vgic_has_pending() denies it",
		   best);
}

/* What is physically active has a guest that is going to finish it, or one that
 * did so and left before its maintenance interrupt came. */
static void check_physical(uint32_t intid)
{
	const struct guest *owner = machine_owner(intid);

	if (!gicp_is_active(intid) || (owner && owner != machine_loaded()))
		return;
	unit_check(owner && (owner->oracle.irq[intid].is_active ||
			     oracle_may_pend(&owner->oracle, intid)),
		   "%u is physically active, and nobody will finish it", intid);
}

void machine_check(void)
{
	struct guest *loaded = machine_loaded();

	if (loaded) {
		check_lists(loaded);
		check_delivery(loaded);
	}
	for (uint32_t i = 0; i < MACHINE_GUESTS; i++) {
		const struct guest *guest = &machine_guests[i];

		if (guest->vcpu->state == VCPU_IDLE)
			unit_check(oracle_best(&guest->oracle) < 0,
				   "%d is pending, guest %u sleeps", oracle_best(&guest->oracle),
				   i);
	}
	check_physical(MACHINE_TIMER);
	for (uint32_t i = 0; i < ARRAY_SIZE(spis); i++)
		check_physical(spis[i].intid);
}
