// SPDX-License-Identifier: BSD-2-Clause
/*
 * A virtual machine: what its vCPUs share, and its life: loaded, running, off.
 */
#pragma once

#include "kernel/lock.h"
#include "kernel/vcpu.h"

/* How far scrubbing and loading have come. */
struct vm_load {
	uint32_t fill;   /* of config->fills[]; fill_count: all done */
	uint32_t offset; /* into it, bytes */
};

/* What is to come when all its vCPUs have stopped. */
enum vm_next { VM_NEXT_LOAD, VM_NEXT_OFF, VM_NEXT_HALT };

struct vm {
	const struct vm_config *config;
	struct lock lock; /* of all that follows, the vCPUs' vgic, emulated devices */
	struct vgic_vm vgic;
	struct source *source; /* its console output; NULL where a VM serves that */
	uint32_t stopping;     /* steps to go: a stop of each vCPU, and what comes then */
	enum vm_next next;
	atomic_bool is_paused; /* by the menu's wish; a stop ends it */
	bool has_run;
	/* The boot vCPU's core's alone. */
	struct vm_load load;
	uint64_t epoch;    /* physical counter when its own was zero */
	uint32_t restarts; /* since the hypervisor's boot */
	bool is_off;
	uint32_t faults; /* that its on-fault policy answered, since then */
};

/* Stop all vCPUs, each on its own core, and then: begin (again), the boot vCPU scrubs
 * and loads the VM in its own time and runs it, which counts as a restart if it ran
 * before; or stay off, and when the last VM does, switch the board off; or halt, as
 * its on-fault policy may say, and the state stays to be looked at. Any core; who asks
 * while it is stopping only changes what comes then. */
void vm_stop(struct vm *vm, enum vm_next next);

/* One bounded piece of that work, at most VM_LOAD_BYTES; turns the vCPU READY
 * when nothing is left. */
#define VM_LOAD_BYTES (64u * KIB)
void vm_load_piece(struct vcpu *vcpu);

/* Let each emulated device take in what has come from outside. */
void vm_poll_devices(struct vm *vm);

/* The menu's wish: all its vCPUs stand still, or go on. Was it to stand still before?
 * What it asks of a vCPU. */
bool vm_pause(struct vm *vm, bool is_paused);
void vm_serve_pause(struct vcpu *vcpu);

/* What CORE_REQUEST_POWER_OFF asks of core 0. */
void vm_power_off_board(void);

/* PSCI CPU_ON: what the power was; if off, the vCPU's core will start it. entry:
 * bit 0 means Thumb. */
enum vcpu_power vm_start_vcpu(struct vcpu *vcpu, uint32_t entry, uint32_t r0);

/* CPU_OFF, by the vCPU itself. */
void vm_stop_vcpu(struct vcpu *vcpu);

/* Requests to a vCPU of starting, stopping and loading, on its core. */
void vm_serve(struct vcpu *vcpu, uint32_t what);

/* The VM's vCPU on this core, which has one. */
struct vcpu *vm_vcpu_on(struct vm *vm, const struct core *core);

/* All VMs, parallel to config_vms[]; made by mksystem, zero at reset but for `config`. */
extern struct vm vms[];

/* Guest RAM (kernel/guest_ram.c). Physical address of an IPA of the VM's, and how many
 * bytes follow it there without a gap, itself included; 0 if it is not RAM. */
uint32_t guest_ram_find(const struct vm_config *config, ipa_t ipa, pa_t *pa);

/* The word at an aligned address of RAM, as the guest's coherent observers see it: a look
 * through the core's window (arch/stage1.h). */
uint32_t guest_ram_word(const struct core *core, pa_t pa);
