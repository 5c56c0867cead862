// SPDX-License-Identifier: BSD-2-Clause
/*
 * A Secure Monitor Call from hyp to the firmware, or to our own monitor (SMCCC,
 * DEN 0028, 2.4: r0 function and result, r1-r3 are lost).
 */
#ifndef BULKHEAD_ARCH_SMC_H
#define BULKHEAD_ARCH_SMC_H

#include <stdint.h>

static inline uint32_t smc_call(uint32_t function)
{
	register uint32_t r0 __asm__("r0") = function;

	__asm__ volatile(".arch_extension sec\n\tsmc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
	return r0;
}

#endif
