// SPDX-License-Identifier: BSD-2-Clause
/*
 * The scheduler of one core under random sequences of what vCPUs do (run, wait,
 * wake, stop, start): who runs, for how long, and who waits. World switch, loader,
 * interrupts and the counter are played here.
 */
#include <string.h>

#include "arch/barrier.h"
#include "arch/cp15.h"
#include "kernel/core.h"
#include "kernel/irq.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

#define SEEDS        300u
#define STEPS        500u
#define VCPUS        6u
#define TICKS_PER_MS 100u
#define SLICE_MS     33u
#define SLICE        ((uint64_t)SLICE_MS * TICKS_PER_MS)
#define PIECE        30u /* ticks that a piece of loading takes */
#define PIECES       20u

struct vcpu vcpus[VCPUS];
struct core cores[1];
struct vcpu_config config_vcpus_writable[VCPUS];
extern const struct vcpu_config config_vcpus[VCPUS] __attribute__((alias("config_vcpus_writable")));
uint32_t config_count;
extern const uint32_t config_vcpu_count __attribute__((alias("config_count")));
const uint32_t config_slice_ms = SLICE_MS;

static struct core *const core = &cores[0];

static struct {
	uint64_t ran;
	uint64_t waited;  /* time that its equals ran while it wanted the core in vain */
	uint32_t pieces;  /* left to load */
	bool has_yielded; /* since it was chosen: the rest of its slice is gone */
} life[VCPUS];

static uint64_t armed;        /* slice_end when the timer was last programmed */
static uint32_t switch_count; /* since last looked at */

static void random_event(void);

static uint32_t number(const struct vcpu *vcpu)
{
	return (uint32_t)(vcpu - vcpus);
}

static bool wants_core(uint32_t i)
{
	return vcpus[i].state == VCPU_READY || vcpus[i].state == VCPU_LOADING;
}

static bool is_equal(uint32_t i, uint32_t j)
{
	return i != j && vcpus[i].config->priority == vcpus[j].config->priority;
}

static uint32_t count_rivals(uint32_t i, bool is_wanting_only)
{
	uint32_t count = 0;

	for (uint32_t j = 0; j < config_count; j++)
		count += is_equal(i, j) && (!is_wanting_only || wants_core(j));
	return count;
}

/* Round-robin: whoever waits, waits for a slice of each of its equals at most;
 * loading may overrun by a piece. */
static void pass_time(uint32_t runner, uint64_t ticks)
{
	cp15.CNTPCT += ticks;
	life[runner].ran += ticks;
	life[runner].waited = 0;
	for (uint32_t i = 0; i < config_count; i++) {
		if (!wants_core(i))
			life[i].waited = 0;
		if (!wants_core(i) || !is_equal(i, runner))
			continue;
		life[i].waited += ticks;
		unit_check(life[i].waited <= count_rivals(i, false) * (SLICE + PIECE),
			   "%u waits, while its %u equals had %lu ms in slices of %u", i,
			   count_rivals(i, false), (unsigned long)(life[i].waited / TICKS_PER_MS),
			   SLICE_MS);
	}
}

/* ---- What the scheduler calls --------------------------------------------- */

uint64_t timeout_ticks(uint32_t milliseconds)
{
	return (uint64_t)milliseconds * TICKS_PER_MS;
}

void timeout_program(struct core *programmed)
{
	armed = programmed->slice_end;
}

void world_switch(struct core *switched, struct vcpu *next)
{
	unit_check(switched->loaded != next, "%u is switched to itself", number(next));
	switched->loaded = next;
	switch_count++;
}

void world_unload(struct core *unloaded)
{
	unloaded->loaded = NULL;
}

void world_update_traps(const struct vcpu *vcpu)
{
	unit_check(vcpu == core->loaded, "traps are set for %u, which is not loaded", number(vcpu));
}

void vtimer_wake(struct vcpu *vcpu)
{
	unit_check(vcpu->state == VCPU_READY, "%u woken in state %d", number(vcpu),
		   (int)vcpu->state);
}

void vm_load_piece(struct vcpu *vcpu)
{
	uint32_t i = number(vcpu);

	unit_check(armed == core->slice_end, "loading: the timer is armed for something else");
	pass_time(i, PIECE);
	if (--life[i].pieces == 0)
		sched_set_state(vcpu, VCPU_READY);
}

static void end_slice(void)
{
	if (core->slice_end > cp15.CNTPCT)
		return;
	if (core->current)
		life[number(core->current)].has_yielded = true;
	sched_slice_over(core);
}

void irq_poll(struct core *polled)
{
	(void)polled;
	end_slice();
	if (unit_once_in(10))
		random_event();
}

void wfi(void)
{
	unit_check(armed == TIMEOUT_NEVER, "the core sleeps, and a slice ends");
	unit_check(!core->current, "the core sleeps, and %u has it", number(core->current));
	for (uint32_t i = 0; i < config_count; i++)
		unit_check(!wants_core(i), "the core sleeps, and %u wants it", i);
	cp15.CNTPCT += unit_below(100);
}

void irq_handle(struct core *handled)
{
	(void)handled;
	random_event();
}

/* ---- What vCPUs do --------------------------------------------------------- */

static void give_up(uint32_t i)
{
	life[i].waited = 0;
	life[i].has_yielded = true;
}

static void stop(uint32_t i)
{
	give_up(i);
	if (core->loaded == &vcpus[i])
		core->loaded = NULL; /* world_unload() */
	sched_set_state(&vcpus[i], VCPU_OFF);
}

