// SPDX-License-Identifier: BSD-2-Clause
/*
 * See psci.h. A table row per function of chapter 5 of DEN 0022; what is not in
 * it is NOT_SUPPORTED, and PSCI_FEATURES tells so.
 */
#include "kernel/psci.h"

#include "kernel/sched.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"

#define PSCI_BASE  0x84000000u
#define PSCI_COUNT 0x20u

/* Return values (5.2.2). */
#define PSCI_SUCCESS            0
#define PSCI_NOT_SUPPORTED      (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED             (-3)
#define PSCI_ALREADY_ON         (-4)

#define PSCI_VERSION_1_1     0x00010001
#define PSCI_MIGRATE_NO_NEED 2
#define SMCCC_VERSION        0x80000000u

/* These run with a call's arguments and return its result; a vCPU whose state
 * has changed does not see it. */
typedef int32_t (*psci_function)(struct vcpu *vcpu);

static int32_t version(struct vcpu *vcpu)
{
	(void)vcpu;
	return PSCI_VERSION_1_1;
}

/* Standby: like WFI, and no state is lost (5.1.2, 5.4.2). */
static int32_t cpu_suspend(struct vcpu *vcpu)
{
	if (!vgic_has_pending(vcpu))
		sched_block(vcpu);
	return PSCI_SUCCESS;
}

/* The vCPU of a VM by MPIDR affinity, or NULL. */
static struct vcpu *find_target(struct vcpu *vcpu, uint32_t mpidr)
{
	const struct vm_config *config = vcpu->vm->config;

	return mpidr < config->vcpu_count ? &config->vcpus[mpidr] : NULL;
}

static int32_t cpu_on(struct vcpu *vcpu)
{
	const struct vcpu *target = find_target(vcpu, vcpu->frame.r[1]);

	return target ? PSCI_ALREADY_ON : PSCI_INVALID_PARAMETERS;
}

/* 0: on, 1: off, 2: on pending (5.1.6). */
static int32_t affinity_info(struct vcpu *vcpu)
{
	const struct vcpu *target = find_target(vcpu, vcpu->frame.r[1]);

	if (!target || vcpu->frame.r[2] != 0)
		return PSCI_INVALID_PARAMETERS;
	return target->state == VCPU_OFF;
}

static int32_t migrate_info_type(struct vcpu *vcpu)
{
	(void)vcpu;
	return PSCI_MIGRATE_NO_NEED;
}

/* The last CPU of a uniprocessor goes: nothing can start it again. */
static int32_t cpu_off(struct vcpu *vcpu)
{
	sched_set_state(vcpu, VCPU_OFF);
	return PSCI_SUCCESS;
}

static int32_t system_off(struct vcpu *vcpu)
{
	vm_power_off(vcpu->vm);
	return PSCI_SUCCESS;
}

static int32_t system_reset(struct vcpu *vcpu)
{
	vm_start(vcpu->vm);
	return PSCI_SUCCESS;
}

/* Only the architectural warm reset, type 0 (5.1.11). */
static int32_t system_reset2(struct vcpu *vcpu)
{
	if (vcpu->frame.r[1] != 0)
		return vcpu->frame.r[1] & 1u << 31 ? PSCI_NOT_SUPPORTED : PSCI_INVALID_PARAMETERS;
	return system_reset(vcpu);
}

static int32_t features(struct vcpu *vcpu);

static const psci_function functions[PSCI_COUNT] = {
	[0x00] = version,       [0x01] = cpu_suspend,   [0x02] = cpu_off,
	[0x03] = cpu_on,        [0x04] = affinity_info, [0x06] = migrate_info_type,
	[0x08] = system_off,    [0x09] = system_reset,  [0x0a] = features,
	[0x12] = system_reset2,
};

static int32_t features(struct vcpu *vcpu)
{
	uint32_t asked = vcpu->frame.r[1];

	if (asked == SMCCC_VERSION)
		return PSCI_SUCCESS;
	if (asked - PSCI_BASE >= PSCI_COUNT || !functions[asked - PSCI_BASE])
		return PSCI_NOT_SUPPORTED;
	return PSCI_SUCCESS;
}

OUT_OF_LINE enum exit_result psci_call(struct vcpu *vcpu, uint32_t function)
{
	psci_function handler = functions[function - PSCI_BASE];
	int32_t result = handler ? handler(vcpu) : PSCI_NOT_SUPPORTED;

	/* Off, or being loaded again: its registers are not its own any more. */
	if (vcpu->state != VCPU_OFF && vcpu->state != VCPU_LOADING)
		vcpu->frame.r[0] = (uint32_t)result;
	return EXIT_JUMP;
}
