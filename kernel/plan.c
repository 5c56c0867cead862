// SPDX-License-Identifier: BSD-2-Clause
/*
 * A core's cyclic time plan: which window there is now, and so who may run. Called by
 * timeout.c when a window ends; sched.c and request.c look at what is left here. Linked
 * only where the manifest has plans.
 */
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"

uint32_t plan_candidates(const struct core *core)
{
	uint32_t candidates = core->wants;

	for (uint32_t i = 0; i < core->vcpu_count; i++)
		if (!vcpu_is_allowed(core->vcpus[i]))
			candidates &= ~core->vcpus[i]->bit;
	return candidates;
}

void plan_next_window(struct core *core)
{
	const struct core_config *plan = &config_cores[core->index];
	uint32_t frame_ticks = plan->windows[plan->window_count - 1].end_ticks;

	if (++core->window == plan->window_count) {
		core->window = 0;
		core->frame_start += frame_ticks;
		/* Someone held the whole machine for longer than that: begin anew. */
		if (read_CNTPCT() - core->frame_start >= frame_ticks)
			core->frame_start = read_CNTPCT();
	}
	core->window_end = core->frame_start + plan->windows[core->window].end_ticks;
	core->needs_schedule = true;
	core->alarm_at = TIMEOUT_UNKNOWN;
	core->windows++;
	/* First this: who sees the old value has left a request without a kick (request.c). */
	atomic_store(&core->vms_allowed, plan->windows[core->window].vms);
	atomic_fetch_or(&core->requests, CORE_REQUEST_VCPUS | CORE_REQUEST_CONSOLE);
}

void plan_start(struct core *core)
{
	if (!config_cores[core->index].window_count)
		return;
	core->frame_start = read_CNTPCT();
	core->window = UINT32_MAX; /* the next one is the first */
	plan_next_window(core);
}
