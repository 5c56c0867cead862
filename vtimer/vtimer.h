// SPDX-License-Identifier: BSD-2-Clause
/*
 * The generic timer as a guest sees it (ARM ARM DDI 0406C, B8.1). The virtual
 * timer is the hardware's own, its interrupt PPI 27 goes in hardware-linked; a
 * world switch exchanges it. CNTVOFF makes the VM's time. The physical counter
 * that a guest reads is emulated and agrees with its virtual one.
 */
#pragma once

#include "config/system.h"

/* All times in counter ticks. */
struct vtimer {
	uint64_t offset;   /* CNTVOFF: physical minus virtual count */
	uint64_t count;    /* virtual: when it was left waiting for the core */
	uint64_t alarm_at; /* physical: it is to wake, or what is emulated is due; for timeout.c */
	bool is_virtual;   /* its VM's time is */
	bool is_emulating; /* either of these is set: */
	/* The emulated physical timer; its time is that of the virtual one. */
	uint32_t physical_ctl;  /* CNTP_CTL, without ISTATUS */
	uint64_t physical_cval; /* CNTP_CVAL */
	uint64_t device_cval;   /* when the VM's devices want to be polled; TIMEOUT_NEVER */
};

/* When the VM or the vCPU starts: timers off, the counter at zero at the VM's epoch.
 * The vCPU must not be loaded. */
void vtimer_reset(struct vcpu *vcpu);

/* The world switch's part: behind switch_save(), and before switch_restore(). */
void vtimer_save(struct vcpu *vcpu);
void vtimer_restore(struct vcpu *vcpu);

/* The vCPU was idle and is to run again: from here on it waits for the core. */
void vtimer_wake(struct vcpu *vcpu);

/* alarm_at has come: the vCPU is to wake, or its emulated physical timer's line,
 * PPI 30, rises. now: physical counter. */
void vtimer_expire(struct vcpu *vcpu, uint64_t now);

/* The VM's time, as the vCPU's counter shows it. */
uint64_t vtimer_count(const struct vcpu *vcpu);

/* Have the VM's devices polled (VCPU_REQUEST_POLL) when its counter reaches cval, once;
 * UINT64_MAX: never. Of the boot vCPU, on its core. */
void vtimer_set_device(struct vcpu *vcpu, uint64_t cval);

/* PPI 27 of the loaded vCPU. */
void vtimer_irq(struct core *core, uint32_t intid);

/* Trapped accesses: the physical counter (CNTPCT), which agrees with the virtual one, for
 * a VM has one time, and timer (CNTP_*). name: HSR_CP32() or HSR_CP64() of the register.
 * False, and nothing, if it is none of these, or can't be written. */
bool vtimer_read(const struct vcpu *vcpu, uint32_t name, uint64_t *value);
bool vtimer_write(struct vcpu *vcpu, uint32_t name, uint64_t value);
