// SPDX-License-Identifier: BSD-2-Clause
/*
 * Scheduler and timeouts of one core as a function of a time plan and of events: random
 * plans (windows, owners, slack of several VMs, idle windows), priorities, slices, WFI and
 * wake-ups, stops, starts, requests, and a timer that comes late. The oracle knows the
 * plan's frame, who wants the core, and DESIGN's words: who runs is allowed by the window
 * there is, nobody whom it allows outranks it, equals take turns of a slice.
 */
#include <string.h>

#include "arch/barrier.h"
#include "arch/cp15.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/irq.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"
#include "tests/host/unit/places.h"
#include "tests/host/unit/unit.h"

#define SEEDS        2000u
#define STEPS        300u
#define VCPUS        5u
#define WINDOWS      6u
#define TICKS_PER_MS 100u
#define SLICE_MS     33u
#define SLICE        (SLICE_MS * TICKS_PER_MS)
#define LATE         50u /* at most, ticks: far less than a window */

struct vcpu vcpus[VCPUS];
struct vm vms[VCPUS];
struct core cores[1];
const uint32_t config_vcpu_count = VCPUS;
const uint32_t config_slice_ms = SLICE_MS;
static struct plan_window windows[WINDOWS];
static struct core_config plan;
extern const struct core_config config_cores[1] __attribute__((alias("plan")));
static struct core *const core = &cores[0];

/* The oracle. */
static uint64_t began;         /* the first frame */
static uint64_t waited[VCPUS]; /* that equals ran, since it last ran or did not want to */
static uint64_t overrun;       /* by how much the last interrupt came late */
static bool is_calm;           /* nothing happens but time */
static uint64_t switch_ticks;  /* that a world switch takes */

/* ---- What the oracle knows -------------------------------------------------------- */

static uint32_t frame_ticks(void)
{
	return windows[plan.window_count - 1].end_ticks;
}

/* The window of an instant, whoever came late before. */
static const struct plan_window *window_at(uint64_t ticks)
{
	const struct plan_window *window = windows;

	while ((ticks - began) % frame_ticks() >= window->end_ticks)
		window++;
	return window;
}

static uint64_t ticks_left(uint64_t ticks)
{
	return window_at(ticks)->end_ticks - (ticks - began) % frame_ticks();
}

static bool may_run(uint32_t i, uint64_t ticks)
{
	return (vcpus[i].state == VCPU_READY || vcpus[i].state == VCPU_LOADING) &&
	       (!plan.window_count || window_at(ticks)->vms & 1u << i);
}

static uint32_t count_rivals(uint32_t chosen, uint64_t ticks)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < VCPUS; i++)
		count += i != chosen && may_run(i, ticks) &&
			 vcpus[i].priority == vcpus[chosen].priority;
	return count;
}

static void check_turns(uint32_t runner, uint64_t ticks)
{
	for (uint32_t i = 0; i < VCPUS; i++) {
		if (i == runner || vcpus[i].state == VCPU_IDLE || vcpus[i].state == VCPU_OFF)
			waited[i] = 0;
		else if (vcpus[i].priority == vcpus[runner].priority && may_run(i, cp15.CNTPCT))
			waited[i] += ticks;
		unit_check(waited[i] <= (VCPUS - 1) * (SLICE + LATE + 1),
			   "%u waits, while its equals had %lu ticks in slices of %u", i,
			   (unsigned long)waited[i], SLICE);
	}
}

/* ---- What the scheduler calls ----------------------------------------------------- */

static void let_happen(void);

struct gicc *gic_model_gicc(void)
{
	static struct gicc gicc;

	return &gicc;
}

void gic_enable(uint32_t intid)
{
	assert_int_equal(intid, BOARD_IRQ_HYP_TIMER);
}

void console_timeout(UNUSED struct core *timed)
{
	fail_msg("the console waits for nothing");
}

void vtimer_expire(struct vcpu *vcpu, uint64_t now)
{
	unit_check(vcpu->vtimer.alarm_at <= now, "an alarm too early");
	vcpu->vtimer.alarm_at = TIMEOUT_NEVER;
	core->alarm_at = TIMEOUT_UNKNOWN;
	sched_wake(vcpu);
}

void vtimer_reset(struct vcpu *vcpu)
{
	vcpu->vtimer.alarm_at = TIMEOUT_NEVER;
}

void vtimer_wake(struct vcpu *vcpu)
{
	vcpu->vtimer.alarm_at = TIMEOUT_NEVER;
	core->alarm_at = TIMEOUT_UNKNOWN;
}

void world_switch(struct core *switched, struct vcpu *next)
{
	switched->loaded = next;
	cp15.CNTPCT += switch_ticks;
}

void world_unload(struct core *unloaded)
{
	unloaded->loaded = NULL;
}

void world_update_traps(UNUSED struct core *updated)
{
}

