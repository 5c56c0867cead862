// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every register that a guest can change, but those that entry.S keeps itself: the
 * leak test's own list, so that one missing from the hypervisor's is noticed; what
 * arch/switch.h has must be here, too, which guest.c checks when it is compiled.
 */
#ifndef TESTS_LEAK_REGISTERS_H
#define TESTS_LEAK_REGISTERS_H

#include <stdint.h>

#include "guests/lib/cp15.h"

/* X(name, mask, kept, reset): bits that take a pattern; bits that are set besides;
 * what it is after a reset. */
#define LEAK_BANKED(X)                   \
	X(SP_usr, 0xffffffff, 0, 0)      \
	X(SP_abt, 0xffffffff, 0, 0)      \
	X(LR_abt, 0xffffffff, 0, 0)      \
	X(SPSR_abt, 0xf80f01c0, 0x10, 0) \
	X(SP_und, 0xffffffff, 0, 0)      \
	X(LR_und, 0xffffffff, 0, 0)      \
	X(SPSR_und, 0xf80f01c0, 0x10, 0) \
	X(SP_irq, 0xffffffff, 0, 0)      \
	X(LR_irq, 0xffffffff, 0, 0)      \
	X(SPSR_irq, 0xf80f01c0, 0x10, 0) \
	X(R8_fiq, 0xffffffff, 0, 0)      \
	X(R9_fiq, 0xffffffff, 0, 0)      \
	X(R10_fiq, 0xffffffff, 0, 0)     \
	X(R11_fiq, 0xffffffff, 0, 0)     \
	X(R12_fiq, 0xffffffff, 0, 0)     \
	X(SP_fiq, 0xffffffff, 0, 0)      \
	X(LR_fiq, 0xffffffff, 0, 0)      \
	X(SPSR_fiq, 0xf80f01c0, 0x10, 0)

/* With the MMU off and no exceptions none of these changes what the code does. CPACR
 * and SVC's own are in entry.S. */
#define LEAK_CP15_32(X)                          \
	X(CSSELR, 0x3, 0, 0)                     \
	X(SCTLR, 0x30000000, 0xc50078, 0xc50078) \
	X(TTBCR, 0x00070000, 0x80000000, 0)      \
	X(DACR, 0xffffffff, 0, 0)                \
	X(DFSR, 0x3cff, 0, 0)                    \
	X(IFSR, 0x140f, 0, 0)                    \
	X(ADFSR, 0, 0, 0)                        \
	X(AIFSR, 0, 0, 0)                        \
	X(DFAR, 0xffffffff, 0, 0)                \
	X(IFAR, 0xffffffff, 0, 0)                \
	X(PRRR, 0xff0fffff, 0, 0)                \
	X(NMRR, 0xffffffff, 0, 0)                \
	X(AMAIR0, 0, 0, 0)                       \
	X(AMAIR1, 0, 0, 0)                       \
	X(VBAR, 0xffffffe0, 0, 0)                \
	X(CONTEXTIDR, 0xffffffff, 0, 0)          \
	X(TPIDRURW, 0xffffffff, 0, 0)            \
	X(TPIDRURO, 0xffffffff, 0, 0)            \
	X(TPIDRPRW, 0xffffffff, 0, 0)            \
	X(FCSEIDR, 0xfe000000, 0, 0)             \
	X(CNTKCTL, 0x3ff, 0, 0)                  \
	X(CNTP_CTL, 0x2, 0, 0)                   \
	X(CNTV_CTL, 0x2, 0, 0)                   \
	X(TEECR, 0x1, 0, 0)                      \
	X(TEEHBR, 0xfffffffc, 0, 0)              \
	X(PMCNTEN, 0x8000000f, 0, 0)             \
	X(PMSELR, 0x3, 0, 0)                     \
	X(PMCCNTR, 0xffffffff, 0, 0)             \
	X(PMUSERENR, 0x1, 0, 0)                  \
	X(PMINTEN, 0x8000000f, 0, 0)             \
	X(GICC_PMR, 0xf8, 0, 0)                  \
	X(GICC_BPR, 0x7, 0, 2)

#define LEAK_CP15_64(X)                        \
	X(TTBR0, 0x00ff00ffffffffe0, 0, 0)     \
	X(TTBR1, 0x00ff00ffffffffe0, 0, 0)     \
	X(PAR, 0xffffffffffffffff, 0, 0)       \
	X(CNTP_CVAL, 0xffffffffffffffff, 0, 0) \
	X(CNTV_CVAL, 0x7fffffffffffffff, 0, 0)

#endif
