// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers that a world switch exchanges, each named once: the saved form,
 * save, restore and reset all come from these lists. What is not here is either
 * in the trap frame (r0-r12, LR_usr, PC, CPSR), switched lazily (vfp.h, pmu.h),
 * belongs to the timer (vtimer) or the list registers (vgic), or is the same for
 * every VM.
 *
 * X(slot, name, value after reset). Slots are the core's own registers that carry
 * a group from the banks to memory and back with one store or load multiple. What
 * the architecture leaves UNKNOWN at reset starts as zero, so that nothing of its
 * former owner is left in it.
 */
#pragma once

#include <stdint.h>

/* Banked general and status registers (ARM ARM DDI 0406C, B1.3.2 and B9.2.2). */
#define SWITCH_BANKED_1(X) \
	X(r2, SP_usr, 0)   \
	X(r3, SP_svc, 0)   \
	X(r4, LR_svc, 0)   \
	X(r5, SPSR_svc, 0) \
	X(r6, SP_abt, 0)   \
	X(r7, LR_abt, 0)   \
	X(r8, SPSR_abt, 0) \
	X(r9, SP_und, 0)
#define SWITCH_BANKED_2(X) \
	X(r2, LR_und, 0)   \
	X(r3, SPSR_und, 0) \
	X(r4, SP_irq, 0)   \
	X(r5, LR_irq, 0)   \
	X(r6, SPSR_irq, 0) \
	X(r7, SP_fiq, 0)   \
	X(r8, LR_fiq, 0)   \
	X(r9, SPSR_fiq, 0)
#define SWITCH_BANKED_3(X) \
	X(r2, R8_fiq, 0)   \
	X(r3, R9_fiq, 0)   \
	X(r4, R10_fiq, 0)  \
	X(r5, R11_fiq, 0)  \
	X(r6, R12_fiq, 0)
#define SWITCH_BANKED(X) SWITCH_BANKED_1(X) SWITCH_BANKED_2(X) SWITCH_BANKED_3(X)

/* SCTLR at reset: MMU and caches off, the rest as on a Cortex-A15 (its TRM,
 * DDI 0438, 4.3.27). */
#define SCTLR_RESET 0x00c50078u

/* 32-bit CP15 and ThumbEE registers. VMPIDR is what the guest reads as MPIDR. */
#define SWITCH_CP15_1(X)          \
	X(r2, VMPIDR, 0)          \
	X(r3, CSSELR, 0)          \
	X(r4, SCTLR, SCTLR_RESET) \
	X(r5, CPACR, 0)           \
	X(r6, TTBCR, 0)           \
	X(r7, DACR, 0)            \
	X(r8, DFSR, 0)            \
	X(r9, IFSR, 0)
#define SWITCH_CP15_2(X) \
	X(r2, ADFSR, 0)  \
	X(r3, AIFSR, 0)  \
	X(r4, DFAR, 0)   \
	X(r5, IFAR, 0)   \
	X(r6, PRRR, 0)   \
	X(r7, NMRR, 0)   \
	X(r8, AMAIR0, 0) \
	X(r9, AMAIR1, 0)
#define SWITCH_CP15_3(X)     \
	X(r2, VBAR, 0)       \
	X(r3, CONTEXTIDR, 0) \
	X(r4, TPIDRURW, 0)   \
	X(r5, TPIDRURO, 0)   \
	X(r6, TPIDRPRW, 0)   \
	X(r7, CNTKCTL, 0)    \
	X(r8, TEECR, 0)      \
	X(r9, TEEHBR, 0)     \
	X(r10, FCSEIDR, 0)
#define SWITCH_CP15_32(X) SWITCH_CP15_1(X) SWITCH_CP15_2(X) SWITCH_CP15_3(X)

/* 64-bit CP15 registers. */
#define SWITCH_CP15_64(X) \
	X(none, TTBR0, 0) \
	X(none, TTBR1, 0) \
	X(none, PAR, 0)

struct switch_state {
#define FIELD_32(slot, name, reset) uint32_t name;
#define FIELD_64(slot, name, reset) uint64_t name;
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

/* The values after reset; mpidr is what the guest reads as its MPIDR. */
void switch_reset(struct switch_state *state, uint32_t mpidr);
