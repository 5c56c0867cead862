// SPDX-License-Identifier: BSD-2-Clause
/*
 * A Secure Monitor Call from hyp to the firmware, or to our own monitor (SMCCC,
 * DEN 0028, 2.4: r0 function and result, r1-r3 arguments, which are lost).
 */
#pragma once

#include <stdint.h>

static inline uint32_t smc_call(uint32_t function, uint32_t a, uint32_t b, uint32_t c)
{
	register uint32_t r0 __asm__("r0") = function;
	register uint32_t r1 __asm__("r1") = a;
	register uint32_t r2 __asm__("r2") = b;
	register uint32_t r3 __asm__("r3") = c;

	__asm__ volatile(".arch_extension sec\n\tsmc #0"
			 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			 :
			 : "memory");
	return r0;
}
