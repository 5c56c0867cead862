// SPDX-License-Identifier: BSD-2-Clause
/*
 * Structure offsets for assembly: compiled to text from which the build makes
 * generated/offsets.h. Asserted here where the assembly relies on more.
 */
#include "arch/stage2.h"
#include "kernel/mmio.h"
#include "kernel/vcpu.h"

#define OFFSET(name, value) __asm__ volatile("\n.ascii \"->" #name " %0\"" : : "i"(value))

/* vectors.S stores r0-r12, lr below SP_hyp and pc, cpsr at it; then finds the
 * stack. */
_Static_assert(offsetof(struct vcpu, frame) == 0, "the vCPU is its trap frame");
_Static_assert(offsetof(struct vcpu_frame, lr_usr) == 13 * 4, "one stm stores r0-r12, lr");
_Static_assert(offsetof(struct vcpu_frame, pc) == 14 * 4, "at SP_hyp");
_Static_assert(offsetof(struct vcpu_frame, cpsr) == 15 * 4, "one stm stores pc, cpsr");
_Static_assert(offsetof(struct vfp_state, fpscr) == 32 * 8 &&
		       offsetof(struct vfp_state, fpexc) == 33 * 8 - 4,
	       "vfp.S: the registers, FPSCR, FPEXC");
_Static_assert(sizeof(struct mmio_region) == STAGE2_REGION_BYTES, "mksystem counts in them");
_Static_assert(_Alignof(struct vcpu) == 8, "SP_hyp's low bits count vectors");

void offsets(void);

void offsets(void)
{
	OFFSET(VCPU_PC, offsetof(struct vcpu, frame.pc));
	OFFSET(VCPU_STACK, offsetof(struct vcpu, stack));
	OFFSET(CORE_STACK_TOP, offsetof(struct core, stack) + CORE_STACK_BYTES);
}
