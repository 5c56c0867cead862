// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls of a guest by HVC or SMC, under the SMC Calling Convention (DEN 0028): function in
 * r0, arguments from r1 on, result in r0. PSCI 1.1 (DEN 0022), as a guest's firmware would
 * offer it, is a table row per function of its chapter 5; PSCI_FEATURES tells which. What
 * is neither that nor the version is ivc/'s, if the system has it. Unknown functions
 * answer NOT_SUPPORTED and change nothing else.
 */
#include "kernel/condition.h"
#include "kernel/sched.h"
#include "kernel/trap.h"
#include "kernel/vm.h"

#define PSCI_BASE  0x84000000u
#define PSCI_COUNT 0x20u /* functions, a power of two */

/* Return values of PSCI (5.2.2), and of others that are not known (SMCCC, table 2-1). */
#define PSCI_SUCCESS            0
#define PSCI_NOT_SUPPORTED      (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_ALREADY_ON         (-4)
#define PSCI_ON_PENDING         (-5)
#define PSCI_INVALID_ADDRESS    (-9)

#define PSCI_VERSION_1_1     0x00010001
#define PSCI_MIGRATE_NO_NEED 2
#define SMCCC_VERSION        0x80000000u
#define SMCCC_VERSION_1_1    0x00010001

/* These run with a call's arguments and return its result. */
typedef int32_t (*psci_function)(struct vcpu *vcpu);

static int32_t version(UNUSED struct vcpu *vcpu)
{
	return PSCI_VERSION_1_1;
}

/* Of power_state: reserved, or a power level beyond the core's own (5.4.2.1). */
#define POWER_STATE_INVALID 0xfffe0000u

/* Standby, also where power-down is allowed: like WFI, and no state is lost (5.1.2). */
static int32_t cpu_suspend(struct vcpu *vcpu)
{
	if (vcpu->frame.r[1] & POWER_STATE_INVALID)
		return PSCI_INVALID_PARAMETERS;
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

/* Several may ask at once: one of them is the first (5.1.4, 5.6). */
static int32_t cpu_on(struct vcpu *vcpu)
{
	static const int32_t results[] = {
		[VCPU_POWER_OFF] = PSCI_SUCCESS, /* before */
		[VCPU_POWER_ON] = PSCI_ALREADY_ON,
		[VCPU_POWER_PENDING] = PSCI_ON_PENDING,
	};
	struct vcpu *target = find_target(vcpu, vcpu->frame.r[1]);
	uint32_t entry = vcpu->frame.r[2];
	pa_t pa;

	if (!target)
		return PSCI_INVALID_PARAMETERS;
	if (target->power == VCPU_POWER_OFF &&
	    !guest_ram_find(vcpu->vm->config, (ipa_t){ entry & ~1u }, &pa))
		return PSCI_INVALID_ADDRESS;
	return results[vm_start_vcpu(target, entry, vcpu->frame.r[3])];
}

/* 0: on, 1: off, 2: on pending (5.1.6), as enum vcpu_power. */
static int32_t affinity_info(struct vcpu *vcpu)
{
	struct vcpu *target = find_target(vcpu, vcpu->frame.r[1]);

	if (!target || vcpu->frame.r[2] != 0)
		return PSCI_INVALID_PARAMETERS;
	return (int32_t)target->power;
}

static int32_t migrate_info_type(UNUSED struct vcpu *vcpu)
{
	return PSCI_MIGRATE_NO_NEED;
}

/* If it is the last one, nothing can start the VM again but the console. */
static int32_t cpu_off(struct vcpu *vcpu)
{
	vm_stop_vcpu(vcpu);
	return PSCI_SUCCESS;
}

static int32_t system_off(struct vcpu *vcpu)
{
	vm_stop(vcpu->vm, VM_NEXT_OFF);
	return PSCI_SUCCESS;
}

static int32_t system_reset(struct vcpu *vcpu)
{
	vm_stop(vcpu->vm, VM_NEXT_LOAD);
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

static OUT_OF_LINE enum exit_result psci_call(struct vcpu *vcpu, uint32_t function)
{
	psci_function handler = functions[function - PSCI_BASE];
	int32_t result = handler ? handler(vcpu) : PSCI_NOT_SUPPORTED;

	vcpu->frame.r[0] = (uint32_t)result; /* of one that is off, nobody will see it */
	return EXIT_JUMP;
}

/* The immediate of HVC and SMC is not looked at: DEN 0028 (2.9) gives a meaning to
 * zero only. EXIT_JUMP: the caller is gone, or r0 is set and the PC is right. */
ON_FAST_PATH enum exit_result call(struct vcpu *vcpu)
{
	uint32_t function = vcpu->frame.r[0];

	if ((function & ~(PSCI_COUNT - 1)) == PSCI_BASE)
		return psci_call(vcpu, function);
	if (function != SMCCC_VERSION)
		vcpu->frame.r[0] = config_call ? config_call(vcpu) : (uint32_t)PSCI_NOT_SUPPORTED;
	else
		vcpu->frame.r[0] = SMCCC_VERSION_1_1;
	return EXIT_JUMP;
}

/* HVC returns behind itself on its own (B1.8.9): no step. */
enum exit_result trap_hypercall(struct vcpu *vcpu, UNUSED uint32_t hsr)
{
	return call(vcpu);
}

/* A trapped SMC has not been executed: step over it first, for the guest may be
 * somewhere else afterwards. */
enum exit_result trap_smc(struct vcpu *vcpu, uint32_t hsr)
{
	bool is_executed = condition_passed(hsr, vcpu->frame.cpsr);

	vcpu_skip(vcpu, hsr & HSR_IL ? 4 : 2);
	return is_executed ? call(vcpu) : EXIT_JUMP;
}
