// SPDX-License-Identifier: BSD-2-Clause
/*
 * The scheduler of one core: of those whom the time plan's window allows the
 * highest priority runs, equals take turns of a slice; WFI gives the rest of a slice
 * away. Works on its own core only.
 */
#pragma once

#include "arch/vectors.h"
#include "kernel/trace.h"
#include "kernel/vcpu.h"

/* Find out which vCPU runs next, load it and return it; or enter it. Does the work of
 * vCPUs that are loading, and sleeps while there is nothing to run. */
struct vcpu *sched_next(struct core *core);
_Noreturn void sched_run(struct core *core);

/* Into the vCPU, which is loaded. The stack is empty then: whoever ends here need not
 * return or keep registers. */
ON_FAST_PATH _Noreturn void sched_enter(struct vcpu *vcpu)
{
	TRACE(vcpu->core, RETURN, vcpu->frame.pc, vcpu->frame.cpsr);
	enter_guest(&vcpu->frame);
}

/* Back to the guest that stopped, or to another if something asked for that. */
ON_FAST_PATH _Noreturn void sched_return(struct vcpu *vcpu)
{
	if (vcpu->core->needs_schedule)
		sched_run(vcpu->core);
	sched_enter(vcpu);
}

/* The vCPU waits for an interrupt, and may go on: WFI and its end. */
void sched_block(struct vcpu *vcpu);
void sched_unblock(struct vcpu *vcpu);

static inline void sched_wake(struct vcpu *vcpu)
{
	if (vcpu->state == VCPU_IDLE)
		sched_unblock(vcpu);
}

/* Any other change of state (start, stop); the caller's core only. */
void sched_set_state(struct vcpu *vcpu, uint32_t state);

/* The vCPU's slice is over: to the end of the line. */
void sched_slice_over(struct core *core);

/* The core's time plan (plan.c), if it has one: it begins, once, at boot; and its next
 * window does. Who wants the core, and may have it in the present one: of core.wants. */
uint32_t plan_candidates(const struct core *core);
void plan_start(struct core *core);
void plan_next_window(struct core *core);

/* Who the pinned vCPUs are, from vcpus[]; once, at boot. */
void sched_init(struct core *core);