void trap_again(UNUSED struct vcpu *vcpu)
{
	fail_msg("nobody waits for an answer");
}

/* A request may be to wake any of them. */
void request_serve(struct core *served)
{
	served->requests = 0;
	if (unit_once_in(3))
		sched_wake(&vcpus[unit_below(VCPUS)]);
}

/* ---- Time ------------------------------------------------------------------------- */

static bool is_due(void)
{
	bool has_alarm = false;

	for (uint32_t i = 0; i < VCPUS; i++)
		has_alarm |= vcpus[i].vtimer.alarm_at <= cp15.CNTPCT;
	return has_alarm || core->slice_end <= cp15.CNTPCT ||
	       (plan.window_count && core->window_end <= cp15.CNTPCT);
}

/* `runner` has the core until the timer comes, late, or for less. */
static void pass(uint32_t runner, uint64_t ticks)
{
	bool is_armed = cp15.CNTHP_CTL & TIMER_CTL_ENABLE;
	uint64_t due =
		is_armed && cp15.CNTHP_CVAL > cp15.CNTPCT ? cp15.CNTHP_CVAL - cp15.CNTPCT : 0;
	bool is_reached = is_armed && ticks >= due;

	if (is_reached)
		ticks = due;
	if (runner < VCPUS)
		check_turns(runner, ticks);
	cp15.CNTPCT += ticks;
	overrun = is_reached ? unit_below(LATE) : 0;
	cp15.CNTPCT += overrun;
	if (!is_reached)
		return;
	unit_check(is_due(), "the timer comes for nothing");
	timeout_irq(core, BOARD_IRQ_HYP_TIMER);
}

void vm_load_piece(struct vcpu *vcpu)
{
	pass((uint32_t)(vcpu - vcpus), 30);
	if (unit_once_in(10))
		sched_set_state(vcpu, VCPU_READY);
}

void irq_poll(UNUSED struct core *polled)
{
}

void wfi(void)
{
	for (uint32_t i = 0; i < VCPUS; i++)
		unit_check(!may_run(i, cp15.CNTPCT) || ticks_left(cp15.CNTPCT) <= overrun,
			   "the core sleeps, and %u wants it", i);
	unit_check(core->slice_end == TIMEOUT_NEVER, "the core sleeps, and a slice ends");
	unit_check(!core->loaded || core->loaded->state == VCPU_IDLE,
		   "the core sleeps, and who waits for its window is loaded");
}

void irq_handle(UNUSED struct core *handled)
{
	pass(VCPUS, is_calm ? UINT32_MAX : unit_below(SLICE));
	let_happen();
}

static void let_happen(void)
{
	struct vcpu *vcpu = &vcpus[unit_below(VCPUS)];

	switch (is_calm ? 12 : unit_below(12)) {
	case 0: /* it stops */
		if (core->loaded == vcpu)
			core->loaded = NULL;
		sched_set_state(vcpu, VCPU_OFF);
		break;
	case 1: /* it starts */
		if (vcpu->state == VCPU_OFF)
			sched_set_state(vcpu, VCPU_LOADING);
		break;
	case 2: /* a kick */
		core->requests = CORE_REQUEST_VCPUS;
		core->needs_schedule = true;
		break;
	case 3: /* an interrupt of its own */
		sched_wake(vcpu);
		break;
	default:
		break;
	}
}

/* ---- Plans ------------------------------------------------------------------------ */

/* Some windows are shorter than a slice; one may be nobody's; all VMs have one. */
static void make_plan(void)
{
	uint32_t end = 0;

	plan.windows = windows;
	plan.window_count = (uint8_t)unit_below(WINDOWS + 1);
	for (uint32_t i = 0; i < plan.window_count; i++) {
		end += 2 * LATE + unit_below(unit_once_in(2) ? SLICE / 2 : 3 * SLICE);
		windows[i] = (struct plan_window){ end, unit_word() & ((1u << VCPUS) - 1) };
		if (unit_once_in(4))
			windows[i].vms = 0;
	}
	if (plan.window_count)
		windows[unit_below(plan.window_count)].vms = (1u << VCPUS) - 1;
}

static void begin(void)
{
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(waited, 0, sizeof(waited));
	memset(&cp15, 0, sizeof(cp15));
	cp15.CNTFRQ = TICKS_PER_MS * 1000;
	cp15.CNTPCT = began = unit_word();
	overrun = 0;
	is_calm = false;
	switch_ticks = 0;
	core->console_at = TIMEOUT_NEVER;
	make_plan();
	for (uint32_t i = 0; i < VCPUS; i++) {
		vcpus[i].core = core;
		vcpus[i].priority = unit_below(2);
		vcpus[i].vm = &vms[i];
		vcpus[i].vm_bit = 1u << i;
		vcpus[i].state = VCPU_IDLE;
	}
	timeout_init();
	places_set(vcpus, VCPUS);
	sched_init(core);
	core->live_count = VCPUS;
	for (uint32_t i = 0; i < VCPUS; i++)
		sched_set_state(&vcpus[i], unit_once_in(4) ? VCPU_OFF : VCPU_READY);
}