static void start(uint32_t i)
{
	stop(i);
	life[i].pieces = 1 + unit_below(PIECES);
	sched_set_state(&vcpus[i], VCPU_LOADING);
}

static void random_event(void)
{
	uint32_t i = unit_below(config_count);

	switch (unit_below(8)) {
	case 0:
		unit_log("start %u", i);
		start(i);
		break;
	case 1:
		unit_log("stop %u", i);
		stop(i);
		break;
	default:
		unit_log("wake %u", i);
		sched_wake(&vcpus[i]);
	}
}

/* ---- What must hold when a vCPU is returned to ------------------------------- */

static void check_choice(uint32_t chosen)
{
	uint32_t live = 0;

	unit_check(vcpus[chosen].state == VCPU_READY, "%u runs in state %d", chosen,
		   (int)vcpus[chosen].state);
	unit_check(core->current == &vcpus[chosen] && core->loaded == &vcpus[chosen],
		   "%u runs, but is not current and loaded", chosen);
	for (uint32_t i = 0; i < config_count; i++) {
		live += vcpus[i].state != VCPU_OFF;
		unit_check(!wants_core(i) ||
				   vcpus[i].config->priority <= vcpus[chosen].config->priority,
			   "%u runs, though %u outranks it", chosen, i);
	}
	unit_check(core->live_count == live, "live_count is %u, and %u live", core->live_count,
		   live);
}

static void check_slice(uint32_t chosen)
{
	unit_check(armed == core->slice_end, "the timer is armed for something else");
	if (count_rivals(chosen, true) == 0)
		unit_check(core->slice_end == TIMEOUT_NEVER, "%u has no rival, but a slice",
			   chosen);
	else
		unit_check(core->slice_end > cp15.CNTPCT && core->slice_end <= cp15.CNTPCT + SLICE,
			   "%u has a slice that ends at %lu; now: %lu", chosen,
			   (unsigned long)core->slice_end, (unsigned long)cp15.CNTPCT);
}

/* Who has the core keeps it while its slice lasts, unless outranked. */
static void check_kept(const struct vcpu *before, uint32_t chosen)
{
	unit_check(switch_count == 0 || !is_equal(chosen, number(before)),
		   "%u loses the core to its equal %u within its slice", number(before), chosen);
}

static uint32_t choose(void)
{
	const struct vcpu *before = core->current;
	bool is_kept = before && before->state == VCPU_READY && core->slice_end > cp15.CNTPCT;
	uint64_t now = cp15.CNTPCT;
	uint32_t chosen;

	switch_count = 0;
	chosen = number(sched_run(core));
	unit_log("        %u runs at %lu", chosen, (unsigned long)cp15.CNTPCT);
	check_choice(chosen);
	check_slice(chosen);
	if (is_kept && !life[number(before)].has_yielded && now == cp15.CNTPCT)
		check_kept(before, chosen);
	life[chosen].has_yielded = false;
	return chosen;
}

/* The chosen one runs for a while, at most to the end of its slice. */
static void run_for(uint32_t chosen, uint64_t ticks)
{
	uint64_t end = cp15.CNTPCT + ticks;

	if (end > core->slice_end)
		end = core->slice_end;
	pass_time(chosen, end - cp15.CNTPCT);
	end_slice();
}

static void init(uint32_t count)
{
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(life, 0, sizeof(life));
	memset(&cp15, 0, sizeof(cp15));
	config_count = count;
	for (uint32_t i = 0; i < count; i++) {
		config_vcpus_writable[i] = (struct vcpu_config){
			.core = core,
			.priority = (uint8_t)unit_below(3),
		};
		vcpus[i].config = &config_vcpus_writable[i];
	}
	sched_init(core);
}

static void run_sequence(void)
{
	uint32_t chosen;

	init(1 + unit_below(VCPUS));
	for (uint32_t i = 0; i < config_count; i++)
		start(i);
	chosen = choose();
	for (uint32_t n = 0; n < STEPS; n++) {
		run_for(chosen, unit_below(unit_once_in(4) ? 2 * SLICE : SLICE / 4));
		if (unit_once_in(3)) {
			unit_log("block %u", chosen);
			give_up(chosen);
			sched_block(&vcpus[chosen]);
		}
		if (unit_once_in(2))
			random_event();
		if (core->needs_schedule)
			chosen = choose();
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

	init(count + 1);
	for (uint32_t i = 0; i <= count; i++) {
		config_vcpus_writable[i].priority = i == place ? 2 : 1;
		sched_set_state(&vcpus[i], i == place ? VCPU_IDLE : VCPU_READY);
	}
	while (cp15.CNTPCT < 10000 * TICKS_PER_MS) {
		uint32_t chosen;

		if (cp15.CNTPCT >= next) {
			sched_wake(&vcpus[place]);
			next += (uint64_t)period * TICKS_PER_MS;
		}
		chosen = number(sched_run(core));
		if (chosen == place) {
			run_for(place, (uint64_t)busy * TICKS_PER_MS);
			sched_block(&vcpus[place]);
		} else {
			run_for(chosen, next - cp15.CNTPCT);
		}
	}
	for (uint32_t i = 0; i <= count; i++)
		total += i == place ? 0 : life[i].ran;
	for (uint32_t i = 0; i <= count; i++)
		unit_check(i == place || life[i].ran * count * 20 >= total * 19,
			   "%u of %u equals had %lu of %lu ms; one above them ran %u of each %u ms",
			   i, count, (unsigned long)(life[i].ran / TICKS_PER_MS),
			   (unsigned long)(total / TICKS_PER_MS), busy, period);
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
