// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vm.h. Loading is work of the VM it is for: its boot vCPU is scheduled like
 * any other and spends its time here, a piece at a time, until the VM's RAM is
 * scrubbed and its images lie in it.
 */
#include "kernel/vm.h"

#include "arch/boards/board.h"
#include "arch/cache.h"
#include "arch/stage1.h"
#include "kernel/console.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/world.h"

struct line {
	uint32_t words[CACHE_LINE_BYTES_MIN / 4];
} __attribute__((may_alias));

/* Line by line: the library's memcpy() is no faster here, and a kilobyte of text. */
static void copy(uint8_t *target, const uint8_t *source, uint32_t bytes)
{
	uint32_t done = 0;

	if (((uintptr_t)target | (uintptr_t)source) % sizeof(uint32_t) == 0)
		for (; bytes - done >= sizeof(struct line); done += sizeof(struct line))
			*(struct line *)(target + done) = *(const struct line *)(source + done);
	for (; done < bytes; done++)
		target[done] = source[done];
}

/* Zeroes, or a piece of an image, into RAM. Writer: here, Normal write-back through the
 * window. Reader: the guest, first with its caches off. So clean to the point of
 * coherency. An image's own place is in hyp's read-only map. */
static void fill_piece(struct vm *vm, const struct core *core)
{
	const struct vm_fill *fill = &vm->config->fills[vm->load.fill];
	pa_t pa = { fill->pa.raw + vm->load.offset };
	uint32_t left = fill->bytes - vm->load.offset;
	uint32_t room = VM_LOAD_BYTES - pa.raw % VM_LOAD_BYTES; /* the window shows one block */
	uint32_t bytes = left < room ? left : room;
	uint8_t *target = stage1_window_open(core->index, pa);

	if (fill->image) {
		copy(target, fill->image + vm->load.offset, bytes);
		cache_clean_invalidate(target, bytes);
	} else {
		memory_scrub(target, bytes);
	}
	vm->load.offset += bytes;
	if (bytes < left)
		return;
	vm->load.offset = 0;
	vm->load.fill++;
}

/* Under the VM's lock. */
static void reset_devices(struct vm *vm)
{
	const struct vm_config *config = vm->config;

	for (uint32_t i = 0; i < config->device_count; i++)
		config->devices[i].reset(vm, config->devices[i].device);
}

/* All is in place: the machine as after power-on, the vCPU at its first
 * instruction. */
static void finish_load(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	const struct vm_config *config = vm->config;

	/* What was fetched or predicted before belongs to a former life. */
	cache_invalidate_instructions();
	world_forget_translations(vm);
	lock_take(&vm->lock);
	vgic_reset(vm);
	reset_devices(vm);
	vm->epoch = read_CNTPCT();
	vcpu->power = VCPU_POWER_ON;
	lock_release(&vm->lock);
	vcpu_reset(vcpu, config->boot_pc, config->boot_r);
	sched_set_state(vcpu, VCPU_READY);
}

RARELY_RUN void vm_load_piece(struct vcpu *vcpu)
{
	if (vcpu->vm->load.fill < vcpu->vm->config->fill_count)
		fill_piece(vcpu->vm, vcpu->core);
	else
		finish_load(vcpu);
	stage1_window_close(vcpu->core->index);
}

void vm_poll_devices(struct vm *vm)
{
	const struct vm_config *config = vm->config;

	lock_take(&vm->lock);
	for (uint32_t i = 0; i < config->device_count; i++)
		if (config->devices[i].poll)
			config->devices[i].poll(vm, config->devices[i].device);
	lock_release(&vm->lock);
}

struct vcpu *vm_vcpu_on(struct vm *vm, const struct core *core)
{
	struct vcpu *vcpu = vm->config->vcpus;

	while (CONFIG_CORE_COUNT > 1 && vcpu->core != core)
		vcpu++;
	return vcpu;
}

/* ---- One vCPU ------------------------------------------------------------------------ */

enum vcpu_power vm_start_vcpu(struct vcpu *vcpu, uint32_t entry, uint32_t r0)
{
	enum vcpu_power power;

	lock_take(&vcpu->vm->lock);
	/* Who stops anyway is not told of a success that none of several would have. */
	power = vcpu->vm->stopping ? VCPU_POWER_PENDING : vcpu->power;
	if (power == VCPU_POWER_OFF) {
		vcpu->power = VCPU_POWER_PENDING;
		vcpu->start_pc = entry;
		vcpu->start_r0 = r0;
	}
	lock_release(&vcpu->vm->lock);
	if (power == VCPU_POWER_OFF)
		request_vcpu(vcpu, VCPU_REQUEST_START);
	return power;
}

