// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch proper, generated from the lists of switch.h: hardware to memory
 * and back, on the core that runs (or is to run) the vCPU. In line in kernel/world.c,
 * its only user. Changes take effect at the next exception return.
 */
#pragma once

#include "arch/banked.h"
#include "arch/barrier.h"
#include "arch/cp15.h"
#include "arch/switch.h"
#include "kernel/types.h"

/* Of a group: each register to (from) its slot, then all slots to (from) memory. */
#define TO_SLOT(slot, name)    register uint32_t slot##_ __asm__(#slot) = read_##name();
#define TO_SLOT_64(slot, name) register uint64_t slot##_ __asm__(#slot) = read_##name();
#define SLOT(slot, name)       register uint32_t slot##_ __asm__(#slot);
#define SLOT_64(slot, name)    register uint64_t slot##_ __asm__(#slot);
#define FROM_SLOT(slot, name)  write_##name(slot##_);
#define SLOT_IN(slot, name)    "r"(slot##_),
#define SLOT_OUT(slot, name)   "=r"(slot##_),
#define NONE(X)

#define SAVE_GROUP(group, group_64, slots)                            \
	{                                                             \
		group(TO_SLOT) group_64(TO_SLOT_64) __asm__ volatile( \
			"stmia %0!, {" slots "}"                      \
			: "+r"(at)                                    \
			: group(SLOT_IN) group_64(SLOT_IN) "I"(0)     \
			: "memory");                                  \
	}
#define RESTORE_GROUP(group, group_64, slots)                             \
	{                                                                 \
		group(SLOT) group_64(SLOT_64) __asm__ volatile(           \
			"ldmia %[at]!, {" slots "}"                       \
			: group(SLOT_OUT) group_64(SLOT_OUT)[at] "+r"(at) \
			:                                                 \
			: "memory");                                      \
		group_64(FROM_SLOT) group(FROM_SLOT)                      \
	}

#define GROUP_3(X)       SWITCH_BANKED_3(X) SWITCH_CP15_3(X)
#define GROUP_6_FIXED(X) SWITCH_HYP(X) SWITCH_HYP_FIXED(X)

/* All but the last, of which more is restored than saved. */
#define TEN "r2-r9, r12, lr"
#define GROUPS_OF_TEN(X)              \
	X(SWITCH_BANKED_1, NONE, TEN) \
	X(SWITCH_BANKED_2, NONE, TEN) \
	X(GROUP_3, NONE, TEN)         \
	X(SWITCH_CP15_4, NONE, TEN)   \
	X(SWITCH_CP15_5, SWITCH_CP15_5_64, TEN)

/* The groups follow each other in memory, as the lists do. */
_Static_assert(offsetof(struct switch_state, SP_usr) == 0, "the first group");
_Static_assert(offsetof(struct switch_state, TTBR0) == 40 * 4, "the last but one");
_Static_assert(offsetof(struct switch_state, VMPIDR) == 55 * 4, "the last of all");

ON_FAST_PATH void switch_save(struct switch_state *state)
{
	uint32_t *at = &state->SP_usr;

	GROUPS_OF_TEN(SAVE_GROUP)
	SAVE_GROUP(SWITCH_HYP, SWITCH_CP15_6_64, "r2-r6")
}

ON_FAST_PATH void switch_restore(const struct switch_state *state)
{
	const uint32_t *at = &state->SP_usr;

	GROUPS_OF_TEN(RESTORE_GROUP)
	RESTORE_GROUP(GROUP_6_FIXED, SWITCH_CP15_6_64, "r2-r8")
	/* A3.4.5: the next VM must not complete this one's exclusive store. */
	clrex();
}
