// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls of a guest by HVC or SMC, under the SMC Calling Convention (DEN 0028):
 * function in r0, arguments from r1 on, result in r0. What is neither PSCI nor the
 * version is ivc/'s, if the system has it. Unknown functions answer NOT_SUPPORTED and
 * change nothing else.
 */
#include "kernel/condition.h"
#include "kernel/trap.h"
#include "kernel/vcpu.h"

#define SMCCC_VERSION       0x80000000u
#define SMCCC_VERSION_1_1   0x00010001u
#define SMCCC_NOT_SUPPORTED 0xffffffffu /* table 2-1 */
#define CALL_RANGE_PSCI     0x84000000u
#define CALL_RANGE_MASK     0xffffffe0u

/* The immediate of HVC and SMC is not looked at: DEN 0028 (2.9) gives a meaning to
 * zero only. EXIT_JUMP: the caller is gone, or r0 is set and the PC is right. */
ON_FAST_PATH enum exit_result call(struct vcpu *vcpu)
{
	uint32_t function = vcpu->frame.r[0];

	if ((function & CALL_RANGE_MASK) == CALL_RANGE_PSCI)
		return psci_call(vcpu, function);
	if (function != SMCCC_VERSION)
		vcpu->frame.r[0] = config_call ? config_call(vcpu) : SMCCC_NOT_SUPPORTED;
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
