// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers that a world switch exchanges, each named once: the saved form,
 * save, restore and reset all come from these lists. What is not here is either
 * in the trap frame (r0-r12, LR_usr, PC, CPSR), switched lazily (vfp.h, pmu.h),
 * belongs to the list registers (vgic), or is the same for every VM.
 *
 * X(slot, name). Slots are the core's own registers that carry a group from the banks
 * to memory and back with one store or load multiple; of 64 bits, the first of two.
 */
#pragma once

#include <stdint.h>

/* clang-format off */

/* Banked general and status registers (ARM ARM DDI 0406C, B1.3.2 and B9.2.2). */
#define SWITCH_BANKED_1(X) \
	X(r2, SP_usr)   X(r3, SP_svc)   X(r4, LR_svc)    X(r5, SPSR_svc) X(r6, SP_abt) \
	X(r7, LR_abt)   X(r8, SPSR_abt) X(r9, SP_und)    X(r12, LR_und)  X(lr, SPSR_und)
#define SWITCH_BANKED_2(X) \
	X(r2, SP_irq)   X(r3, LR_irq)   X(r4, SPSR_irq)  X(r5, SP_fiq)   X(r6, LR_fiq) \
	X(r7, SPSR_fiq) X(r8, R8_fiq)   X(r9, R9_fiq)    X(r12, R10_fiq) X(lr, R11_fiq)
#define SWITCH_BANKED_3(X) \
	X(r2, R12_fiq)
#define SWITCH_BANKED(X) SWITCH_BANKED_1(X) SWITCH_BANKED_2(X) SWITCH_BANKED_3(X)

/* CP15 and ThumbEE registers. */
#define SWITCH_CP15_3(X) \
	X(r3, CSSELR)   X(r4, SCTLR)    X(r5, CPACR)     X(r6, TTBCR)    X(r7, DACR) \
	X(r8, DFSR)     X(r9, IFSR)     X(r12, ADFSR)    X(lr, AIFSR)
#define SWITCH_CP15_4(X) \
	X(r2, DFAR)     X(r3, IFAR)     X(r4, PRRR)      X(r5, NMRR)     X(r6, AMAIR0) \
	X(r7, AMAIR1)   X(r8, VBAR)     X(r9, CONTEXTIDR) X(r12, TPIDRURW) X(lr, TPIDRURO)
#define SWITCH_CP15_5_64(X) X(r2, TTBR0) X(r4, TTBR1)
#define SWITCH_CP15_5(X) \
	X(r6, TPIDRPRW) X(r7, CNTKCTL)  X(r8, TEECR)     X(r9, TEEHBR)   X(r12, FCSEIDR) \
	X(lr, CNTV_CTL)
#define SWITCH_CP15_6_64(X) X(r2, PAR)   X(r4, CNTV_CVAL)
#define SWITCH_CP15_32(X) SWITCH_CP15_3(X) SWITCH_CP15_4(X) SWITCH_CP15_5(X)
#define SWITCH_CP15_64(X) SWITCH_CP15_5_64(X) SWITCH_CP15_6_64(X)

/* The hypervisor's own, which differ between vCPUs; and of these, what only it changes:
 * nothing to save. VMPIDR is what the guest reads as MPIDR; HCPTR opens the VFP to its owner. */
#define SWITCH_HYP(X)       X(r6, HCR)
#define SWITCH_HYP_FIXED(X) X(r7, VMPIDR) X(r8, HCPTR)

/* clang-format on */

struct switch_state {
#define FIELD_32(slot, name) uint32_t name;
#define FIELD_64(slot, name) uint64_t name;
	SWITCH_BANKED(FIELD_32)
	SWITCH_CP15_3(FIELD_32)
	SWITCH_CP15_4(FIELD_32)
	SWITCH_CP15_5_64(FIELD_64)
	SWITCH_CP15_5(FIELD_32)
	SWITCH_CP15_6_64(FIELD_64)
	SWITCH_HYP(FIELD_32)
	SWITCH_HYP_FIXED(FIELD_32)
#undef FIELD_32
#undef FIELD_64
};

/* SCTLR at reset: MMU and caches off, the rest as on a Cortex-A15 (its TRM,
 * DDI 0438, 4.3.27). */
#define SCTLR_RESET 0x00c50078u
