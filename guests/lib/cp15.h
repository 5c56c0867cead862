// SPDX-License-Identifier: BSD-2-Clause
/*
 * System control registers, one line each: cp15_read_NAME() and
 * cp15_write_NAME(value). Names, and the numbers in the instruction's order (op1,
 * CRn, CRm, op2), from ARM ARM DDI 0406C, B3.17 and B8.2. Writes are not followed
 * by a barrier: the caller knows when the effect is needed.
 */
#ifndef GUESTS_LIB_CP15_H
#define GUESTS_LIB_CP15_H

#include <stdint.h>

#define CP15_READ(name, op1, crn, crm, op2)                                         \
	static inline uint32_t cp15_read_##name(void)                               \
	{                                                                           \
		uint32_t value;                                                     \
		__asm__ volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
				 : "=r"(value));                                    \
		return value;                                                       \
	}
#define CP15_WRITE(name, op1, crn, crm, op2)                                        \
	static inline void cp15_write_##name(uint32_t value)                        \
	{                                                                           \
		__asm__ volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
				 :                                                  \
				 : "r"(value)                                       \
				 : "memory");                                       \
	}
#define CP15_BOTH(name, op1, crn, crm, op2) \
	CP15_READ(name, op1, crn, crm, op2) CP15_WRITE(name, op1, crn, crm, op2)
#define CP15_READ_64(name, op1, crm)                                                   \
	static inline uint64_t cp15_read_##name(void)                                  \
	{                                                                              \
		uint64_t value;                                                        \
		__asm__ volatile("mrrc p15, " #op1 ", %Q0, %R0, " #crm : "=r"(value)); \
		return value;                                                          \
	}
#define CP15_BOTH_64(name, op1, crm)                                                               \
	CP15_READ_64(name, op1, crm)                                                               \
	static inline void cp15_write_##name(uint64_t value)                                       \
	{                                                                                          \
		__asm__ volatile("mcrr p15, " #op1 ", %Q0, %R0, " #crm : : "r"(value) : "memory"); \
	}

/* Identification. */
CP15_READ(MIDR, 0, c0, c0, 0)
CP15_READ(CTR, 0, c0, c0, 1)
CP15_READ(MPIDR, 0, c0, c0, 5)
CP15_READ(ID_PFR0, 0, c0, c1, 0)
CP15_READ(ID_PFR1, 0, c0, c1, 1)
CP15_READ(CCSIDR, 1, c0, c0, 0)
CP15_READ(CLIDR, 1, c0, c0, 1)
CP15_BOTH(CSSELR, 2, c0, c0, 0)

/* Control. */
CP15_BOTH(SCTLR, 0, c1, c0, 0)
CP15_BOTH(ACTLR, 0, c1, c0, 1)
CP15_BOTH(CPACR, 0, c1, c0, 2)
CP15_BOTH(VBAR, 0, c12, c0, 0)
CP15_READ(ISR, 0, c12, c1, 0)

/* Memory system. */
CP15_BOTH(TTBR0, 0, c2, c0, 0)
CP15_BOTH(TTBR1, 0, c2, c0, 1)
CP15_BOTH(TTBCR, 0, c2, c0, 2)
CP15_BOTH_64(TTBR0_64, 0, c2)
CP15_BOTH_64(TTBR1_64, 1, c2)
CP15_BOTH(DACR, 0, c3, c0, 0)
CP15_BOTH(DFSR, 0, c5, c0, 0)
CP15_BOTH(IFSR, 0, c5, c0, 1)
CP15_BOTH(ADFSR, 0, c5, c1, 0)
CP15_BOTH(AIFSR, 0, c5, c1, 1)
CP15_BOTH(DFAR, 0, c6, c0, 0)
CP15_BOTH(IFAR, 0, c6, c0, 2)
CP15_BOTH(PAR, 0, c7, c4, 0)
CP15_BOTH_64(PAR_64, 0, c7)
CP15_BOTH(PRRR, 0, c10, c2, 0)
CP15_BOTH(NMRR, 0, c10, c2, 1)
CP15_BOTH(AMAIR0, 0, c10, c3, 0)
CP15_BOTH(AMAIR1, 0, c10, c3, 1)

/* Maintenance: the value is an address, or ignored. */
CP15_WRITE(ICIALLU, 0, c7, c5, 0)
CP15_WRITE(BPIALL, 0, c7, c5, 6)
CP15_WRITE(DCCMVAC, 0, c7, c10, 1)
CP15_WRITE(DCCIMVAC, 0, c7, c14, 1)
CP15_WRITE(TLBIALL, 0, c8, c7, 0)
CP15_WRITE(ATS1CPR, 0, c7, c8, 0)

/* Process and thread identifiers. */
CP15_BOTH(CONTEXTIDR, 0, c13, c0, 1)
CP15_BOTH(TPIDRURW, 0, c13, c0, 2)
CP15_BOTH(TPIDRURO, 0, c13, c0, 3)
CP15_BOTH(TPIDRPRW, 0, c13, c0, 4)

/* Performance monitors. */
CP15_BOTH(PMCR, 0, c9, c12, 0)
CP15_BOTH(PMCNTENSET, 0, c9, c12, 1)
CP15_BOTH(PMCNTENCLR, 0, c9, c12, 2)
CP15_BOTH(PMOVSR, 0, c9, c12, 3)
CP15_BOTH(PMSELR, 0, c9, c12, 5)
CP15_BOTH(PMCCNTR, 0, c9, c13, 0)
CP15_BOTH(PMXEVTYPER, 0, c9, c13, 1)
CP15_BOTH(PMXEVCNTR, 0, c9, c13, 2)
CP15_BOTH(PMUSERENR, 0, c9, c14, 0)
CP15_BOTH(PMINTENSET, 0, c9, c14, 1)
CP15_BOTH(PMINTENCLR, 0, c9, c14, 2)

/* Generic timer. */
CP15_BOTH(CNTFRQ, 0, c14, c0, 0)
CP15_BOTH(CNTKCTL, 0, c14, c1, 0)
CP15_BOTH(CNTP_TVAL, 0, c14, c2, 0)
CP15_BOTH(CNTP_CTL, 0, c14, c2, 1)
CP15_BOTH(CNTV_TVAL, 0, c14, c3, 0)
CP15_BOTH(CNTV_CTL, 0, c14, c3, 1)
CP15_READ_64(CNTPCT, 0, c14)
CP15_READ_64(CNTVCT, 1, c14)
CP15_BOTH_64(CNTP_CVAL, 2, c14)
CP15_BOTH_64(CNTV_CVAL, 3, c14)

/* ThumbEE (coprocessor 14; B8.3). */
static inline uint32_t cp14_read_TEECR(void)
{
	uint32_t value;

	__asm__ volatile("mrc p14, 6, %0, c0, c0, 0" : "=r"(value));
	return value;
}

static inline void cp14_write_TEECR(uint32_t value)
{
	__asm__ volatile("mcr p14, 6, %0, c0, c0, 0" : : "r"(value));
}

static inline uint32_t cp14_read_TEEHBR(void)
{
	uint32_t value;

	__asm__ volatile("mrc p14, 6, %0, c1, c0, 0" : "=r"(value));
	return value;
}

static inline void cp14_write_TEEHBR(uint32_t value)
{
	__asm__ volatile("mcr p14, 6, %0, c1, c0, 0" : : "r"(value));
}

#endif
