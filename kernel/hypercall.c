// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls of a guest by HVC or SMC, under the SMC Calling Convention (DEN 0028):
 * function in r0, arguments from r1 on, result in r0. Unknown functions answer
 * NOT_SUPPORTED and change nothing else.
 */
#include "kernel/hypercall.h"

#include "arch/hsr.h"
#include "kernel/condition.h"
#include "kernel/psci.h"
#include "kernel/trap.h"
#include "kernel/vcpu.h"

#define SMCCC_VERSION     0x80000000u
#define SMCCC_VERSION_1_1 0x00010001u
#define CALL_RANGE_PSCI   0x84000000u
#define CALL_RANGE_MASK   0xffffffe0u
#define CALL_IMMEDIATE    0xffffu /* only HVC #0 and SMC #0 are calls */

static enum exit_result call(struct vcpu *vcpu, uint32_t hsr)
{
	uint32_t function = vcpu->frame.r[0];

	if (hsr & CALL_IMMEDIATE)
		vcpu->frame.r[0] = SMCCC_NOT_SUPPORTED;
	else if ((function & CALL_RANGE_MASK) == CALL_RANGE_PSCI)
		return psci_call(vcpu, function);
	else if (function == SMCCC_VERSION)
		vcpu->frame.r[0] = SMCCC_VERSION_1_1;
	else
		vcpu->frame.r[0] = SMCCC_NOT_SUPPORTED;
	return EXIT_DONE;
}

/* HVC returns behind itself on its own (B1.8.9): no step. */
enum exit_result trap_hypercall(struct vcpu *vcpu, uint32_t hsr)
{
	enum exit_result result = call(vcpu, hsr);

	return result == EXIT_DONE ? EXIT_JUMP : result;
}

/* A trapped SMC has not been executed, and its syndrome has no immediate. */
enum exit_result trap_smc(struct vcpu *vcpu, uint32_t hsr)
{
	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	return call(vcpu, 0);
}
