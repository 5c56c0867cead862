// SPDX-License-Identifier: BSD-2-Clause
/*
 * The scheduler of one core under random sequences of what vCPUs do (run, wait,
 * wake, stop, start): who runs, for how long, and who waits. What it calls is
 * played by sched_rig.c.
 */
#include "arch/cp15.h"
#include "kernel/core.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "tests/host/unit/sched_rig.h"
#include "tests/host/unit/unit.h"

#define SEEDS 300u
#define STEPS 500u

/* ---- What must hold when a vCPU is returned to ------------------------------- */

static void check_choice(uint32_t chosen)
{
	uint32_t live = 0;

	unit_check(vcpus[chosen].state == VCPU_READY, "%u runs in state %d", chosen,
		   (int)vcpus[chosen].state);
	unit_check(rig_core->current == &vcpus[chosen] && rig_core->loaded == &vcpus[chosen],
		   "%u runs, but is not current and loaded", chosen);
	for (uint32_t i = 0; i < rig_count(); i++) {
		live += vcpus[i].state != VCPU_OFF;
		unit_check(!rig_wants_core(i) || vcpus[i].priority <= vcpus[chosen].priority,
			   "%u runs, though %u outranks it", chosen, i);
	}
	unit_check(rig_core->live_count == live, "live_count is %u, and %u live",
		   rig_core->live_count, live);
	unit_check(rig_trapped_count == live, "traps are set for %u live ones, not for %u",
		   rig_trapped_count, live);
}

static void check_slice(uint32_t chosen)
{
	unit_check(rig_armed == rig_core->slice_end, "the timer is armed for something else");
	if (rig_count_rivals(chosen, true) == 0)
		unit_check(rig_core->slice_end == TIMEOUT_NEVER, "%u has no rival, but a slice",
			   chosen);
	else
		unit_check(rig_core->slice_end > cp15.CNTPCT &&
				   rig_core->slice_end <= cp15.CNTPCT + RIG_SLICE,
			   "%u has a slice that ends at %lu; now: %lu", chosen,
			   (unsigned long)rig_core->slice_end, (unsigned long)cp15.CNTPCT);
}

/* Who has the core keeps it while its slice lasts, unless outranked. */
static void check_kept(const struct vcpu *before, uint32_t chosen)
{
	unit_check(rig_switch_count == 0 || !rig_is_equal(chosen, rig_number(before)),
		   "%u loses the core to its equal %u within its slice", rig_number(before),
		   chosen);
}

static uint32_t choose(void)
{
	const struct vcpu *before = rig_core->current;
	bool is_kept = before && before->state == VCPU_READY && rig_core->slice_end > cp15.CNTPCT;
	uint64_t now = cp15.CNTPCT;
	uint32_t chosen;

	rig_switch_count = 0;
	chosen = rig_number(sched_next(rig_core));
	unit_log("        %u runs at %lu", chosen, (unsigned long)cp15.CNTPCT);
	check_choice(chosen);
	check_slice(chosen);
	if (is_kept && !rig_life[rig_number(before)].has_yielded && now == cp15.CNTPCT)
		check_kept(before, chosen);
	rig_life[chosen].has_yielded = false;
	return chosen;
}

/* The chosen one runs for a while, at most to the end of its slice. */
static void run_for(uint32_t chosen, uint64_t ticks)
{
	uint64_t end = cp15.CNTPCT + ticks;

	if (end > rig_core->slice_end)
		end = rig_core->slice_end;
	rig_pass_time(chosen, end - cp15.CNTPCT);
	rig_end_slice();
}

static void run_sequence(void)
{
	uint32_t chosen;

	rig_init(1 + unit_below(RIG_VCPUS));
	for (uint32_t i = 0; i < rig_count(); i++)
		rig_start(i);
	chosen = choose();
	for (uint32_t n = 0; n < STEPS; n++) {
		run_for(chosen, unit_below(unit_once_in(4) ? 2 * RIG_SLICE : RIG_SLICE / 4));
		if (unit_once_in(3)) {
			unit_log("block %u", chosen);
			rig_give_up(chosen);
			sched_block(&vcpus[chosen]);
		}
		if (unit_once_in(2))
			rig_random_event();
		if (rig_core->needs_schedule)
			chosen = choose();
		check_choice(chosen);
		check_slice(chosen);
	}
}

static void random_sequences(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_sequence);
}

/* ---- Shares ------------------------------------------------------------------ */

/* One of high priority that runs for `busy` of every `period` ms; `count` others
 * that always want the core: their shares of what is left, for ten seconds. */
static void run_with_high(uint32_t place, uint32_t count, uint32_t period, uint32_t busy)
{
	uint64_t next = 0, total = 0;

	rig_init(count + 1);
	for (uint32_t i = 0; i <= count; i++)
		vcpus[i].priority = i == place ? 2 : 1;
	rig_line_up();
	for (uint32_t i = 0; i <= count; i++)
		sched_set_state(&vcpus[i], i == place ? VCPU_IDLE : VCPU_READY);
	while (cp15.CNTPCT < 10000 * RIG_TICKS_PER_MS) {
		uint32_t chosen;

		if (cp15.CNTPCT >= next) {
			sched_wake(&vcpus[place]);
			next += (uint64_t)period * RIG_TICKS_PER_MS;
		}
		chosen = rig_number(sched_next(rig_core));
		if (chosen == place) {
			run_for(place, (uint64_t)busy * RIG_TICKS_PER_MS);
			sched_block(&vcpus[place]);
		} else {
			run_for(chosen, next - cp15.CNTPCT);
		}
	}
	for (uint32_t i = 0; i <= count; i++)
		total += i == place ? 0 : rig_life[i].ran;
	for (uint32_t i = 0; i <= count; i++)
		unit_check(i == place || rig_life[i].ran * count * 20 >= total * 19,
			   "%u of %u equals had %lu of %lu ms; one above them ran %u of each %u ms",
			   i, count, (unsigned long)(rig_life[i].ran / RIG_TICKS_PER_MS),
			   (unsigned long)(total / RIG_TICKS_PER_MS), busy, period);
}

/* Whom the rest of the time goes to is not decided by who interrupts it. */
static void equals_share_what_is_left(void **state)
{
	(void)state;
	for (uint32_t place = 0; place < 3; place++)
		for (uint32_t period = 5; period <= 80; period += 5)
			run_with_high(place, 2, period, 1 + period / 10);
	run_with_high(0, 4, 10, 3);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences),
		cmocka_unit_test(equals_share_what_is_left),
	};

	return unit_run(argc, argv, tests);
}
