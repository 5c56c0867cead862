// SPDX-License-Identifier: BSD-2-Clause
/*
 * See timeout.h. The timeouts are fields of those they belong to; with a handful
 * of them a core, looking at each is cheaper than keeping a queue.
 */
#include "kernel/timeout.h"

#include "arch/barrier.h"
#include "kernel/console.h"
#include "kernel/sched.h"

#define LOOK_AGAIN_MS 33u

static uint32_t ticks_per_ms;
static uint32_t look_again_ticks;

uint64_t timeout_ticks(uint32_t milliseconds)
{
	return (uint64_t)ticks_per_ms * milliseconds;
}

void timeout_init(void)
{
	ticks_per_ms = read_CNTFRQ() / 1000;
	look_again_ticks = (uint32_t)timeout_ticks(LOOK_AGAIN_MS);
	write_CNTHP_CTL(0);
	gic_enable(BOARD_IRQ_HYP_TIMER);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Most switches change none of them. The timers of those who may not run now wait for
 * their window. */
static OUT_OF_LINE void find_alarm(struct core *core)
{
	core->alarm_at = earlier(core->console_at, core->window_end);
	for (uint32_t i = 0; i < core->vcpu_count; i++)
		if (vcpu_is_allowed(core->vcpus[i]))
			core->alarm_at = earlier(core->alarm_at, core->vcpus[i]->vtimer.alarm_at);
	core->is_alarm_known = true;
}

void timeout_program(struct core *core)
{
	uint64_t first;

	if (!core->is_alarm_known)
		find_alarm(core);
	first = earlier(core->slice_end, core->alarm_at);
	core->timer_at = first;
	first = earlier(first, core->look_again_at);
	if (first == TIMEOUT_NEVER) {
		write_CNTHP_CTL(0);
		return;
	}
	write_CNTHP_CVAL(first);
	write_CNTHP_CTL(TIMER_CTL_ENABLE);
	isb(); /* the timer's line follows before the interrupt is deactivated */
}

/* When it comes, nothing else need be due: looking was all. */
void timeout_look_again(struct core *core)
{
	uint64_t soon = read_CNTPCT() + look_again_ticks;

	core->look_again_at = soon;
	if (soon >= core->timer_at)
		return;
	write_CNTHP_CVAL(soon);
	write_CNTHP_CTL(TIMER_CTL_ENABLE);
}

static OUT_OF_LINE void serve_alarms(struct core *core, uint64_t now)
{
	for (uint32_t i = 0; i < core->vcpu_count; i++)
		if (core->vcpus[i]->vtimer.alarm_at <= now)
			vtimer_expire(core->vcpus[i], now);
	if (core->window_end <= now)
		sched_next_window(core);
	if (core->console_at <= now)
		console_timeout(core);
}

void timeout_irq(struct core *core, UNUSED uint32_t intid)
{
	uint64_t now = read_CNTPCT();

	if (core->look_again_at <= now)
		core->look_again_at = TIMEOUT_NEVER;
	if (core->alarm_at <= now)
		serve_alarms(core, now);
	if (core->slice_end <= now)
		sched_slice_over(core);
	/* Its line falls before the interrupt may come again. The scheduler will
	 * arm it anew. */
	if (core->needs_schedule)
		write_CNTHP_CTL(0);
	else
		timeout_program(core);
}
