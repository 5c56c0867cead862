// SPDX-License-Identifier: BSD-2-Clause
/*
 * The CP15 and CP14 registers that the hypervisor uses: a line each, read and
 * written like variables, read_HSR(), write_HCR(x), under the manual's names
 * (ARM ARM DDI 0406C, B3.17, B4.1, B6.1 and B8.2).
 * Writes that change context need an isb() before their effect is relied upon.
 */
#pragma once

#include <stdint.h>

/* By name, type, and the instructions to read and to write it; also in banked.h. */
#define CPU_REGISTER(name, type, read, write)                      \
	static inline type read_##name(void)                       \
	{                                                          \
		type value;                                        \
		__asm__ volatile(read : "=r"(value));              \
		return value;                                      \
	}                                                          \
	static inline void write_##name(type value)                \
	{                                                          \
		__asm__ volatile(write : : "r"(value) : "memory"); \
	}

#define COPROC_32(name, cp, opc1, crn, crm, opc2)                                              \
	CPU_REGISTER(name, uint32_t, "mrc " #cp ", " #opc1 ", %0, " #crn ", " #crm ", " #opc2, \
		     "mcr " #cp ", " #opc1 ", %0, " #crn ", " #crm ", " #opc2)

#define COPROC_64(name, cp, opc1, crm)                                           \
	CPU_REGISTER(name, uint64_t, "mrrc " #cp ", " #opc1 ", %Q0, %R0, " #crm, \
		     "mcrr " #cp ", " #opc1 ", %Q0, %R0, " #crm)

/* clang-format off */

/* Identification. */
COPROC_32(MIDR,       p15, 0, c0,  c0, 0)
COPROC_32(CTR,        p15, 0, c0,  c0, 1)
COPROC_32(MPIDR,      p15, 0, c0,  c0, 5)
COPROC_32(CSSELR,     p15, 2, c0,  c0, 0)
COPROC_32(VPIDR,      p15, 4, c0,  c0, 0)
COPROC_32(VMPIDR,     p15, 4, c0,  c0, 5)

/* System control. */
COPROC_32(SCTLR,      p15, 0, c1,  c0, 0)
COPROC_32(CPACR,      p15, 0, c1,  c0, 2)
COPROC_32(HCR,        p15, 4, c1,  c1, 0)
COPROC_32(HDCR,       p15, 4, c1,  c1, 1)
COPROC_32(HCPTR,      p15, 4, c1,  c1, 2)
COPROC_32(HSTR,       p15, 4, c1,  c1, 3)

/* Translation. */
COPROC_64(TTBR0,      p15, 0, c2)
COPROC_64(TTBR1,      p15, 1, c2)
COPROC_64(VTTBR,      p15, 6, c2)
COPROC_32(TTBCR,      p15, 0, c2,  c0, 2)
COPROC_32(VTCR,       p15, 4, c2,  c1, 2)
COPROC_32(DACR,       p15, 0, c3,  c0, 0)
COPROC_32(PRRR,       p15, 0, c10, c2, 0) /* MAIR0 */
COPROC_32(NMRR,       p15, 0, c10, c2, 1) /* MAIR1 */
COPROC_32(AMAIR0,     p15, 0, c10, c3, 0)
COPROC_32(AMAIR1,     p15, 0, c10, c3, 1)
COPROC_32(FCSEIDR,    p15, 0, c13, c0, 0) /* RAZ/WI where there is no FCSE */
COPROC_32(CONTEXTIDR, p15, 0, c13, c0, 1)

/* Faults. */
COPROC_32(DFSR,       p15, 0, c5,  c0, 0)
COPROC_32(IFSR,       p15, 0, c5,  c0, 1)
COPROC_32(ADFSR,      p15, 0, c5,  c1, 0)
COPROC_32(AIFSR,      p15, 0, c5,  c1, 1)
COPROC_32(HSR,        p15, 4, c5,  c2, 0)
COPROC_32(DFAR,       p15, 0, c6,  c0, 0)
COPROC_32(IFAR,       p15, 0, c6,  c0, 2)
COPROC_32(HDFAR,      p15, 4, c6,  c0, 0)
COPROC_32(HIFAR,      p15, 4, c6,  c0, 2)
COPROC_32(HPFAR,      p15, 4, c6,  c0, 4)
COPROC_64(PAR,        p15, 0, c7)

/* Vectors, interrupt status, thread identifiers. */
COPROC_32(VBAR,       p15, 0, c12, c0, 0)
COPROC_32(HVBAR,      p15, 4, c12, c0, 0)
COPROC_32(ISR,        p15, 0, c12, c1, 0)
COPROC_32(TPIDRURW,   p15, 0, c13, c0, 2)
COPROC_32(TPIDRURO,   p15, 0, c13, c0, 3)
COPROC_32(TPIDRPRW,   p15, 0, c13, c0, 4)
COPROC_32(HTPIDR,     p15, 4, c13, c0, 2)

/* Generic timer. */
COPROC_32(CNTFRQ,     p15, 0, c14, c0, 0)
COPROC_32(CNTKCTL,    p15, 0, c14, c1, 0)
COPROC_32(CNTHCTL,    p15, 4, c14, c1, 0)
COPROC_32(CNTP_TVAL,   p15, 0, c14, c2, 0)
COPROC_32(CNTP_CTL,    p15, 0, c14, c2, 1)
COPROC_32(CNTV_CTL,   p15, 0, c14, c3, 1)
COPROC_32(CNTHP_CTL,  p15, 4, c14, c2, 1)
COPROC_64(CNTPCT,     p15, 0, c14)
COPROC_64(CNTVCT,     p15, 1, c14)
COPROC_64(CNTV_CVAL,  p15, 3, c14)
COPROC_64(CNTVOFF,    p15, 4, c14)
COPROC_64(CNTHP_CVAL, p15, 6, c14)

/* Performance monitors. */
COPROC_32(PMCR,       p15, 0, c9,  c12, 0)
COPROC_32(PMCNTENSET, p15, 0, c9,  c12, 1)
COPROC_32(PMCNTENCLR, p15, 0, c9,  c12, 2)
COPROC_32(PMOVSR,     p15, 0, c9,  c12, 3)
COPROC_32(PMSELR,     p15, 0, c9,  c12, 5)
COPROC_32(PMCCNTR,    p15, 0, c9,  c13, 0)
COPROC_32(PMXEVTYPER, p15, 0, c9,  c13, 1)
COPROC_32(PMXEVCNTR,  p15, 0, c9,  c13, 2)
COPROC_32(PMUSERENR,  p15, 0, c9,  c14, 0)
COPROC_32(PMINTENSET, p15, 0, c9,  c14, 1)
COPROC_32(PMINTENCLR, p15, 0, c9,  c14, 2)
COPROC_32(PMOVSSET,   p15, 0, c9,  c14, 3)

/* ThumbEE (CP14). */
COPROC_32(TEECR,      p14, 6, c0,  c0, 0)
COPROC_32(TEEHBR,     p14, 6, c1,  c0, 0)

/* Operations: the value is an address or ignored. */
COPROC_32(ICIALLUIS,  p15, 0, c7,  c1,  0)
COPROC_32(BPIALLIS,   p15, 0, c7,  c1,  6)
COPROC_32(DCCIMVAC,   p15, 0, c7,  c14, 1)
COPROC_32(TLBIALLIS,  p15, 0, c8,  c3,  0)
COPROC_32(TLBIMVAH,   p15, 4, c8,  c7,  1)
COPROC_32(TLBIALLNSNH, p15, 4, c8, c7,  4)

/* clang-format on */

/* MIDR: implementer and primary part number. */
#define MIDR_PART_MASK  0xff00fff0u
#define MIDR_CORTEX_A15 0x4100c0f0u

/* HCR (B4.1.71). */
#define HCR_VM    (1u << 0) /* stage 2 on */
#define HCR_SWIO  (1u << 1) /* invalidate by set/way cleans, too */
#define HCR_PTW   (1u << 2) /* a stage-1 walk must not touch Device memory */
#define HCR_FMO   (1u << 3) /* physical FIQ, IRQ, asynchronous abort to hyp */
#define HCR_IMO   (1u << 4)
#define HCR_AMO   (1u << 5)
#define HCR_VA    (1u << 8)  /* a virtual asynchronous abort is pending */
#define HCR_TWI   (1u << 13) /* trap WFI */
#define HCR_TSC   (1u << 19) /* trap SMC */
#define HCR_TIDCP (1u << 20) /* trap implementation-defined CP15 */
#define HCR_TAC   (1u << 21) /* trap ACTLR */

/* ISR (B4.1.98): pending, masked or not. */
#define ISR_I (1u << 7)
#define ISR_A (1u << 8)

/* HDCR (B4.1.75). */
#define HDCR_HPMN_MASK 0x1fu
#define HDCR_TPMCR     (1u << 5)
#define HDCR_TPM       (1u << 6)
#define HDCR_TDA       (1u << 9)
#define HDCR_TDOSA     (1u << 10)
#define HDCR_TDRA      (1u << 11)

/* HCPTR (B4.1.70): bits [13:0] a coprocessor each; 10 and 11 are VFP and SIMD. */
#define HCPTR_TCP_OTHERS 0x000033ffu
#define HCPTR_TCP_VFP    0x00000c00u

/* CNTx_CTL (B8.2.2). */
#define TIMER_CTL_ENABLE  (1u << 0)
#define TIMER_CTL_IMASK   (1u << 1)
#define TIMER_CTL_ISTATUS (1u << 2)

/* PMCR (B6.1.12). */
#define PMCR_E       (1u << 0)
#define PMCR_N_SHIFT 11
#define PMCR_N_MASK  0x1fu
