// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses a VM: properties, cores, memory and devices. Called by manifest.c for
 * each; platform.c reads the platform, image.c what lies in the memory.
 */
#include "tools/mksystem/vm.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/board.h"
#include "tools/mksystem/platform.h"
#include "tools/mksystem/quiesce.h"
#include "tools/mksystem/schema.h"

#include <string.h>

#define NAME_MAX_LENGTH    12u
#define PRIORITY_DEFAULT   100u
#define BOOTARGS_MAX_BYTES 1024u /* arch/arm: COMMAND_LINE_SIZE */

static const char *const time_words[] = { "virtual", "real", NULL };
static const char *const on_fault_words[] = { "inject", "halt", "restart", NULL };

static const struct property_rule vm_properties[] = {
	{ .name = "cpus",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 1,
	  .most = MAX_VM_VCPUS },
	{ .name = "priority",
	  .type = PROPERTY_CELLS,
	  .least = 1,
	  .most = MAX_VM_VCPUS,
	  .high = 255 },
	{ .name = "time", .type = PROPERTY_STRING, .words = time_words },
	{ .name = "on-fault", .type = PROPERTY_STRING, .words = on_fault_words },
	{ .name = "kernel", .type = PROPERTY_STRING, .is_required = true },
	{ .name = "initrd", .type = PROPERTY_STRING },
	{ .name = "device-tree", .type = PROPERTY_STRING },
	{ .name = "bootargs", .type = PROPERTY_STRING },
	{ .name = "load", .type = PROPERTY_NUMBER },
	{ .name = "entry", .type = PROPERTY_NUMBER },
	{ .name = "devices", .type = PROPERTY_CELLS, .least = 1, .most = MAX_VM_DEVICES },
	{ .name = "pmu", .type = PROPERTY_FLAG },
	{ .name = "trust-dma", .type = PROPERTY_FLAG },
};

static const struct child_rule vm_children[] = {
	{ .name = "memory", .is_required = true },   { .name = "memory-" }, { .name = "blob-" },
	{ .name = "platform", .is_required = true }, { .name = "ivc@" },
};

static const struct schema vm_schema = {
	.what = "a VM",
	.properties = vm_properties,
	.property_count = ARRAY_SIZE(vm_properties),
	.children = vm_children,
	.child_count = ARRAY_SIZE(vm_children),
};

static const struct property_rule memory_properties[] = {
	{ .name = "ipa", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "size", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "pa", .type = PROPERTY_NUMBER },
};

static const struct schema memory_schema = {
	.what = "a VM's memory",
	.properties = memory_properties,
	.property_count = ARRAY_SIZE(memory_properties),
};

/* False if it can't be placed: then it is not kept, and nothing follows from it. */
static bool vm_check_memory(struct node node, const char *property, uint64_t bytes)
{
	uint64_t value = tree_u32(node, property, 0);

	if (value % BLOCK_BYTES != 0) {
		report_error(tree_place(node, property),
			     arena_printf("0x%08llx is the multiple of 2 MiB below",
					  (unsigned long long)range_align_down(value, BLOCK_BYTES)),
			     "0x%08llx is not a multiple of 2 MiB", (unsigned long long)value);
		return false;
	}
	/* Ends are 32-bit numbers in the hypervisor: the last block stays free. */
	if (value + bytes > (1ull << 32) - BLOCK_BYTES) {
		report_error(tree_place(node, property), "make it end at 0xffe00000 or before",
			     "0x%08llx + 0x%llx bytes reach 4 GiB", (unsigned long long)value,
			     (unsigned long long)bytes);
		return false;
	}
	return true;
}

static void vm_parse_memory(struct vm_model *vm, struct node node)
{
	schema_check(&memory_schema, node);
	if (vm->ram_count == MAX_VM_RAM) {
		report_error(tree_place(node, NULL), "join some of them",
			     "a VM has at most %u memory nodes", MAX_VM_RAM);
		return;
	}
	if (!tree_has(node, "ipa") || !tree_has(node, "size"))
		return;

	uint64_t bytes = tree_u32(node, "size", 0);
	bool is_good = vm_check_memory(node, "size", 0);

	if (bytes == 0) {
		report_error(tree_place(node, "size"), "give at least 0x200000", "is 0");
		return;
	}
	is_good = vm_check_memory(node, "ipa", bytes) && is_good;
	is_good = vm_check_memory(node, "pa", bytes) && is_good;
	if (!is_good)
		return;

	vm->ram[vm->ram_count++] = (struct ram){
		.node = node,
		.ipa = { .start = tree_u32(node, "ipa", 0), .bytes = bytes },
		.pa = tree_u32(node, "pa", 0),
		.has_pa = tree_has(node, "pa"),
	};
}

static void vm_parse_cpus(struct vm_model *vm, const struct board *board)
{
	struct place place = tree_place(vm->node, "cpus");

	for (unsigned i = 0; i < tree_cell_count(vm->node, "cpus"); i++) {
		uint32_t core = tree_cell(vm->node, "cpus", i);

		if (core >= board->core_count) {
			if (board->core_count > 0)
				report_conflict(
					place, tree_place(board->node, "cores"),
					arena_printf("choose from 0 to %u", board->core_count - 1),
					"the board has no core %u", core);
			return;
		}
		if (model_find_vcpu(vm, core) >= 0) {
			report_error(place, "give each vCPU of a VM a core of its own",
				     "two vCPUs of one VM on core %u, where they would share a "
				     "VMID's TLB entries",
				     core);
			return;
		}
		vm->cores[vm->vcpu_count++] = core;
	}
}

