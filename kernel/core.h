// SPDX-License-Identifier: BSD-2-Clause
/*
 * A physical core: what runs on it, who may, and its stack. Touched by that core
 * only.
 */
#pragma once

#include "arch/cp15.h"
#include "arch/decode.h"
#include "generated/board.h"
#include "kernel/types.h"

#define CORE_STACK_BYTES (4u * KIB)

/* The instruction that was emulated last: emulate.c. */
struct core_decoded {
	uint32_t encoding;
	uint32_t state; /* PSR_T, or 0: A32 */
	struct transfer transfer;
	uint32_t syndrome; /* of HSR: of one register; 0: it is none */
};

struct core {
	struct vcpu *vcpus[CONFIG_VCPU_COUNT]; /* pinned here, by priority */
	uint32_t vcpu_count;
	uint32_t live_count;  /* of them, not VCPU_OFF: alone means no WFI trap */
	uint32_t wants;       /* the core, or have it: a bit each, the first's is the highest */
	uint32_t slice_ticks; /* of counter; slice-ms is at most 1000 */
	uint32_t index;
	uint32_t gic_targets; /* GICD_ITARGETSR's bit of this core */
	atomic_bool is_up;
	atomic_uint requests; /* kernel/request.h; the only field others write */
	bool needs_schedule;  /* look for another vCPU before returning to a guest */
	struct vcpu *current; /* who runs; NULL: idle */
	struct vcpu *loaded;  /* whose registers the hardware holds */
	struct vcpu *vfp_owner;
	struct vcpu *pmu_owner;
	uint64_t slice_end;  /* physical counter; TIMEOUT_NEVER: nobody waits */
	uint64_t console_at; /* of the first core: console_timeout() is due */
	uint64_t alarm_at;   /* earliest of its vCPUs' alarms, window_end, console_at; or ... */
#define TIMEOUT_UNKNOWN 0u   /* ... one of them has changed */
	struct core_decoded decoded;
	/* The time plan, if there is one. */
	atomic_uint vms_allowed; /* who may run now: a bit per vms[]; others read it */
	uint32_t window;         /* of config_cores[].windows */
	atomic_uint windows;     /* that have begun so far; 0: no plan */
	atomic_uint disturbed;   /* the one in which the console has come already */
	uint64_t frame_start;    /* physical counter */
	uint64_t window_end;     /* physical counter; TIMEOUT_NEVER: no plan */
	uint8_t stack[CORE_STACK_BYTES] __attribute__((aligned(8)));
};

/* Has the console had its one turn in this window? */
static inline bool core_is_disturbed(const struct core *core)
{
	return core->windows && core->disturbed == core->windows;
}

/* The one that runs this. */
static inline struct core *core_current(void)
{
	return (struct core *)(uintptr_t)read_HTPIDR();
}

/* All cores in use; made by mksystem, zero at reset. */
extern struct core cores[];
