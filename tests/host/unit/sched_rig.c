// SPDX-License-Identifier: BSD-2-Clause
/*
 * See sched_rig.h.
 */
#include "tests/host/unit/sched_rig.h"

#include <string.h>

#include "arch/barrier.h"
#include "arch/cp15.h"
#include "kernel/request.h"
#include "kernel/core.h"
#include "kernel/irq.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "kernel/world.h"
#include "tests/host/unit/places.h"
#include "tests/host/unit/unit.h"

#define PIECES 20u /* of loading, at most */

struct vcpu vcpus[RIG_VCPUS];
struct core cores[1];
static uint32_t config_count;
extern const uint32_t config_vcpu_count __attribute__((alias("config_count")));
const uint32_t config_slice_ms = RIG_SLICE_MS;

struct vm vms[RIG_VCPUS];
const struct core_config config_cores[1];
struct core *const rig_core = &cores[0];

struct rig_life rig_life[RIG_VCPUS];

uint64_t rig_armed;
uint32_t rig_switch_count;
uint32_t rig_trapped_count;

uint32_t rig_count(void)
{
	return config_count;
}

uint32_t rig_number(const struct vcpu *vcpu)
{
	return (uint32_t)(vcpu - vcpus);
}

bool rig_wants_core(uint32_t i)
{
	return vcpus[i].state == VCPU_READY || vcpus[i].state == VCPU_LOADING;
}

bool rig_is_equal(uint32_t i, uint32_t j)
{
	return i != j && vcpus[i].priority == vcpus[j].priority;
}

uint32_t rig_count_rivals(uint32_t i, bool is_wanting_only)
{
	uint32_t count = 0;

	for (uint32_t j = 0; j < config_count; j++)
		count += rig_is_equal(i, j) && (!is_wanting_only || rig_wants_core(j));
	return count;
}

/* Round-robin: whoever waits, waits for a slice of each of its equals at most;
 * loading may overrun by a piece. */
void rig_pass_time(uint32_t runner, uint64_t ticks)
{
	cp15.CNTPCT += ticks;
	rig_life[runner].ran += ticks;
	rig_life[runner].waited = 0;
	for (uint32_t i = 0; i < config_count; i++) {
		if (!rig_wants_core(i))
			rig_life[i].waited = 0;
		if (!rig_wants_core(i) || !rig_is_equal(i, runner))
			continue;
		rig_life[i].waited += ticks;
		unit_check(rig_life[i].waited <=
				   rig_count_rivals(i, false) * (RIG_SLICE + RIG_PIECE),
			   "%u waits, while its %u equals had %lu ms in slices of %u", i,
			   rig_count_rivals(i, false),
			   (unsigned long)(rig_life[i].waited / RIG_TICKS_PER_MS), RIG_SLICE_MS);
	}
}

/* ---- What the scheduler calls --------------------------------------------- */

uint64_t timeout_ticks(uint32_t milliseconds)
{
	return (uint64_t)milliseconds * RIG_TICKS_PER_MS;
}

void timeout_program(struct core *programmed)
{
	rig_armed = programmed->slice_end;
}

void world_switch(struct core *switched, struct vcpu *next)
{
	unit_check(switched->loaded != next, "%u is switched to itself", rig_number(next));
	switched->loaded = next;
	rig_switch_count++;
}

void world_unload(struct core *unloaded)
{
	unloaded->loaded = NULL;
}

void world_update_traps(struct core *updated)
{
	rig_trapped_count = updated->live_count;
}

void vtimer_reset(struct vcpu *vcpu)
{
	(void)vcpu;
}

void vtimer_wake(struct vcpu *vcpu)
{
	unit_check(vcpu->state == VCPU_READY, "%u woken in state %d", rig_number(vcpu),
		   (int)vcpu->state);
}

void request_serve(struct core *served)
{
	(void)served;
	fail_msg("nobody has asked for anything");
}

void vm_load_piece(struct vcpu *vcpu)
{
	uint32_t i = rig_number(vcpu);

	unit_check(rig_armed == rig_core->slice_end,
		   "loading: the timer is armed for something else");
	rig_pass_time(i, RIG_PIECE);
	if (--rig_life[i].pieces == 0)
		sched_set_state(vcpu, VCPU_READY);
}

void rig_end_slice(void)
{
	if (rig_core->slice_end > cp15.CNTPCT)
		return;
	if (rig_core->current)
		rig_life[rig_number(rig_core->current)].has_yielded = true;
	sched_slice_over(rig_core);
}

void irq_poll(struct core *polled)
{
	(void)polled;
	rig_end_slice();
	if (unit_once_in(10))
		rig_random_event();
}

void wfi(void)
{
	unit_check(rig_armed == TIMEOUT_NEVER, "the core sleeps, and a slice ends");
	unit_check(!rig_core->current, "the core sleeps, and %u has it",
		   rig_number(rig_core->current));
	for (uint32_t i = 0; i < config_count; i++)
		unit_check(!rig_wants_core(i), "the core sleeps, and %u wants it", i);
	cp15.CNTPCT += unit_below(100);
}

void irq_handle(struct core *handled)
{
	(void)handled;
	rig_random_event();
}

/* ---- What vCPUs do --------------------------------------------------------- */

void rig_give_up(uint32_t i)
{
	rig_life[i].waited = 0;
	rig_life[i].has_yielded = true;
}

static void stop(uint32_t i)
{
	rig_give_up(i);
	if (rig_core->loaded == &vcpus[i])
		rig_core->loaded = NULL; /* world_unload() */
	sched_set_state(&vcpus[i], VCPU_OFF);
}

void rig_start(uint32_t i)
{
	stop(i);
	rig_life[i].pieces = 1 + unit_below(PIECES);
	sched_set_state(&vcpus[i], VCPU_LOADING);
}

void rig_random_event(void)
{
	uint32_t i = unit_below(config_count);

	switch (unit_below(8)) {
	case 0:
		unit_log("start %u", i);
		rig_start(i);
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

void rig_line_up(void)
{
	rig_core->vcpu_count = 0;
	places_set(vcpus, config_count);
	sched_init(rig_core);
}

void rig_init(uint32_t count)
{
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(rig_life, 0, sizeof(rig_life));
	memset(&cp15, 0, sizeof(cp15));
	config_count = count;
	for (uint32_t i = 0; i < count; i++) {
		vcpus[i].core = rig_core;
		vcpus[i].priority = (uint8_t)unit_below(3);
		vcpus[i].vm = &vms[i];
		vcpus[i].vm_bit = 1u << i;
	}
	rig_line_up();
}
