// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped coprocessor registers (ARM ARM DDI 0406C, B1.14): a row for each CRn,
 * found by index. What traps is set in world.c: ACTLR, the implementation-
 * defined registers, debug, the physical counter and timer, the PMU of others.
 */

#include "arch/exception.h"
#include "arch/hsr.h"
#include "arch/regfile.h"
#include "kernel/condition.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"

static enum exit_result undefined(struct vcpu *vcpu, uint32_t hsr)
{
	(void)hsr;
	exception_inject_undefined(&vcpu->frame);
	return EXIT_JUMP;
}

static uint32_t rt(uint32_t hsr)
{
	return hsr >> HSR_CP_RT_SHIFT & HSR_CP_RT_MASK;
}

/* A register that reads as `value` and ignores writes. */
ON_FAST_PATH enum exit_result constant(struct vcpu *vcpu, uint32_t hsr, uint32_t value)
{
	if (hsr & HSR_CP_IS_READ)
		regfile_write(&vcpu->frame, rt(hsr), value);
	return EXIT_DONE;
}

#define ACTLR_SMP (1u << 6)

#define L2CTLR_CORES_SHIFT 24

/* c9: performance monitors (c12 to c14), or implementation defined; of these
 * L2CTLR tells the number of cores (A15 TRM 4.3.54), the rest is absent. */
static enum exit_result access_c9(struct vcpu *vcpu, uint32_t hsr)
{
	uint32_t crm = hsr >> 1 & 0xf;

	if (crm >= 12 && crm <= 14) {
		world_take_pmu(vcpu);
		return EXIT_WAIT; /* and now it will not trap */
	}
	if ((hsr & HSR_CP32_MASK) == HSR_CP32(1, 9, 0, 2))
		return constant(vcpu, hsr,
				(vcpu->vm->config->vcpu_count - 1u) << L2CTLR_CORES_SHIFT);
	return undefined(vcpu, hsr);
}

static enum exit_result (*const cp15_32[16])(struct vcpu *, uint32_t) = {
	[0 ... 15] = undefined,
	[9] = access_c9,
	[14] = vtimer_access_32,
};

/* Rt or Rt2 = 15 is UNPREDICTABLE, but for CP14's MRC to the flags (A8.8.107). */
static bool has_pc(uint32_t hsr)
{
	return rt(hsr) == 15;
}

static bool has_pc_in_pair(uint32_t hsr)
{
	return has_pc(hsr) || (hsr >> HSR_CP_RT2_SHIFT & HSR_CP_RT_MASK) == 15;
}

enum exit_result trap_cp15_32(struct vcpu *vcpu, uint32_t hsr)
{
	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	if (has_pc(hsr))
		return undefined(vcpu, hsr);
	/* The guest is in the coherency domain, whatever it wants (A15 TRM 4.3.28). */
	if ((hsr & HSR_CP32_MASK) == HSR_CP32(0, 1, 0, 1))
		return constant(vcpu, hsr, ACTLR_SMP);
	return cp15_32[hsr >> 10 & 0xf](vcpu, hsr);
}

enum exit_result trap_cp15_64(struct vcpu *vcpu, uint32_t hsr)
{
	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	return has_pc_in_pair(hsr) ? undefined(vcpu, hsr) : vtimer_access_64(vcpu, hsr);
}

/* Debug registers are not there: they read zero, and what a debugger's probe
 * writes is lost. APSR_nzcv as a target (Rt = 15) gets no flags. */
enum exit_result trap_cp14_32(struct vcpu *vcpu, uint32_t hsr)
{
	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	if ((hsr & HSR_CP_IS_READ) && has_pc(hsr)) {
		vcpu->frame.cpsr &= 0x0fffffffu;
		return EXIT_DONE;
	}
	return constant(vcpu, hsr, 0);
}

enum exit_result trap_cp14_64(struct vcpu *vcpu, uint32_t hsr)
{
	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	if (has_pc_in_pair(hsr))
		return undefined(vcpu, hsr);
	if (hsr & HSR_CP_IS_READ)
		regfile_write(&vcpu->frame, hsr >> HSR_CP_RT2_SHIFT & HSR_CP_RT_MASK, 0);
	return constant(vcpu, hsr, 0);
}
