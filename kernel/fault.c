// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest's mistake, answered on that guest alone. See trap.h.
 */
#include "arch/exception.h"
#include "kernel/trace.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"

#define SHORT_TABLE_BITS 14u /* of TTBR1's first-level table, 16 KiB */

/* Short descriptors (B3.5.4): is `page` that of the first-level descriptor? */
static enum abort_kind short_walk_kind(uint32_t address, uint32_t page)
{
	uint32_t n = read_TTBCR() & 7;
	bool is_upper = n && address >> (32 - n);
	uint32_t mask = (1u << (is_upper ? SHORT_TABLE_BITS : SHORT_TABLE_BITS - n)) - 1;
	uint32_t table = (uint32_t)(is_upper ? read_TTBR1() : read_TTBR0());
	uint32_t descriptor = (table & ~mask) | (address >> 20 << 2 & mask);

	return descriptor / PAGE_BYTES == page ? ABORT_EXTERNAL_WALK_1 : ABORT_EXTERNAL_WALK_2;
}

/* Long descriptors (B3.6.6): the walk begins at level 1, or at level 2 if the
 * region is 1 GiB or less. */
static enum abort_kind long_walk_kind(const struct vcpu *vcpu, uint32_t address, uint32_t page)
{
	uint32_t ttbcr = read_TTBCR();
	uint32_t t0sz = ttbcr & 7;
	uint32_t t1sz = ttbcr >> 16 & 7;
	bool is_upper =
		t1sz ? address >> (32 - t1sz) == (1u << t1sz) - 1 : t0sz && address >> (32 - t0sz);
	uint32_t size = is_upper ? t1sz : t0sz;
	uint32_t table = (uint32_t)(is_upper ? read_TTBR1() : read_TTBR0()) & ~0xfu;
	pa_t pa;

	if (table / PAGE_BYTES == page)
		return size < 2 ? ABORT_EXTERNAL_WALK_1 : ABORT_EXTERNAL_WALK_2;
	table += (address << size >> size) >> 30 << 3;
	if (size < 2 && guest_ram_find(vcpu->vm->config, (ipa_t){ table }, &pa) &&
	    guest_ram_word(vcpu->core, pa) / PAGE_BYTES == page)
		return ABORT_EXTERNAL_WALK_2;
	return ABORT_EXTERNAL_WALK_3;
}

/* Where the stage-1 walk for address met the hole. */
static OUT_OF_LINE enum abort_kind walk_kind(const struct vcpu *vcpu, uint32_t address)
{
	uint32_t page = read_HPFAR() >> HPFAR_TO_PAGE_SHIFT;

	return exception_is_long_format() ? long_walk_kind(vcpu, address, page)
					  : short_walk_kind(address, page);
}

/* Is it for the guest to deal with? All VMs may be such, and then there is no report. */
static bool is_injected(const struct vcpu *vcpu)
{
	return !CONFIG_FAULT_REPORT || vcpu->vm->config->on_fault == VM_ON_FAULT_INJECT;
}

OUT_OF_LINE void fault_guest(struct vcpu *vcpu, uint32_t hsr, enum exit_result result)
{
	bool is_fetch = hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT;
	uint32_t address = is_fetch ? read_HIFAR() : read_HDFAR();

	TRACE(vcpu->core, FAULT, hsr, address);
	/* Whatever the guest mapped it as, a device's page is Device memory: the result tells. */
	if (is_injected(vcpu))
		exception_inject_abort(&vcpu->frame, hsr, address,
				       hsr & HSR_S1PTW ? walk_kind(vcpu, address)
						       : (enum abort_kind)result);
	else
		report_fault(vcpu, hsr, address);
}

OUT_OF_LINE void fault_asynchronous(struct vcpu *vcpu)
{
	if (is_injected(vcpu))
		world_set_abort(vcpu);
	else
		report_fault(vcpu, (uint32_t)HSR_EC_DATA_ABORT << HSR_EC_SHIFT | HSR_EA, 0);
}
