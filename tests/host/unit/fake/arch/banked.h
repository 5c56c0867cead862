// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/banked.h for the host: each banked register is a field, as in cp15.h.
 */
#ifndef BULKHEAD_UNIT_BANKED_H
#define BULKHEAD_UNIT_BANKED_H

#include <stdint.h>

#include "arch/switch.h"

#define FIELD(slot, name) uint32_t name;
struct banked {
	SWITCH_BANKED(FIELD)
};
#undef FIELD

extern struct banked banked;

#define ACCESSORS(slot, name)                           \
	static inline uint32_t read_##name(void)        \
	{                                               \
		return banked.name;                     \
	}                                               \
	static inline void write_##name(uint32_t value) \
	{                                               \
		banked.name = value;                    \
	}
SWITCH_BANKED(ACCESSORS)
#undef ACCESSORS

#endif
