// SPDX-License-Identifier: BSD-2-Clause
/*
 * See world.h. Order matters here: while the registers of two VMs mix, the
 * address translation they describe belongs to nobody (VMID 0), so nothing that
 * the core may fetch or walk speculatively is ever remembered for a VM.
 */
#include "kernel/world.h"

#include "arch/barrier.h"
#include "arch/exchange.h"
#include "arch/vectors.h"
#include "kernel/input.h"
#include "kernel/trace.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/vpmu.h"

/* Stage 2 (B3.6.5, B4.1.174): 32-bit IPA, four concatenated level-2 tables,
 * walks inner shareable and write-back write-allocate. */
#define VTCR_VALUE  0x80003500u
#define VMID_NOBODY 0u

/* Nothing is trapped that need not be. No FB and no BSU: a vCPU never leaves its
 * core. No TSW: for the same reason a guest's set/way operations reach what they
 * would reach natively, and SWIO keeps them from discarding others' dirty lines.
 * PTW: a guest that puts its tables on a device harms itself only. */
#define HCR_VALUE \
	(HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_TSC | HCR_TIDCP | HCR_TAC)

/* A guest's PL1 reads neither physical counter nor physical timer directly. */
#define CNTHCTL_VALUE 0u

/* Debug is not given to guests: all its registers trap; the PMU only to whom the manifest
 * gives it, see vpmu.h (B4.1.75). */
#define HDCR_TRAPS (HDCR_TDRA | HDCR_TDOSA | HDCR_TDA | HDCR_TPM | HDCR_TPMCR)

static void set_vttbr(const uint64_t *stage2, uint32_t high)
{
	write_VTTBR((uint64_t)high << 32 | (uint32_t)stage2);
}

#define HCPTR_TRAPPED (HCPTR_TCP_OTHERS | HCPTR_TCP_VFP)

/* WFI is only worth a trap while another vCPU lives on this core. */
static uint32_t wfi_trap(const struct core *core)
{
	/* The menu wants to see who idles. */
	bool is_watched = CONFIG_MENU && input_focus() == CONFIG_VM_COUNT;

	return core->live_count > 1 || is_watched ? HCR_TWI : 0;
}

void world_init(void)
{
	write_VTCR(VTCR_VALUE);
	write_VPIDR(read_MIDR());
	write_HSTR(0);
	write_CNTHCTL(CNTHCTL_VALUE);
	write_HCR(HCR_VALUE);
	set_vttbr(config_vms->stage2, VMID_NOBODY);
	write_HDCR((read_HDCR() & HDCR_HPMN_MASK) | HDCR_TRAPS);
	write_TLBIALLNSNH(0);
	dsb(); /* no entry of firmware's survives ... */
	isb(); /* ... under the new settings */
}

/* An abort that the leaving VM's writes have caused is its own, not the next
 * one's: wait for it, and take it (B1.9.2). True if there was one. */
static bool take_pending_abort(void)
{
	dsb(); /* its stores are complete, one way or the other */
	if (!(read_ISR() & ISR_A))
		return false;
	abort_take_pending();
	return true;
}

ON_FAST_PATH void put_aside(struct core *core, struct vcpu *vcpu)
{
	set_vttbr(vcpu->stage2, VMID_NOBODY);
	isb(); /* from here on translations are nobody's */
	switch_save(&vcpu->system);
	vtimer_save(vcpu);
	lock_take(&vcpu->vm->lock);
	vgic_save(vcpu);
	lock_release(&vcpu->vm->lock);
	if (CONFIG_PMU && core->pmu_owner == vcpu)
		vpmu_freeze(vcpu);
}

IN_ONE_PIECE void world_switch(struct core *core, struct vcpu *next)
{
	struct vcpu *previous = core->loaded;

	TRACE(core, SWITCH, vcpu_number(previous), vcpu_number(next));
	if (previous) {
		if (take_pending_abort())
			fault_asynchronous(previous);
		put_aside(core, previous);
	}
	/* First the timer: relisting asks whether its line is high. What it raises
	 * itself goes to memory, for the vCPU is not the loaded one yet. */
	vtimer_restore(next);
	switch_restore(&next->system);
	core->loaded = next;
	lock_take(&next->vm->lock);
	vgic_restore(next);
	lock_release(&next->vm->lock);
	if (CONFIG_PMU && core->pmu_owner)
		vpmu_switch(next);
	isb(); /* all of next's registers are in place before its VMID is */
	set_vttbr(next->stage2, next->vttbr_high);
}

void world_unload(struct core *core)
{
	take_pending_abort(); /* of a VM that stops: nobody asks any more */
	put_aside(core, core->loaded);
	core->loaded = NULL;
	write_CNTV_CTL(0); /* nobody's timer goes off ... */
	GICH->LR[0] = 0;   /* ... and nobody's interrupt asks to be looked after */
}

void world_update_traps(struct core *core)
{
	uint32_t twi = wfi_trap(core);

	for (uint32_t i = 0; i < core->vcpu_count; i++) {
		uint32_t *hcr = &core->vcpus[i]->system.HCR;

		*hcr = (*hcr & ~HCR_TWI) | twi;
	}
	write_HCR((read_HCR() & ~HCR_TWI) | twi);
}

void world_set_abort(struct vcpu *vcpu)
{
	if (vcpu_is_loaded(vcpu))
		write_HCR(read_HCR() | HCR_VA);
	else
		vcpu->system.HCR |= HCR_VA;
}

void world_take_vfp(struct vcpu *vcpu)
{
	struct vcpu *owner = vcpu->core->vfp_owner;

	vcpu->core->vfp_owner = vcpu;
	vcpu->system.HCPTR = HCPTR_TCP_OTHERS;
	write_HCPTR(HCPTR_TCP_OTHERS);
	isb(); /* the unit is open before it is used */
	if (owner)
		owner->system.HCPTR = HCPTR_TRAPPED;
	vfp_exchange(owner ? &owner->vfp : NULL, &vcpu->vfp);
}

void world_forget_translations(const struct vm *vm)
{
	uint64_t vttbr = read_VTTBR();

	set_vttbr(vm->config->stage2, vm->config->vcpus->vttbr_high);
	isb(); /* TLBIALL from hyp works on this VMID's entries (B4.2.2) */
	write_TLBIALLIS(0);
	dsb();
	write_VTTBR(vttbr);
	isb(); /* whoever is loaded has its translations back */
}

void world_reset(struct vcpu *vcpu, uint32_t mpidr)
{
	struct core *core = vcpu->core;

	/* What the architecture leaves UNKNOWN starts as zero, so that nothing of its
	 * former owner is left in it. */
	vcpu->system = (struct switch_state){
		.SCTLR = SCTLR_RESET,
		.VMPIDR = mpidr,
		.HCR = HCR_VALUE | wfi_trap(core),
		.HCPTR = HCPTR_TRAPPED,
	};
	vcpu->vfp = (struct vfp_state){ 0 };
	if (core->vfp_owner == vcpu)
		core->vfp_owner = NULL;
	if (CONFIG_PMU)
		vpmu_reset(vcpu);
}
