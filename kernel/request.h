// SPDX-License-Identifier: BSD-2-Clause
/*
 * What one core asks another to do. Cores share almost nothing: a vCPU is only
 * ever changed by its own core, so whoever has something for it leaves a request
 * and goes on. Requests are bits: asked twice before it is done, it is done once.
 *
 * A core serves its requests before it chooses whom to run: sched_run(). Only SGIs for
 * whom it has loaded need not wait for that.
 */
#pragma once

#include "config/system.h"

/* Of a core. */
enum {
	CORE_REQUEST_VCPUS = 1,     /* one of its vCPUs has a request; by that core itself */
	CORE_REQUEST_CONSOLE = 2,   /* core 0: a ring has something to send */
	CORE_REQUEST_POWER_OFF = 4, /* core 0: the last VM is off */
};

/* Of a vCPU. */
enum {
	VCPU_REQUEST_RELIST = 1,    /* its list registers: something has changed */
	VCPU_REQUEST_POLL = 2,      /* its VM's devices: something has come from outside */
	VCPU_REQUEST_RESUME = 4,    /* what it waits for may have come */
	VCPU_REQUEST_STOP = 8,      /* the VM stops */
	VCPU_REQUEST_STOPPED = 16,  /* boot vCPU: it has */
	VCPU_REQUEST_START = 32,    /* PSCI CPU_ON */
	VCPU_REQUEST_PAUSE = 64,    /* the VM is to stand still, or to go on */
	VCPU_REQUEST_SGI = 1 << 16, /* bits 16 .. 31: another vCPU of its VM has sent it that SGI */
};

/* The software-generated interrupt between cores. */
#define REQUEST_SGI 0u

/* Any core, whatever locks it holds; never waits. Asked of the caller's own core
 * it is served before a guest runs again. */
void request_core(struct core *core, uint32_t what);
void request_vcpu(struct vcpu *vcpu, uint32_t what);

/* Do what has been asked of this core. */
void request_serve(struct core *core);

/* REQUEST_SGI came. */
void request_irq(struct core *core, uint32_t intid);