/* ---- What must hold when a vCPU is returned to -------------------------------------- */

static void check_choice(uint32_t chosen)
{
	uint64_t now = cp15.CNTPCT;

	unit_check(may_run(chosen, now), "%u runs at %lu outside its windows", chosen,
		   (unsigned long)(now - began));
	for (uint32_t i = 0; i < VCPUS; i++)
		unit_check(!may_run(i, now) || vcpus[i].priority <= vcpus[chosen].priority,
			   "%u runs, though %u outranks it", chosen, i);
	if (plan.window_count)
		unit_check((cp15.CNTHP_CTL & TIMER_CTL_ENABLE) &&
				   cp15.CNTHP_CVAL <= now + ticks_left(now),
			   "%u: the window's end at %lu is not armed", chosen,
			   (unsigned long)(now + ticks_left(now) - began));
	unit_check((core->slice_end != TIMEOUT_NEVER) == (count_rivals(chosen, now) != 0),
		   "%u has %u rivals and a slice that ends at %lu", chosen,
		   count_rivals(chosen, now), (unsigned long)core->slice_end);
	unit_check(core->slice_end == TIMEOUT_NEVER || core->slice_end <= now + SLICE,
		   "%u has a slice that ends at %lu", chosen, (unsigned long)core->slice_end);
}

static void run_plan(void)
{
	begin();
	for (uint32_t n = 0; n < STEPS; n++) {
		uint32_t chosen = (uint32_t)(sched_next(core) - vcpus);

		unit_log("%lu: %u", (unsigned long)(cp15.CNTPCT - began), chosen);
		check_choice(chosen);
		while (!core->needs_schedule) {
			pass(chosen, 1 + unit_below(unit_once_in(2) ? 2 * SLICE : SLICE / 4));
			if (unit_once_in(4) && vcpus[chosen].state == VCPU_READY) {
				vcpus[chosen].vtimer.alarm_at = cp15.CNTPCT + unit_below(SLICE);
				core->alarm_at = TIMEOUT_UNKNOWN;
				sched_block(&vcpus[chosen]);
			}
			let_happen();
		}
	}
}

static void random_plans(UNUSED void **state)
{
	unit_each_seed(SEEDS, run_plan);
}

/* Two equals that always want the core. */
static void begin_with_two(void)
{
	memset(cores, 0, sizeof(cores));
	core->console_at = TIMEOUT_NEVER;
	for (uint32_t i = 0; i < VCPUS; i++)
		vcpus[i].priority = 0;
	places_set(vcpus, VCPUS);
	sched_init(core);
	is_calm = true;
	began = cp15.CNTPCT;
	for (uint32_t i = 0; i < VCPUS; i++)
		sched_set_state(&vcpus[i], i < 2 ? VCPU_READY : VCPU_OFF);
}

/* They have a window shorter than a slice, then an idle one: they take turns all the same,
 * each its half to a slice. */
static void equals_in_short_windows(UNUSED void **state)
{
	uint64_t ran[2] = { 0 };

	begin();
	plan.window_count = 2;
	windows[0] = (struct plan_window){ SLICE / 2, 3 };
	windows[1] = (struct plan_window){ SLICE, 0 };
	begin_with_two();
	while (cp15.CNTPCT < began + 40 * SLICE) {
		uint32_t chosen = (uint32_t)(sched_next(core) - vcpus);
		uint64_t start = cp15.CNTPCT;

		pass(chosen, 2 * SLICE);
		ran[chosen] += cp15.CNTPCT - start;
	}
	unit_check(ran[0] < ran[1] + SLICE + LATE * 40 && ran[1] < ran[0] + SLICE + LATE * 40,
		   "equals had %lu and %lu ticks", (unsigned long)ran[0], (unsigned long)ran[1]);
}

/* A switch may wait for a lock longer than a slice lasts, where an emulator's host lets the
 * lock's holder wait: each has its slice all the same, or none would get anywhere. */
static void slow_switches(UNUSED void **state)
{
	begin();
	plan.window_count = 0;
	begin_with_two();
	switch_ticks = 2 * SLICE;
	for (uint32_t n = 0; n < 10; n++) {
		uint32_t chosen = (uint32_t)(sched_next(core) - vcpus);

		unit_check(core->slice_end == cp15.CNTPCT + SLICE, "%u has %lu ticks of %u", chosen,
			   (unsigned long)(core->slice_end - cp15.CNTPCT), SLICE);
		pass(chosen, 2 * SLICE);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_plans),
		cmocka_unit_test(equals_in_short_windows),
		cmocka_unit_test(slow_switches),
	};

	return unit_run(argc, argv, tests);
}
