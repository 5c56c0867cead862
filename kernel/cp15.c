// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped coprocessor registers (ARM ARM DDI 0406C, B1.14). What traps is set in
 * world.c: ACTLR, the implementation-defined registers, debug, the physical counter
 * and timer, the PMU of others (vpmu.h), or of a VM that has none.
 */

#include "arch/exception.h"
#include "kernel/condition.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/vpmu.h"

/* The guest is in the coherency domain, whatever it wants (A15 TRM 4.3.28). */
#define ACTLR     HSR_CP32(0, 1, 0, 1)
#define ACTLR_SMP (1u << 6)

/* Of what is implementation defined, this one tells the number of cores (A15 TRM
 * 4.3.54), the rest is absent. */
#define L2CTLR             HSR_CP32(1, 9, 0, 2)
#define L2CTLR_CORES_SHIFT 24

/* Debug registers are not there: they read zero, and what a debugger's probe writes
 * is lost. */
static bool is_debug(uint32_t hsr)
{
	uint32_t class = hsr >> HSR_EC_SHIFT;

	return class == HSR_EC_CP14_32 || class == HSR_EC_CP14_64;
}

/* c9, c12 to c14. */
static bool is_pmu(uint32_t hsr)
{
	return (hsr & HSR_CP_CRN_MASK) == HSR_CP32(0, 9, 0, 0) && (hsr >> 1 & 0xf) - 12 < 3;
}

/* These two are false if there is no such register. */
static bool read_register(const struct vcpu *vcpu, uint32_t name, uint64_t *value)
{
	if (name != L2CTLR)
		return is_debug(name) || vtimer_read(vcpu, name, value);
	*value = (vcpu->vm->config->vcpu_count - 1u) << L2CTLR_CORES_SHIFT;
	return true;
}

static bool write_register(struct vcpu *vcpu, uint32_t name, uint64_t value)
{
	return name == L2CTLR || is_debug(name) || vtimer_write(vcpu, name, value);
}

static OUT_OF_LINE enum exit_result access_register(struct vcpu *vcpu, uint32_t hsr, bool is_pair)
{
	struct vcpu_frame *frame = &vcpu->frame;
	uint32_t name = hsr & (is_pair ? HSR_CP64_MASK : HSR_CP32_MASK);
	uint32_t rt = hsr >> HSR_CP_RT_SHIFT & HSR_CP_RT_MASK;
	uint32_t rt2 = hsr >> HSR_CP_RT2_SHIFT & HSR_CP_RT_MASK;
	uint64_t value = 0;

	/* UNPREDICTABLE. */
	if (rt == 15 || (is_pair && rt2 == 15))
		return exception_inject_undefined(frame);
	if (CONFIG_PMU && is_pmu(name))
		return vpmu_take(vcpu);
	if (hsr & HSR_CP_IS_READ) {
		if (!read_register(vcpu, name, &value))
			return exception_inject_undefined(frame);
		regfile_write(frame, rt, (uint32_t)value);
		if (is_pair)
			regfile_write(frame, rt2, (uint32_t)(value >> 32));
		return EXIT_DONE;
	}
	value = regfile_read(frame, rt);
	if (is_pair)
		value |= (uint64_t)regfile_read(frame, rt2) << 32;
	return write_register(vcpu, name, value) ? EXIT_DONE : exception_inject_undefined(frame);
}

enum exit_result trap_coprocessor(struct vcpu *vcpu, uint32_t hsr)
{
	uint32_t class = hsr >> HSR_EC_SHIFT, rt = hsr >> HSR_CP_RT_SHIFT & HSR_CP_RT_MASK;

	if (!condition_passed(hsr, vcpu->frame.cpsr))
		return EXIT_DONE;
	if ((hsr & HSR_CP32_MASK) == ACTLR && rt != 15) {
		if (hsr & HSR_CP_IS_READ)
			regfile_write(&vcpu->frame, rt, ACTLR_SMP);
		return EXIT_DONE;
	}
	/* CP14's MRC to the flags (A8.8.107): they get zeroes. */
	if (class == HSR_EC_CP14_32 && rt == 15) {
		if (hsr & HSR_CP_IS_READ)
			vcpu->frame.cpsr &= 0x0fffffffu;
		return EXIT_DONE;
	}
	return access_register(vcpu, hsr, class == HSR_EC_CP15_64 || class == HSR_EC_CP14_64);
}
