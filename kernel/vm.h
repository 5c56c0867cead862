// SPDX-License-Identifier: BSD-2-Clause
/*
 * A virtual machine: what its vCPUs share, and its life: loaded, running, off.
 */
#ifndef BULKHEAD_KERNEL_VM_H
#define BULKHEAD_KERNEL_VM_H

#include "config/system.h"
#include "kernel/lock.h"
#include "vgic/vgic.h"

/* How far scrubbing and loading have come. */
struct vm_load {
	uint32_t ram;    /* piece of RAM being scrubbed; ram_count: all done */
	uint32_t image;  /* image being copied; image_count: all done */
	uint32_t offset; /* into either, bytes */
};

struct vm {
	const struct vm_config *config;
	struct lock lock; /* of vgic, the vCPUs' vgic, the emulated devices */
	struct vgic_vm vgic;
	struct vm_load load;
	uint32_t restarts; /* since the hypervisor's boot */
	bool has_run;
	bool is_off;
};

/* Begin (again): the boot vCPU scrubs and loads the VM in its own time, then
 * runs it. Stops all vCPUs first. Counts as a restart if it ran before. */
void vm_start(struct vm *vm);

/* One bounded piece of that work, at most VM_LOAD_BYTES; turns the vCPU READY
 * when nothing is left. */
#define VM_LOAD_BYTES (64u * KIB)
void vm_load_piece(struct vcpu *vcpu);

/* Let each emulated device take in what has come from outside. */
void vm_poll_devices(struct vm *vm);

/* Stop for good: no vCPU runs any more. When the last VM stops, the board is
 * switched off. */
void vm_power_off(struct vm *vm);

/* A fault that the VM's on-fault policy answers with halt: as vm_power_off(),
 * but the board stays on, so that the state can be looked at. */
void vm_halt(struct vm *vm);

/* All VMs, parallel to config_vms[]; made by mksystem, zero at reset. */
extern struct vm vms[];

#endif
