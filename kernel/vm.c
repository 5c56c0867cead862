// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vm.h. Loading is work of the VM it is for: its boot vCPU is scheduled like
 * any other and spends its time here, a piece at a time, until the VM's RAM is
 * scrubbed and its images lie in it.
 */
#include "kernel/vm.h"

#include <string.h>

#include "arch/boards/board.h"
#include "arch/cache.h"
#include "arch/memory.h"
#include "arch/stage1.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/guest_ram.h"
#include "kernel/panic.h"
#include "kernel/sched.h"
#include "kernel/trace.h"
#include "kernel/vcpu.h"
#include "kernel/world.h"

static uint32_t at_most(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Writer: here, Normal write-back through the window. Reader: the guest, first
 * with its caches off. So clean to the point of coherency. */
static void scrub_piece(struct vm *vm, struct core *core)
{
	struct vm_load *load = &vm->load;
	const struct vm_ram *ram = &vm->config->ram[load->ram];
	uint32_t *start = stage1_window_open(core->index, (pa_t){ ram->pa.raw + load->offset });

	memory_zero(start, VM_LOAD_BYTES);
	cache_clean(start, VM_LOAD_BYTES);
	load->offset += VM_LOAD_BYTES;
	if (load->offset < ram->bytes)
		return;
	load->offset = 0;
	load->ram++;
}

/* Writer and reader as in scrub_piece(); the source is in hyp's read-only map. */
static void copy_piece(struct vm *vm, struct core *core)
{
	struct vm_load *load = &vm->load;
	const struct vm_image *image = &vm->config->images[load->image];
	uint32_t bytes = at_most(image->bytes - load->offset, VM_LOAD_BYTES);
	uint8_t *target;
	pa_t pa;

	if (!guest_ram_find(vm->config, (ipa_t){ image->ipa.raw + load->offset }, &pa))
		panic("an image lies outside of its VM's RAM: mksystem must refuse that");
	target = stage1_window_open(core->index, pa);

	/* The window shows one block. */
	bytes = at_most(bytes, BLOCK_BYTES - pa.raw % BLOCK_BYTES);
	memcpy(target, image->start + load->offset, bytes);
	cache_clean(target, bytes);
	load->offset += bytes;
	if (load->offset < image->bytes)
		return;
	load->offset = 0;
	load->image++;
}

/* All is in place: the machine as after power-on, the vCPU at its first
 * instruction. */
static void finish_load(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	const struct vm_config *config = vm->config;

	stage1_window_close(vcpu->core->index);
	/* What was fetched or predicted before belongs to a former life. */
	cache_invalidate_instructions();
	world_forget_translations(vm);
	vgic_reset(vm);
	for (uint32_t i = 0; i < config->device_count; i++)
		config->devices[i].reset(vm, config->devices[i].device);
	vcpu_reset(vcpu);
	sched_set_state(vcpu, VCPU_READY);
}

RARELY_RUN void vm_load_piece(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;

	if (vm->load.ram < vm->config->ram_count)
		scrub_piece(vm, vcpu->core);
	else if (vm->load.image < vm->config->image_count)
		copy_piece(vm, vcpu->core);
	else
		finish_load(vcpu);
}

void vm_poll_devices(struct vm *vm)
{
	const struct vm_config *config = vm->config;

	lock_take(&vm->lock);
	for (uint32_t i = 0; i < config->device_count; i++)
		config->devices[i].poll(vm, config->devices[i].device);
	lock_release(&vm->lock);
}

static void stop_vcpus(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->config->vcpu_count; i++) {
		struct vcpu *vcpu = &vm->config->vcpus[i];

		if (vcpu_is_loaded(vcpu))
			world_unload(vcpu->core);
		sched_set_state(vcpu, VCPU_OFF);
		vtimer_reset(vcpu);
	}
}

void vm_start(struct vm *vm)
{
	if (vm->has_run)
		vm->restarts++;
	vm->has_run = true;
	vm->is_off = false;
	stop_vcpus(vm);
	vm->load = (struct vm_load){ 0 };
	TRACE(vm->config->vcpus[0].core, START, vm->config->vmid, vm->restarts);
	sched_set_state(&vm->config->vcpus[0], VCPU_LOADING);
}

void vm_halt(struct vm *vm)
{
	TRACE(vm->config->vcpus[0].core, STOP, vm->config->vmid, 0);
	stop_vcpus(vm);
	vm->is_off = true;
}

static bool is_any_on(void)
{
	for (uint32_t i = 0; i < config_vm_count; i++)
		if (!vms[i].is_off)
			return true;
	return false;
}

void vm_power_off(struct vm *vm)
{
	vm_halt(vm);
	console_print("%s: powered off", vm->config->name);
	if (is_any_on())
		return;
	console_print("all VMs are off: switching the board off");
	console_flush();
	board_power_off();
}
