// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses /bulkhead: the schedule's slice, the VMs (by vm.c), the time plans (by
 * plan.c), channels and buffers (by channel.c and buffer.c), and what holds between
 * VMs: who has a device, which cores are in use. Called by main.c after the board.
 */
#include "tools/mksystem/manifest.h"
#include "tools/mksystem/buffer.h"
#include "tools/mksystem/channel.h"
#include "tools/mksystem/console.h"
#include "tools/mksystem/device.h"
#include "tools/mksystem/plan.h"
#include "tools/mksystem/schema.h"
#include "tools/mksystem/suggest.h"
#include "tools/mksystem/vm.h"

#include <inttypes.h>
#include <string.h>

#define VM_PREFIX        "vm-"
#define PLAN_PREFIX      "plan-"
#define SLICE_DEFAULT_MS 33u

/* Of 16 bytes each, a ring per core: at most 256 KiB of the hypervisor's memory. */
#define TRACE_LEAST_EVENTS 64u
#define TRACE_MOST_EVENTS  16384u

static const struct property_rule system_properties[] = {
	{ .name = "compatible",
	  .type = PROPERTY_STRING,
	  .is_required = true,
	  .words = (const char *const[]){ "bulkhead,system", NULL } },
	{ .name = "slice-ms", .type = PROPERTY_NUMBER, .low = 1, .high = 1000 },
	{ .name = "trace-events",
	  .type = PROPERTY_NUMBER,
	  .low = TRACE_LEAST_EVENTS,
	  .high = TRACE_MOST_EVENTS },
	{ .name = "menu", .type = PROPERTY_FLAG },
};

static const struct child_rule system_children[] = {
	{ .name = VM_PREFIX },     { .name = PLAN_PREFIX },  { .name = CHANNEL_PREFIX },
	{ .name = BUFFER_PREFIX }, { .name = CONSOLE_NODE },
};

static const struct schema system_schema = {
	.what = "/bulkhead",
	.properties = system_properties,
	.property_count = ARRAY_SIZE(system_properties),
	.children = system_children,
	.child_count = ARRAY_SIZE(system_children),
};

/* Cores in use, ascending; vCPUs numbered through. */
static void manifest_number_cores(struct model *model)
{
	struct place place = tree_place(model->node, NULL);
	unsigned end = 0; /* behind the last core in use */

	for (unsigned i = 0; i < model->vm_count; i++) {
		struct vm_model *vm = &model->vms[i];

		vm->first_vcpu = model->vcpu_count;
		model->vcpu_count += vm->vcpu_count;
		for (unsigned j = 0; j < vm->vcpu_count; j++)
			end = vm->cores[j] < end ? end : vm->cores[j] + 1;
	}
	for (unsigned core = 0; core < end; core++) {
		if (model_uses_core(model, core))
			model->cores[model->core_count++] = core;
		else if (core == 0)
			report_error(place, "give core 0 to some VM",
				     "no vCPU runs on core 0, which boots the system");
		else
			report_note(place, "leave it so, or give it to a VM",
				    "core %u has no work and is never started", core);
	}
}

/* Who takes a core away from a VM at times, VM or window; no path: nobody. */
static struct place manifest_find_rival(const struct model *model, const struct vm_model *vm,
					unsigned core)
{
	const struct plan *plan = plan_find(model, core);

	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *other = &model->vms[i];

		if (other != vm && model_find_vcpu(other, core) >= 0)
			return tree_place(other->node, "cpus");
	}
	for (unsigned i = 0; plan != NULL && i < plan->window_count; i++) {
		if ((plan->windows[i].vms & 1u << vm->index) == 0)
			return tree_place(plan->windows[i].node, NULL);
	}
	return (struct place){ .path = NULL };
}

/* The counters of a VM's vCPUs must agree; virtual time stands still core by core. */
static void manifest_check_time(const struct model *model, const struct vm_model *vm)
{
	if (vm->vcpu_count < 2 || strcmp(vm->time, "real") == 0)
		return;
	for (unsigned i = 0; i < vm->vcpu_count; i++) {
		struct place rival = manifest_find_rival(model, vm, vm->cores[i]);

		if (rival.path == NULL)
			continue;
		report_conflict(tree_place(vm->node, "cpus"), rival,
				"write time = \"real\", or leave its cores to it",
				"several vCPUs can't have virtual time if a core is not theirs "
				"alone: on core %u it would stand still at times",
				vm->cores[i]);
		return;
	}
}

static void manifest_parse_trace(struct model *model, struct node node)
{
	model->trace_events = tree_u32(node, "trace-events", 0);
	if (model->trace_events & (model->trace_events - 1))
		report_error(tree_place(node, "trace-events"), "write 8192, for instance",
			     "%" PRIu32 " events a core: not a power of two", model->trace_events);
}

static void manifest_parse_vm(struct model *model, struct node node)
{
	struct vm_model *vm = &model->vms[model->vm_count];

	if (model->vm_count == MAX_VMS) {
		report_error(tree_place(node, NULL), "remove some VMs",
			     "too many VMs: a system has at most %u", MAX_VMS);
		return;
	}
	vm->node = node;
	vm->name = node.name + strlen(VM_PREFIX);
	vm->index = model->vm_count++;
	vm_parse(vm, &model->board);
}

static void manifest_parse_children(struct model *model, const char *prefix,
				    void (*parse)(struct model *model, struct node node))
{
	for (struct node child = tree_first_child(model->node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (schema_matches(prefix, child.name))
			parse(model, child);
	}
}

void manifest_parse(struct model *model, struct node node)
{
	model->node = node;
	schema_check(&system_schema, node);
	model->slice_ms = tree_u32(node, "slice-ms", SLICE_DEFAULT_MS);
	manifest_parse_trace(model, node);
	model->has_menu = tree_has(node, "menu");
	manifest_parse_children(model, VM_PREFIX, manifest_parse_vm);
	if (model->vm_count == 0)
		report_error(tree_place(node, NULL), "add a node vm-NAME { ... };",
			     "there is no VM");
	manifest_parse_children(model, PLAN_PREFIX, plan_parse);
	for (unsigned i = 0; i < model->vm_count; i++)
		manifest_check_time(model, &model->vms[i]);
	console_parse(model);
	device_check_owners(model);
	channel_parse_all(model);
	console_count_pages(model);
	buffer_parse_all(model);
	manifest_number_cores(model);
}

int model_find_vcpu(const struct vm_model *vm, unsigned board_core)
{
	for (unsigned i = 0; i < vm->vcpu_count; i++) {
		if (vm->cores[i] == board_core)
			return (int)i;
	}
	return -1;
}

bool model_uses_core(const struct model *model, unsigned board_core)
{
	for (unsigned i = 0; i < model->vm_count; i++) {
		if (model_find_vcpu(&model->vms[i], board_core) >= 0)
			return true;
	}
	return false;
}

const struct vm_model *model_find_vm(const struct model *model, const char *name,
				     struct place place)
{
	const char *known[MAX_VMS];

	for (unsigned i = 0; i < model->vm_count; i++) {
		known[i] = model->vms[i].name;
		if (strcmp(known[i], name) == 0)
			return &model->vms[i];
	}
	report_error(place, suggest_remedy(name, known, model->vm_count),
		     "there is no VM \"%s\" (a node vm-%s)", name, name);
	return NULL;
}

unsigned model_core_index(const struct model *model, unsigned board_core)
{
	unsigned index = 0;

	while (model->cores[index] != board_core)
		index++;
	return index;
}
