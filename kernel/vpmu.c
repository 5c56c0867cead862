// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpmu.h. The registers stay in the unit until another vCPU of the core wants them;
 * the counters stand still while their owner is away.
 */
#include "kernel/vpmu.h"

#include "arch/cp15.h"
#include "arch/exception.h"
#include "arch/pmu.h"
#include "kernel/vm.h"

/* By vcpus[]; each is valid while another vCPU owns the unit. */
static struct pmu_state states[CONFIG_VCPU_COUNT];

static struct pmu_state *state_of(const struct vcpu *vcpu)
{
	return &states[vcpu_number(vcpu)];
}

/* Open for its owner alone. */
static void set_trap(bool is_trapped)
{
	uint32_t hdcr = read_HDCR() & ~(HDCR_TPM | HDCR_TPMCR);

	write_HDCR(is_trapped ? hdcr | HDCR_TPM | HDCR_TPMCR : hdcr);
}

enum exit_result vpmu_take(struct vcpu *vcpu)
{
	struct core *core = vcpu->core;

	if (!vcpu->vm->config->has_pmu)
		return exception_inject_undefined(&vcpu->frame);
	if (core->pmu_owner)
		pmu_save(state_of(core->pmu_owner));
	pmu_restore(state_of(vcpu));
	core->pmu_owner = vcpu;
	set_trap(false);
	pmu_thaw(state_of(vcpu));
	return EXIT_WAIT;
}

void vpmu_freeze(struct vcpu *vcpu)
{
	pmu_freeze(state_of(vcpu));
}

void vpmu_switch(struct vcpu *next)
{
	set_trap(next->core->pmu_owner != next);
	if (next->core->pmu_owner == next)
		pmu_thaw(state_of(next));
}

void vpmu_reset(struct vcpu *vcpu)
{
	*state_of(vcpu) = (struct pmu_state){ 0 };
	if (vcpu->core->pmu_owner != vcpu)
		return;
	vcpu->core->pmu_owner = NULL;
	set_trap(true);
}
