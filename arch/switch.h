// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers that a world switch exchanges, each named once: the saved form,
 * save, restore and reset all come from these lists. What is not here is either
 * in the trap frame (r0-r12, LR_usr, PC, CPSR), switched lazily (vfp.h, pmu.h),
 * belongs to the timer (vtimer) or the list registers (vgic), or is the same for
 * every VM.
 *
 * X(name, value after reset). A register the architecture leaves UNKNOWN at
 * reset starts as zero, so that nothing of its former owner is left in it.
 */
#ifndef BULKHEAD_ARCH_SWITCH_H
#define BULKHEAD_ARCH_SWITCH_H

#include <stdint.h>

/* Banked general and status registers (ARM ARM DDI 0406C, B1.3.2 and B9.2.2). */
#define SWITCH_BANKED(X) \
	X(SP_usr, 0)     \
	X(SP_svc, 0)     \
	X(LR_svc, 0)     \
	X(SPSR_svc, 0)   \
	X(SP_abt, 0)     \
	X(LR_abt, 0)     \
	X(SPSR_abt, 0)   \
	X(SP_und, 0)     \
	X(LR_und, 0)     \
	X(SPSR_und, 0)   \
	X(SP_irq, 0)     \
	X(LR_irq, 0)     \
	X(SPSR_irq, 0)   \
	X(R8_fiq, 0)     \
	X(R9_fiq, 0)     \
	X(R10_fiq, 0)    \
	X(R11_fiq, 0)    \
	X(R12_fiq, 0)    \
	X(SP_fiq, 0)     \
	X(LR_fiq, 0)     \
	X(SPSR_fiq, 0)

/* SCTLR at reset: MMU and caches off, the rest as on a Cortex-A15 (its TRM,
 * DDI 0438, 4.3.27). */
#define SCTLR_RESET 0x00c50078u

/* 32-bit CP15 and ThumbEE registers. VMPIDR and VPIDR are what the guest reads
 * as MPIDR and MIDR. */
#define SWITCH_CP15_32(X)     \
	X(VMPIDR, 0)          \
	X(CSSELR, 0)          \
	X(SCTLR, SCTLR_RESET) \
	X(CPACR, 0)           \
	X(TTBCR, 0)           \
	X(DACR, 0)            \
	X(DFSR, 0)            \
	X(IFSR, 0)            \
	X(ADFSR, 0)           \
	X(AIFSR, 0)           \
	X(DFAR, 0)            \
	X(IFAR, 0)            \
	X(PRRR, 0)            \
	X(NMRR, 0)            \
	X(AMAIR0, 0)          \
	X(AMAIR1, 0)          \
	X(VBAR, 0)            \
	X(CONTEXTIDR, 0)      \
	X(TPIDRURW, 0)        \
	X(TPIDRURO, 0)        \
	X(TPIDRPRW, 0)        \
	X(CNTKCTL, 0)         \
	X(TEECR, 0)           \
	X(TEEHBR, 0)

/* 64-bit CP15 registers. */
#define SWITCH_CP15_64(X) \
	X(TTBR0, 0)       \
	X(TTBR1, 0)       \
	X(PAR, 0)

struct switch_state {
#define FIELD_32(name, reset) uint32_t name;
#define FIELD_64(name, reset) uint64_t name;
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

#endif
