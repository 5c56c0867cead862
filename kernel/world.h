// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch: the core goes from one VM's vCPU to another's.
 */
#pragma once

#include "kernel/types.h"

struct core;
struct vcpu;
struct vm;

/* Each core, once: what is the same for every VM (traps, stage-2 format). */
void world_init(void);

/* Put the core's loaded vCPU (if any) aside and load next. */
void world_switch(struct core *core, struct vcpu *next);

/* Put the core's loaded vCPU (there is one) aside: for who changes its saved registers. */
void world_unload(struct core *core);

/* A virtual asynchronous abort for the vCPU: it takes it when it unmasks them. */
void world_set_abort(struct vcpu *vcpu);

/* Whether WFI is to trap may have changed, for all vCPUs of this core. */
void world_update_traps(struct core *core);

/* The first VFP or SIMD instruction of a vCPU that does not own the unit: exchange its
 * registers and let the instruction run again. */
void world_take_vfp(struct vcpu *vcpu);

/* No TLB entry of the VM survives on this core: its stage 1 is off again. */
void world_forget_translations(const struct vm *vm);

/* vcpu, which is not loaded, starts afresh: none of its former registers comes back, be
 * they switched lazily. mpidr: what it reads as its own. */
void world_reset(struct vcpu *vcpu, uint32_t mpidr);
