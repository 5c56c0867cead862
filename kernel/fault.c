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

static void inject(struct vcpu *vcpu, uint32_t hsr)
{
	if (hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT)
		exception_inject_prefetch_abort(&vcpu->frame, read_HIFAR());
	else
		exception_inject_data_abort(&vcpu->frame, read_HDFAR(), hsr & HSR_WNR);
}

static void report(const struct vcpu *vcpu, uint32_t hsr, const char *consequence)
{
	bool is_fetch = hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT;

	console_print("%s: %s of 0x%lx at pc 0x%lx, where nothing is: %s", vcpu->vm->config->name,
		      is_fetch ? "fetch" : (hsr & HSR_WNR ? "write" : "read"),
		      is_fetch ? read_HIFAR() : read_HDFAR(), vcpu->frame.pc, consequence);
}

void fault_guest(struct vcpu *vcpu, uint32_t hsr)
{
	switch (vcpu->vm->config->on_fault) {
	case VM_ON_FAULT_INJECT:
		inject(vcpu, hsr);
		break;
	case VM_ON_FAULT_HALT:
		report(vcpu, hsr, "halted");
		vm_halt(vcpu->vm);
		break;
	case VM_ON_FAULT_RESTART:
		report(vcpu, hsr, "restarted");
		vm_start(vcpu->vm);
		break;
	}
}

void fault_asynchronous(struct vcpu *vcpu)
{
	console_print("%s: asynchronous external abort near pc 0x%lx: halted",
		      vcpu->vm->config->name, vcpu->frame.pc);
	vm_halt(vcpu->vm);
}
