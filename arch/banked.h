// SPDX-License-Identifier: BSD-2-Clause
/*
 * The banked general and status registers of the guest's modes, reachable from
 * hyp mode by MRS and MSR (ARM ARM DDI 0406C, B9.2.2): read_SP_svc() and so on.
 */
#pragma once

#include <stdint.h>

#include "arch/switch.h"

#define BANKED(slot, name, reset)                                     \
	static inline uint32_t read_##name(void)                      \
	{                                                             \
		uint32_t value;                                       \
		__asm__ volatile("mrs %0, " #name : "=r"(value));     \
		return value;                                         \
	}                                                             \
	static inline void write_##name(uint32_t value)               \
	{                                                             \
		__asm__ volatile("msr " #name ", %0" : : "r"(value)); \
	}

SWITCH_BANKED(BANKED)

#undef BANKED
