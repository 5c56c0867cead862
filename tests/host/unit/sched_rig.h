// SPDX-License-Identifier: BSD-2-Clause
/*
 * All that the scheduler of one core calls, played: counter, timer, world switch,
 * loader and interrupts; and what its vCPUs do. Time only passes here.
 */
#ifndef BULKHEAD_UNIT_SCHED_RIG_H
#define BULKHEAD_UNIT_SCHED_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "config/system.h"

#define RIG_VCPUS        6u
#define RIG_TICKS_PER_MS 100u
#define RIG_SLICE_MS     33u
#define RIG_SLICE        ((uint64_t)RIG_SLICE_MS * RIG_TICKS_PER_MS)
#define RIG_PIECE        30u /* ticks that a piece of loading takes */

/* Per vCPU. */
struct rig_life {
	uint64_t ran;
	uint64_t waited;  /* time that its equals ran while it wanted the core in vain */
	uint32_t pieces;  /* left to load */
	bool has_yielded; /* since it was chosen: the rest of its slice is gone */
};

extern struct rig_life rig_life[RIG_VCPUS];
extern struct core *const rig_core;
extern uint64_t rig_armed;        /* slice_end when the timer was last programmed */
extern uint32_t rig_switch_count; /* since the test set it to 0 */

extern uint32_t rig_trapped_count; /* live when traps were set last */

/* `count` vCPUs of random priorities, all off. */
void rig_init(uint32_t count);

/* Their priorities have been changed. */
void rig_line_up(void);
uint32_t rig_count(void);

uint32_t rig_number(const struct vcpu *vcpu);
bool rig_wants_core(uint32_t i);
bool rig_is_equal(uint32_t i, uint32_t j);
uint32_t rig_count_rivals(uint32_t i, bool is_wanting_only);

/* A vCPU gives the rest of its slice away; it is started, by loading it; any is
 * started, stopped or woken. */
void rig_give_up(uint32_t i);
void rig_start(uint32_t i);
void rig_random_event(void);

/* The runner has the core for so long; the slice ends if its time has come. */
void rig_pass_time(uint32_t runner, uint64_t ticks);
void rig_end_slice(void);

#endif
