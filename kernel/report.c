// SPDX-License-Identifier: BSD-2-Clause
/*
 * What stopped a VM by its on-fault policy: kept, and printed. See trap.h. Called by
 * fault.c on the vCPU's core, and by the menu.
 */
#include "kernel/console.h"
#include "kernel/trace.h"
#include "kernel/trap.h"
#include "kernel/vm.h"

#define EXITS 4u

static struct report {
	uint32_t hsr;
	uint32_t address;
	uint32_t r[16];
	uint32_t cpsr;
	uint32_t exits[EXITS][2]; /* the last one first: HSR, 0: no more; PC */
} reports[CONFIG_VM_COUNT];

/* Of the vCPU that runs: the last of the events since the switch. */
static void take_exits(struct report *report, uint32_t core)
{
#if CONFIG_TRACE_EVENTS
	const struct trace_ring *ring = &trace_rings[core];
	uint32_t at = ring->count, count = 0;

	while (at && ring->count - at < CONFIG_TRACE_EVENTS && count < EXITS) {
		const struct trace_entry *entry = &ring->entries[--at % CONFIG_TRACE_EVENTS];

		if (entry->event == TRACE_SWITCH)
			break;
		if (entry->event != TRACE_EXIT)
			continue;
		report->exits[count][0] = entry->a;
		report->exits[count++][1] = entry->b;
	}
#else
	(void)report, (void)core;
#endif
}

static const char *access_of(uint32_t hsr)
{
	if (hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT)
		return "fetch";
	return hsr & HSR_WNR ? "write" : "read";
}

void report_print(const struct vm *vm, const char *word, bool is_whole)
{
	static const char *const kinds[] = { "no", "translation", "access flag", "permission" };
	static const char *const sizes[] = { ", byte", ", half-word", ", word", "" };
	const struct report *report = &reports[vm - vms];
	const char *name = vm->config->name;
	uint32_t hsr = report->hsr;

	if (hsr & HSR_EA)
		console_print("%s: asynchronous external abort near pc 0x%lx: %s", name,
			      report->r[15], word);
	else
		console_print("%s: %s of 0x%lx at pc 0x%lx: %s", name, access_of(hsr),
			      report->address, report->r[15], word);
	if (!is_whole)
		return;
	console_print("  hsr %08lx: %s fault, stage 2%s, %s%s", hsr, kinds[hsr >> 2 & 3],
		      hsr & HSR_S1PTW ? ", table walk" : "", access_of(hsr),
		      hsr & HSR_ISV ? sizes[hsr >> HSR_SAS_SHIFT & HSR_SAS_MASK] : "");
	console_print("  cpsr %08lx", report->cpsr);
	console_print_words("r", report->r, 16);
	for (uint32_t i = 0; i < EXITS && report->exits[i][0]; i++)
		console_print("  exit %s, hsr %08lx, pc %08lx", i ? "before" : "now",
			      report->exits[i][0], report->exits[i][1]);
}

static void take(struct vcpu *vcpu, uint32_t hsr, uint32_t address)
{
	struct report *report = &reports[vcpu->vm - vms];

	*report = (struct report){ .hsr = hsr, .address = address, .cpsr = vcpu->frame.cpsr };
	for (uint32_t i = 0; i < 15; i++) /* some are in a bank, while it is loaded */
		if (i < 8 || vcpu_is_loaded(vcpu))
			report->r[i] = regfile_read(&vcpu->frame, i);
	report->r[15] = vcpu->frame.pc;
	take_exits(report, vcpu->core->index);
	vcpu->vm->faults++;
}

void report_fault(struct vcpu *vcpu, uint32_t hsr, uint32_t address)
{
	bool is_restart = vcpu->vm->config->on_fault == VM_ON_FAULT_RESTART;

	take(vcpu, hsr, address);
	report_print(vcpu->vm, is_restart ? "restarted" : "halted", !is_restart);
	if (is_restart)
		vm_stop(vcpu->vm, VM_NEXT_LOAD);
	else
		vm_stop(vcpu->vm, VM_NEXT_HALT);
}
