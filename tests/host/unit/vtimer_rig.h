// SPDX-License-Identifier: BSD-2-Clause
/*
 * Three VMs of one vCPU each on one core, and for each its own clock and timers,
 * kept by hand. Time passes from one interrupt of the hyp timer to the next; at
 * each step what the hypervisor has made of it is compared.
 */
#ifndef BULKHEAD_UNIT_VTIMER_RIG_H
#define BULKHEAD_UNIT_VTIMER_RIG_H

#include "kernel/core.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"

#define RIG_VMS 3u

/* A guest as itself sees the world. */
struct rig_guest {
	uint64_t clock;
	uint64_t cval, physical_cval;
	uint32_t ctl, physical_ctl;
	bool is_line_high;    /* PPI 30 */
	uint64_t device_cval; /* its devices are to be polled then */
};

extern struct rig_guest rig_guests[RIG_VMS];
extern struct core *const rig_core;
extern uint32_t rig_undefined_count; /* exceptions injected */

struct rig_guest *rig_guest_of(const struct vcpu *vcpu);

/* All as after boot, virtual or real time at random; a VM starts again. */
void rig_init(void);
void rig_reset(struct vcpu *vcpu);

/* The world switch, to NULL as well; only who wants the core gets it. */
void rig_load(struct vcpu *next);

/* Serve what is due now, and check; the same for all that comes in so many ticks. */
void rig_settle(void);
void rig_pass(uint64_t ticks);

#endif
