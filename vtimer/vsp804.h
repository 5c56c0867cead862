// SPDX-License-Identifier: BSD-2-Clause
/*
 * The SP804 that a guest sees (Dual-Timer, DDI 0271): two counters that count down in the
 * VM's time, and one interrupt. At most one per VM; under its lock. What comes next is
 * told to the boot vCPU's generic timer, which calls vsp804_poll() then.
 */
#pragma once

#include "kernel/mmio.h"

struct vm;

struct vsp804_timer {
	uint32_t Load;
	uint32_t Control;
	uint32_t RIS;
	uint32_t value; /* at that tick: */
	uint64_t tick;  /* of its prescaled clock, since the VM's time began */
};

struct vsp804 {
	struct vm *vm;
	uint32_t intid;
	uint32_t clock_hz; /* TIMCLK */
	struct vsp804_timer timers[2];
	uint32_t ITCR;
	uint32_t ITOP;
};

/* Any access to its registers (table 3-1): EXIT_DONE; what is not there reads zero and
 * ignores writes. On any core. */
enum exit_result vsp804_access(struct vcpu *vcpu, void *device, struct mmio *mmio);

/* As after a reset: both off, at 0xffffffff, their interrupts enabled. */
void vsp804_reset(struct vm *vm, void *device);

/* Bring counters and interrupt up to date; on the boot vCPU's core. */
void vsp804_poll(struct vm *vm, void *device);
