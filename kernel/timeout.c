// SPDX-License-Identifier: BSD-2-Clause
/*
 * See timeout.h. The timeouts are fields of those they belong to; with a handful
 * of them a core, looking at each is cheaper than keeping a queue.
 */
#include "kernel/timeout.h"

#include "kernel/console.h"
#include "kernel/sched.h"

static uint32_t ticks_per_ms;

uint64_t timeout_ticks(uint32_t milliseconds)
{
	return (uint64_t)ticks_per_ms * milliseconds;
}

void timeout_init(void)
{
	ticks_per_ms = read_CNTFRQ() / 1000;
	write_CNTHP_CVAL(TIMEOUT_NEVER);
	write_CNTHP_CTL(TIMER_CTL_ENABLE);
	gic_enable(BOARD_IRQ_HYP_TIMER);
	if (BOARD_GIC_EOI_IS_DEAF)
		write_CNTP_CTL(TIMER_CTL_ENABLE);
}

/* Serve those vCPUs whose alarms have come by now; when does the next come? The timers of
 * those who may not run now wait for their window. */
static OUT_OF_LINE uint64_t serve_vcpus(struct core *core, uint64_t now)
{
	uint64_t first = core->console_at;

	if (CONFIG_HAS_PLAN)
		first = earlier(first, core->window_end);
	for (uint32_t i = 0; i < core->vcpu_count; i++) {
		struct vcpu *vcpu = core->vcpus[i];

		if (vcpu->vtimer.alarm_at <= now)
			vtimer_expire(vcpu, now);
		if (vcpu_is_allowed(vcpu))
			first = earlier(first, vcpu->vtimer.alarm_at);
	}
	core->alarm_at = first;
	return first;
}

EVERYWHERE_IN_LINE void timeout_program(struct core *core)
{
	uint64_t first = core->slice_end;

	if (core->alarm_at < first)
		first = core->alarm_at == TIMEOUT_UNKNOWN ? earlier(serve_vcpus(core, 0), first)
							  : core->alarm_at;
	write_CNTHP_CVAL(first); /* its line falls, unless that is past */
}

void timeout_change(struct vcpu *vcpu, uint64_t before, uint64_t after)
{
	struct core *core = vcpu->core;

	if (after < core->alarm_at && vcpu_is_allowed(vcpu))
		core->alarm_at = after;
	else if (before == core->alarm_at)
		core->alarm_at = TIMEOUT_UNKNOWN;
}

static void serve_alarms(struct core *core, uint64_t now)
{
	serve_vcpus(core, now);
	if (CONFIG_HAS_PLAN && core->window_end <= now)
		plan_next_window(core);
	if (core->console_at <= now)
		console_timeout(core);
}

void timeout_irq(struct core *core, UNUSED uint32_t intid)
{
	uint64_t now = read_CNTPCT();

	if (core->alarm_at <= now)
		serve_alarms(core, now);
	if (core->slice_end <= now)
		sched_slice_over(core);
	if (!core->needs_schedule) /* else the scheduler will */
		timeout_program(core);
}