/* One for all vCPUs, or one for each. */
static void vm_parse_priorities(struct vm_model *vm)
{
	unsigned count = tree_cell_count(vm->node, "priority");
	unsigned vcpus = tree_cell_count(vm->node, "cpus");

	if (count > 1 && vcpus > 0 && count != vcpus)
		report_conflict(tree_place(vm->node, "priority"), tree_place(vm->node, "cpus"),
				"give one for all vCPUs, or one for each",
				"%u priorities for %u vCPUs", count, vcpus);
	for (unsigned i = 0; i < vm->vcpu_count; i++)
		vm->priorities[i] = count == 0 ? PRIORITY_DEFAULT
					       : tree_cell(vm->node, "priority", count > 1 ? i : 0);
}

static void vm_check_bus_master(const struct vm_model *vm, const struct board_device *device)
{
	struct place place = tree_place(vm->node, "devices");
	struct place master = tree_place(device->node, "bus-master");

	if (!vm->trusts_dma)
		report_conflict(place, master,
				"add trust-dma; to the VM if its guest may reach all memory",
				"%s masters the bus past stage 2", device->node.path);
	for (unsigned i = 0; i < vm->ram_count; i++) {
		const struct ram *ram = &vm->ram[i];

		if (!ram->has_pa || ram->pa != ram->ipa.start)
			report_conflict(tree_place(ram->node, NULL), master,
					"give this memory a pa that equals its ipa",
					"%s would read and write at IPA as if it were PA",
					device->node.path);
	}
	if (quiesce_has_list(device))
		return;
	if (strcmp(vm->on_fault, "restart") == 0)
		report_conflict(tree_place(vm->node, "on-fault"), master,
				"choose \"halt\" or \"inject\", or give the device a quiesce list",
				"nothing stops the transfers of %s while the VM restarts",
				device->node.path);
	else
		report_note(place, "leave it so, or give the device a quiesce list",
			    "nothing stops the transfers of %s: once the VM has stopped, it does "
			    "not start again",
			    device->node.path);
}

static void vm_parse_device(struct vm_model *vm, const struct board *board, uint32_t phandle)
{
	struct place place = tree_place(vm->node, "devices");
	struct node node = tree_find_phandle(phandle);
	const struct board_device *device = board_find_device(board, node);

	if (device == NULL) {
		report_error(place, "name devices as <&label>, with labels of nodes in /board",
			     "%s is no device of the board",
			     tree_exists(node) ? node.path : arena_printf("%u", phandle));
		return;
	}
	if (device == board->console)
		report_conflict(place, tree_place(board->node, "console"),
				"give the VM an emulated UART in its platform, or the console "
				"a server (config/README.md)",
				"%s is the hypervisor's own console", node.path);
	if (device == board->control)
		report_conflict(
			place, tree_place(board->node, "control"), "take it out of the list",
			"%s switches the whole board off: it is the hypervisor's own", node.path);
	if (tree_has(node, "reserved"))
		report_conflict(place, tree_place(node, "reserved"), "take it out of the list",
				"%s is not for a VM: %s", node.path,
				tree_string(node, "reserved", ""));
	if (device->is_bus_master)
		vm_check_bus_master(vm, device);
	vm->devices[vm->device_count++] = device;
}

/* A name heads console lines and makes file names. */
static void vm_check_name(const struct vm_model *vm)
{
	size_t good = strspn(vm->name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (vm->name[good] != '\0' || good == 0 || good > NAME_MAX_LENGTH)
		report_error(tree_place(vm->node, NULL),
			     "choose 1 to 12 characters from a-z, 0-9 and '-'",
			     "\"%s\" can't name a VM", vm->name);
}

static void vm_parse_properties(struct vm_model *vm)
{
	vm->time = tree_string(vm->node, "time", "virtual");
	vm->on_fault = tree_string(vm->node, "on-fault", "inject");
	vm->trusts_dma = tree_has(vm->node, "trust-dma");
	vm->has_pmu = tree_has(vm->node, "pmu");
	vm->bootargs = tree_string(vm->node, "bootargs", NULL);
	if (vm->bootargs != NULL && strlen(vm->bootargs) >= BOOTARGS_MAX_BYTES)
		report_error(tree_place(vm->node, "bootargs"), "shorten it",
			     "Linux takes at most %u characters", BOOTARGS_MAX_BYTES - 1);
}

void vm_parse(struct vm_model *vm, const struct board *board)
{
	struct node platform = tree_find_child(vm->node, "platform");

	vm_check_name(vm);
	schema_check(&vm_schema, vm->node);
	vm_parse_properties(vm);
	vm_parse_cpus(vm, board);
	vm_parse_priorities(vm);
	for (struct node child = tree_first_child(vm->node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (strcmp(child.name, "memory") == 0 || schema_matches("memory-", child.name))
			vm_parse_memory(vm, child);
	}
	for (unsigned i = 0; i < tree_cell_count(vm->node, "devices"); i++)
		vm_parse_device(vm, board, tree_cell(vm->node, "devices", i));
	if (tree_exists(platform))
		platform_parse(&vm->platform, platform, tree_find_child(vm->node, "ivc"), board);
}
