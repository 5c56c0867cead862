// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/cp15.h for the host: each register that the code under test uses is a
 * field that the test reads and writes. Found before the real one by the unit
 * tests' include path; registers.c has the fields.
 */
#ifndef BULKHEAD_UNIT_CP15_H
#define BULKHEAD_UNIT_CP15_H

#include <stdint.h>

#define CP15_REGISTERS(X)       \
	X(uint32_t, CNTFRQ)     \
	X(uint64_t, CNTPCT)     \
	X(uint64_t, CNTVOFF)    \
	X(uint32_t, CNTP_TVAL)  \
	X(uint32_t, CNTP_CTL)   \
	X(uint32_t, CNTV_CTL)   \
	X(uint64_t, CNTV_CVAL)  \
	X(uint32_t, CNTHP_CTL)  \
	X(uint64_t, CNTHP_CVAL) \
	X(uint32_t, ISR)        \
	X(uint32_t, TTBCR)      \
	X(uint64_t, TTBR0)      \
	X(uint64_t, TTBR1)      \
	X(uint32_t, HDFAR)      \
	X(uint32_t, HIFAR)      \
	X(uint32_t, HPFAR)      \
	X(uint32_t, HTPIDR)

#define FIELD(type, name) type name;
struct cp15 {
	CP15_REGISTERS(FIELD)
};
#undef FIELD

extern struct cp15 cp15;

#define ACCESSORS(type, name)                       \
	static inline type read_##name(void)        \
	{                                           \
		return cp15.name;                   \
	}                                           \
	static inline void write_##name(type value) \
	{                                           \
		cp15.name = value;                  \
	}
CP15_REGISTERS(ACCESSORS)
#undef ACCESSORS

static inline uint64_t read_CNTVCT(void)
{
	return cp15.CNTPCT - cp15.CNTVOFF;
}

/* ISR (B4.1.98), CNTx_CTL (B8.2.2). */
#define ISR_I             (1u << 7)
#define TIMER_CTL_ENABLE  (1u << 0)
#define TIMER_CTL_IMASK   (1u << 1)
#define TIMER_CTL_ISTATUS (1u << 2)

#endif
