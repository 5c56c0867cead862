// SPDX-License-Identifier: BSD-2-Clause
/*
 * See fault.h.
 */
#include "kernel/fault.h"

#include "arch/cp15.h"
#include "arch/exception.h"
#include "arch/hsr.h"
#include "kernel/console.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "kernel/world.h"

static void inject(struct vcpu *vcpu, uint32_t hsr)
{
	if (hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT)
		exception_inject_prefetch_abort(&vcpu->frame, read_HIFAR());
	else
		exception_inject_data_abort(&vcpu->frame, read_HDFAR(), hsr & HSR_WNR);
}

/* What the VM's policy makes of a fault that has been reported. */
static void stop_or_restart(struct vm *vm)
{
	if (vm->config->on_fault == VM_ON_FAULT_RESTART)
		vm_start(vm);
	else
		vm_halt(vm);
}

static const char *consequence(const struct vm *vm)
{
	return vm->config->on_fault == VM_ON_FAULT_RESTART ? "restarted" : "halted";
}

static void report(const struct vcpu *vcpu, uint32_t hsr)
{
	bool is_fetch = hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT;

	console_print("%s: %s of 0x%lx at pc 0x%lx, where nothing is: %s", vcpu->vm->config->name,
		      is_fetch ? "fetch" : (hsr & HSR_WNR ? "write" : "read"),
		      is_fetch ? read_HIFAR() : read_HDFAR(), vcpu->frame.pc,
		      consequence(vcpu->vm));
}

void fault_guest(struct vcpu *vcpu, uint32_t hsr)
{
	if (vcpu->vm->config->on_fault == VM_ON_FAULT_INJECT) {
		inject(vcpu, hsr);
		return;
	}
	report(vcpu, hsr);
	stop_or_restart(vcpu->vm);
}

void fault_asynchronous(struct vcpu *vcpu)
{
	if (vcpu->vm->config->on_fault == VM_ON_FAULT_INJECT) {
		world_set_abort(vcpu);
		return;
	}
	console_print("%s: asynchronous external abort near pc 0x%lx: %s", vcpu->vm->config->name,
		      vcpu->frame.pc, consequence(vcpu->vm));
	stop_or_restart(vcpu->vm);
}
