// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch proper: generated from the lists of switch.h. Called by the
 * scheduler, on the vCPU's core, and only when another vCPU comes.
 */
#include "arch/switch.h"

#include "arch/banked.h"
#include "arch/barrier.h"
#include "arch/cp15.h"

#define SAVE(name, reset)    state->name = read_##name();
#define RESTORE(name, reset) write_##name(state->name);
#define RESET(name, reset)   state->name = (reset);

void switch_save(struct switch_state *state)
{
	SWITCH_BANKED(SAVE)
	SWITCH_CP15_32(SAVE)
	SWITCH_CP15_64(SAVE)
}

void switch_restore(const struct switch_state *state)
{
	SWITCH_BANKED(RESTORE)
	SWITCH_CP15_32(RESTORE)
	SWITCH_CP15_64(RESTORE)
	/* A3.4.5: the next VM must not complete this one's exclusive store. */
	clrex();
}

void switch_reset(struct switch_state *state, uint32_t mpidr)
{
	SWITCH_BANKED(RESET)
	SWITCH_CP15_32(RESET)
	SWITCH_CP15_64(RESET)
	state->VMPIDR = mpidr;
}
