// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch proper: generated from the lists of switch.h. Called by the
 * scheduler, on the vCPU's core, and only when another vCPU comes.
 */
#include "arch/switch.h"

#include <stddef.h>

#include "arch/banked.h"
#include "arch/barrier.h"
#include "arch/cp15.h"

/* Of a group: each register to (from) its slot, then all slots to (from) memory. */
#define TO_SLOT(slot, name)   register uint32_t slot##_ __asm__(#slot) = read_##name();
#define FROM_SLOT(slot, name) write_##name(slot##_);
#define SLOT(slot, name)      register uint32_t slot##_ __asm__(#slot);
#define SLOT_IN(slot, name)   "r"(slot##_),
#define SLOT_OUT(slot, name)  "=r"(slot##_),

#define SAVE_GROUP(group, slots)                                         \
	{                                                                \
		group(TO_SLOT) __asm__ volatile("stmia %0!, {" slots "}" \
						: "+r"(at)               \
						: group(SLOT_IN) "I"(0)  \
						: "memory");             \
	}
#define RESTORE_GROUP(group, slots)                                         \
	{                                                                   \
		group(SLOT) __asm__ volatile("ldmia %[at]!, {" slots "}"    \
					     : group(SLOT_OUT)[at] "+r"(at) \
					     :                              \
					     : "memory");                   \
		group(FROM_SLOT)                                            \
	}

#define SAVE(slot, name)    state->name = read_##name();
#define RESTORE(slot, name) write_##name(state->name);

/* The groups follow each other in memory, as the lists do. */
_Static_assert(offsetof(struct switch_state, SP_usr) == 0, "the first group");
_Static_assert(offsetof(struct switch_state, FCSEIDR) == 45 * 4, "the last of the groups");

void switch_save(struct switch_state *state)
{
	uint32_t *at = &state->SP_usr;

	SAVE_GROUP(SWITCH_BANKED_1, "r2-r9")
	SAVE_GROUP(SWITCH_BANKED_2, "r2-r9")
	SAVE_GROUP(SWITCH_BANKED_3, "r2-r6")
	SAVE_GROUP(SWITCH_CP15_1, "r2-r9")
	SAVE_GROUP(SWITCH_CP15_2, "r2-r9")
	SAVE_GROUP(SWITCH_CP15_3, "r2-r10")
	SWITCH_CP15_64(SAVE)
}

void switch_restore(const struct switch_state *state)
{
	const uint32_t *at = &state->SP_usr;

	RESTORE_GROUP(SWITCH_BANKED_1, "r2-r9")
	RESTORE_GROUP(SWITCH_BANKED_2, "r2-r9")
	RESTORE_GROUP(SWITCH_BANKED_3, "r2-r6")
	RESTORE_GROUP(SWITCH_CP15_1, "r2-r9")
	RESTORE_GROUP(SWITCH_CP15_2, "r2-r9")
	RESTORE_GROUP(SWITCH_CP15_3, "r2-r10")
	SWITCH_CP15_64(RESTORE)
	/* A3.4.5: the next VM must not complete this one's exclusive store. */
	clrex();
}

void switch_reset(struct switch_state *state, uint32_t mpidr)
{
	*state = (struct switch_state){ .SCTLR = SCTLR_RESET, .VMPIDR = mpidr };
}
