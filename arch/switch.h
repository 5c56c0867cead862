// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers that a world switch exchanges, each named once: the saved form,
 * save, restore and reset all come from these lists. What is not here is either
 * in the trap frame (r0-r12, LR_usr, PC, CPSR), switched lazily (vfp.h, pmu.h),
 * belongs to the timer (vtimer) or the list registers (vgic), or is the same for
 * every VM.
 *
 * X(slot, name). Slots are the core's own registers that carry a group from the banks
 * to memory and back with one store or load multiple.
 */
#pragma once

#include <stdint.h>

/* clang-format off */

/* Banked general and status registers (ARM ARM DDI 0406C, B1.3.2 and B9.2.2). */
#define SWITCH_BANKED_1(X) \
	X(r2, SP_usr) X(r3, SP_svc)   X(r4, LR_svc)   X(r5, SPSR_svc) \
	X(r6, SP_abt) X(r7, LR_abt)   X(r8, SPSR_abt) X(r9, SP_und)
#define SWITCH_BANKED_2(X) \
	X(r2, LR_und) X(r3, SPSR_und) X(r4, SP_irq)   X(r5, LR_irq) \
	X(r6, SPSR_irq) X(r7, SP_fiq) X(r8, LR_fiq)   X(r9, SPSR_fiq)
#define SWITCH_BANKED_3(X) \
	X(r2, R8_fiq) X(r3, R9_fiq) X(r4, R10_fiq) X(r5, R11_fiq) X(r6, R12_fiq)
#define SWITCH_BANKED(X) SWITCH_BANKED_1(X) SWITCH_BANKED_2(X) SWITCH_BANKED_3(X)

/* 32-bit CP15 and ThumbEE registers. VMPIDR is what the guest reads as MPIDR. */
#define SWITCH_CP15_1(X) \
	X(r2, VMPIDR) X(r3, CSSELR) X(r4, SCTLR) X(r5, CPACR) \
	X(r6, TTBCR)  X(r7, DACR)   X(r8, DFSR)  X(r9, IFSR)
#define SWITCH_CP15_2(X) \
	X(r2, ADFSR)  X(r3, AIFSR)  X(r4, DFAR)  X(r5, IFAR) \
	X(r6, PRRR)   X(r7, NMRR)   X(r8, AMAIR0) X(r9, AMAIR1)
#define SWITCH_CP15_3(X) \
	X(r2, VBAR)     X(r3, CONTEXTIDR) X(r4, TPIDRURW) X(r5, TPIDRURO) \
	X(r6, TPIDRPRW) X(r7, CNTKCTL)    X(r8, TEECR)    X(r9, TEEHBR) X(r10, FCSEIDR)
#define SWITCH_CP15_32(X) SWITCH_CP15_1(X) SWITCH_CP15_2(X) SWITCH_CP15_3(X)

/* 64-bit CP15 registers. */
#define SWITCH_CP15_64(X) X(none, TTBR0) X(none, TTBR1) X(none, PAR)

/* clang-format on */

struct switch_state {
#define FIELD_32(slot, name) uint32_t name;
#define FIELD_64(slot, name) uint64_t name;
	SWITCH_BANKED(FIELD_32)
	SWITCH_CP15_32(FIELD_32)
	SWITCH_CP15_64(FIELD_64)
#undef FIELD_32
#undef FIELD_64
};

/* Hardware to memory and back, on the core that runs (or is to run) the vCPU.
 * Changes take effect at the next exception return. */
void switch_save(struct switch_state *state);
void switch_restore(const struct switch_state *state);

/* SCTLR at reset: MMU and caches off, the rest as on a Cortex-A15 (its TRM,
 * DDI 0438, 4.3.27). */
#define SCTLR_RESET 0x00c50078u

/* The values after reset; mpidr is what the guest reads as its MPIDR. What the
 * architecture leaves UNKNOWN starts as zero, so that nothing of its former owner is
 * left in it. */
void switch_reset(struct switch_state *state, uint32_t mpidr);
