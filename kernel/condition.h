// SPDX-License-Identifier: BSD-2-Clause
/*
 * Would a trapped conditional instruction have executed at all? A core may trap
 * one that fails its condition (ARM ARM DDI 0406C, B1.14.1 and A8.3.1). Pure.
 */
#pragma once

#include "arch/hsr.h"
#include "kernel/types.h"

/* The same for those that are not "always, and told so by the syndrome". */
bool condition_passed_slowly(uint32_t hsr, uint32_t cpsr);

/* hsr: of exception class 0x01 to 0x0e or 0x13; cpsr: the guest's. */
ON_FAST_PATH bool condition_passed(uint32_t hsr, uint32_t cpsr)
{
	uint32_t valid_always = HSR_CV | HSR_COND_ALWAYS << HSR_COND_SHIFT;

	return (hsr & (HSR_CV | HSR_COND_MASK << HSR_COND_SHIFT)) == valid_always ||
	       condition_passed_slowly(hsr, cpsr);
}
