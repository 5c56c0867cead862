// SPDX-License-Identifier: BSD-2-Clause
/*
 * See condition.h.
 */
#include "kernel/condition.h"

#include "arch/psr.h"

/* The condition: from the syndrome, or, in Thumb, from the IT block. */
static uint32_t condition_of(uint32_t hsr, uint32_t cpsr)
{
	uint32_t it = (cpsr & PSR_IT_HIGH_MASK) >> PSR_IT_HIGH_SHIFT << 2 |
		      (cpsr & PSR_IT_LOW_MASK) >> PSR_IT_LOW_SHIFT;

	if (hsr & HSR_CV)
		return hsr >> HSR_COND_SHIFT & HSR_COND_MASK;
	return it ? it >> 4 : HSR_COND_ALWAYS;
}

/* EQ, CS, MI, VS, HI, GE, GT; the odd ones are their opposites. */
static bool holds(uint32_t condition, uint32_t cpsr)
{
	bool n = cpsr >> 31 & 1;
	bool z = cpsr >> 30 & 1;
	bool c = cpsr >> 29 & 1;
	bool v = cpsr >> 28 & 1;
	const bool even[] = { z, c, n, v, c && !z, n == v, n == v && !z };

	return even[condition >> 1] != (condition & 1);
}

bool condition_passed_slowly(uint32_t hsr, uint32_t cpsr)
{
	uint32_t condition = condition_of(hsr, cpsr);

	return condition >= HSR_COND_ALWAYS || holds(condition, cpsr);
}