/* Unless the VM stops meanwhile. */
static void start_vcpu(struct vcpu *vcpu)
{
	bool is_wanted;

	lock_take(&vcpu->vm->lock);
	is_wanted = vcpu->power == VCPU_POWER_PENDING;
	if (is_wanted) {
		vcpu->power = VCPU_POWER_ON;
		vgic_reset_interface(vcpu);
	}
	lock_release(&vcpu->vm->lock);
	if (!is_wanted)
		return;
	vcpu_reset(vcpu, vcpu->start_pc, (uint32_t[]){ vcpu->start_r0, 0, 0 });
	sched_set_state(vcpu, VCPU_READY);
}

void vm_stop_vcpu(struct vcpu *vcpu)
{
	if (vcpu_is_loaded(vcpu))
		world_unload(vcpu->core);
	sched_set_state(vcpu, VCPU_OFF);
	vtimer_reset(vcpu);
	vcpu->power = VCPU_POWER_OFF;
}

/* ---- All of them ---------------------------------------------------------------------- */

void vm_stop(struct vm *vm, enum vm_next next)
{
	bool is_first;

	lock_take(&vm->lock);
	is_first = vm->stopping == 0;
	vm->next = next;
	vm->is_paused = false;
	if (is_first)
		vm->stopping = vm->config->vcpu_count + 1u; /* and go_on() */
	lock_release(&vm->lock);
	for (uint32_t i = 0; is_first && i < vm->config->vcpu_count; i++)
		request_vcpu(&vm->config->vcpus[i], VCPU_REQUEST_STOP);
}

/* Its part of vm_stop(); the last one tells the boot vCPU's core. */
static void stop_one(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	bool is_last;

	vm_stop_vcpu(vcpu);
	lock_take(&vm->lock);
	is_last = --vm->stopping == 1;
	lock_release(&vm->lock);
	if (is_last)
		request_vcpu(vm->config->vcpus, VCPU_REQUEST_STOPPED);
}

/* VMs that are on: the last one switches the board off. */
static atomic_uint vms_on;

/* Who only serves the others' consoles doesn't keep the board on. */
static bool is_server(const struct vm *vm)
{
	return vm->config->vmid == CONFIG_CONSOLE_SERVER;
}

static void announce_off(struct vm *vm)
{
	console_print("%s: powered off", vm->config->name);
	if (!is_server(vm) && atomic_fetch_sub(&vms_on, 1) == 1)
		request_core(&cores[0], CORE_REQUEST_POWER_OFF);
}

void vm_power_off_board(void)
{
	console_print("all VMs are off: switching the board off");
	console_flush();
	board_power_off();
}

static void begin_load(struct vm *vm)
{
	if (!is_server(vm) && (!vm->has_run || vm->is_off))
		atomic_fetch_add(&vms_on, 1);
	vm->restarts += vm->has_run;
	vm->has_run = true;
	vm->is_off = false;
	vm->load = (struct vm_load){ 0 };
	TRACE(vm->config->vcpus->core, START, vm->config->vmid, vm->restarts);
	sched_set_state(vm->config->vcpus, VCPU_LOADING);
}

/* All have stopped, and this is the boot vCPU's core. */
static void go_on(struct vm *vm)
{
	enum vm_next next;

	lock_take(&vm->lock);
	reset_devices(vm); /* its peers hear of it, and bus masters are silent */
	next = vm->next;
	vm->stopping = 0; /* only now: whoever asked until here meant this stop */
	lock_release(&vm->lock);
	if (next == VM_NEXT_LOAD) {
		begin_load(vm);
		return;
	}
	TRACE(vm->config->vcpus->core, STOP, vm->config->vmid, 0);
	if (next == VM_NEXT_OFF && !vm->is_off)
		announce_off(vm);
	vm->is_off |= next == VM_NEXT_OFF;
}

void vm_serve(struct vcpu *vcpu, uint32_t what)
{
	if (what & VCPU_REQUEST_STOP)
		stop_one(vcpu);
	if (what & VCPU_REQUEST_STOPPED)
		go_on(vcpu->vm);
	if (what & VCPU_REQUEST_START)
		start_vcpu(vcpu);
}
