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

static bool is_fetch(uint32_t hsr)
{
	return hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT;
}

/* Where the stage-1 walk for address met the hole: at the first level if that is
 * the page of the first-level descriptor (B3.5.4, B3.6.6). */
static enum abort_kind walk_kind(uint32_t address)
{
	uint32_t ttbcr = read_TTBCR();
	uint32_t page = read_HPFAR() >> HPFAR_TO_PAGE_SHIFT;
	uint32_t n = ttbcr & 7;
	bool is_upper = n && address >> (32 - n);
	uint32_t table = (uint32_t)(is_upper ? read_TTBR1() : read_TTBR0());
	uint32_t size_bits = is_upper ? 14 : 14 - n;

	if (exception_is_long_format())
		return table / PAGE_BYTES == page ? ABORT_EXTERNAL_WALK_1 : ABORT_EXTERNAL_WALK_2;
	table = (table & ~((1u << size_bits) - 1)) | (address >> 20 << 2 & ((1u << size_bits) - 1));
	return table / PAGE_BYTES == page ? ABORT_EXTERNAL_WALK_1 : ABORT_EXTERNAL_WALK_2;
}

static enum abort_kind kind_of(uint32_t hsr, uint32_t address)
{
	uint32_t bytes = 1u << (hsr >> HSR_SAS_SHIFT & HSR_SAS_MASK);

	if (hsr & HSR_S1PTW)
		return walk_kind(address);
	/* Whatever the guest mapped it as, a device's page is Device memory. */
	if (!is_fetch(hsr) && (hsr & HSR_ISV) && address % bytes)
		return ABORT_ALIGNMENT;
	return ABORT_EXTERNAL;
}

static void inject(struct vcpu *vcpu, uint32_t hsr)
{
	uint32_t address = is_fetch(hsr) ? read_HIFAR() : read_HDFAR();
	enum abort_kind kind = kind_of(hsr, address);
	uint32_t status = 0;

	if (hsr & HSR_WNR)
		status |= ABORT_STATUS_WNR;
	if (hsr & HSR_CM)
		status |= ABORT_STATUS_CM;
	if (is_fetch(hsr))
		exception_inject_prefetch_abort(&vcpu->frame, address, kind);
	else
		exception_inject_data_abort(&vcpu->frame, address, kind, status);
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
	console_print("%s: %s of 0x%lx at pc 0x%lx, where nothing is: %s", vcpu->vm->config->name,
		      is_fetch(hsr) ? "fetch" : (hsr & HSR_WNR ? "write" : "read"),
		      is_fetch(hsr) ? read_HIFAR() : read_HDFAR(), vcpu->frame.pc,
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
