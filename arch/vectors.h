// SPDX-License-Identifier: BSD-2-Clause
/*
 * What vectors.S offers to C.
 */
#pragma once

#include "arch/regfile.h"

/* The tables for HVBAR; the hardened one is for the Cortex-A15. */
extern char vectors_plain[], vectors_hardened[];

#define ENTER_GUEST(frame, step)                                            \
	__asm__ volatile("add sp, %0, %1\n\t"                               \
			 "ldm sp, {r1, r2}\n\t" step "msr ELR_hyp, r1\n\t"  \
			 "msr SPSR_cxsf, r2\n\t"                            \
			 "ldmdb sp, {r0-r12, lr}\n\t"                       \
			 ".arch_extension virt\n\t"                         \
			 "eret"                                             \
			 :                                                  \
			 : "r"(frame), "I"(offsetof(struct vcpu_frame, pc)) \
			 : "memory")

/* Leave hyp mode into the vCPU whose frame this is; it must be loaded. The stack is
 * emptied. In line, for each trap ends with it. */
ON_FAST_PATH _Noreturn void enter_guest(const struct vcpu_frame *frame)
{
	ENTER_GUEST(frame, "");
	__builtin_unreachable();
}

/* The same, past the A32 instruction that trapped; the frame's pc is left behind. */
ON_FAST_PATH _Noreturn void enter_guest_next(const struct vcpu_frame *frame)
{
	ENTER_GUEST(frame, "add r1, r1, #4\n\t");
	__builtin_unreachable();
}

/* Take the asynchronous abort that ISR.A shows pending, and forget it. */
void abort_take_pending(void);
