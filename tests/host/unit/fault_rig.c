// SPDX-License-Identifier: BSD-2-Clause
/*
 * See fault_rig.h.
 */
#include "tests/host/unit/fault_rig.h"

#include <string.h>

#include "arch/cache.h"
#include "arch/cp15.h"
#include "arch/hsr.h"
#include "arch/stage1.h"
#include "kernel/trap.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

#define TTBCR_EAE (1u << 31)

static uint32_t ram[RAM_BYTES / 4];
static const struct vm_ram pieces[] = {
	{ { 0x20000000 }, { 0xc0000000 }, BLOCK_BYTES },
	{ { RAM_IPA }, { RAM_PA }, RAM_BYTES },
};
struct vm_config rig_config = { .ram = pieces, .ram_count = 2, .name = "guest" };
static struct vm vm = { .config = &rig_config };
static struct core core;
struct vcpu rig_vcpu = { .vm = &vm, .core = &core };

struct rig_told rig_told;
static uint32_t window_count;

/* ---- The rest of the hypervisor ---------------------------------------------- */

void exception_inject_abort(struct vcpu_frame *frame, uint32_t hsr, uint32_t address,
			    enum abort_kind kind)
{
	(void)frame;
	rig_told.address = address;
	rig_told.kind = kind;
	rig_told.hsr = hsr;
	rig_told.is_data = hsr >> HSR_EC_SHIFT == HSR_EC_DATA_ABORT;
	rig_told.count++;
}

bool exception_is_long_format(void)
{
	return cp15.TTBCR & TTBCR_EAE;
}

void *stage1_window_open(uint32_t number, pa_t pa)
{
	unit_check(number == core.index, "another core's window");
	unit_check(pa.raw - RAM_PA < RAM_BYTES, "0x%x is looked at", pa.raw);
	window_count++;
	return (uint8_t *)ram + (pa.raw - RAM_PA);
}

void stage1_window_close(uint32_t number)
{
	(void)number;
	window_count--;
}

void cache_clean_invalidate_word(const volatile void *word)
{
	(void)word;
}

void report_fault(struct vcpu *vcpu, uint32_t hsr, uint32_t address)
{
	unit_check(vcpu == &rig_vcpu, "another vCPU's fault");
	rig_told.hsr = hsr;
	rig_told.address = address;
	rig_told.reports++;
}

void world_set_abort(struct vcpu *aborted)
{
	rig_told.asynchronous += aborted == &rig_vcpu;
}

void rig_store(uint32_t ipa, uint32_t value)
{
	if (ipa - RAM_IPA < RAM_BYTES)
		ram[(ipa - RAM_IPA) / 4] = value;
}

void rig_start(void)
{
	memset(&cp15, 0, sizeof(cp15));
	memset(&rig_told, 0, sizeof(rig_told));
	memset(ram, 0, sizeof(ram));
	rig_config.on_fault = VM_ON_FAULT_INJECT;
}

void rig_check_closed(void)
{
	unit_check(window_count == 0, "a window is left open");
}

void rig_check_told(enum abort_kind kind, uint32_t address, bool is_data)
{
	unit_check(rig_told.count == 1 && rig_told.address == address &&
			   rig_told.is_data == is_data,
		   "told of 0x%x instead of 0x%x", rig_told.address, address);
	unit_check(rig_told.kind == kind, "told of kind %d instead of %d", (int)rig_told.kind,
		   (int)kind);
	rig_check_closed();
}
