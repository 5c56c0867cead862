// SPDX-License-Identifier: BSD-2-Clause
/*
 * See stock.h. A device stays if its first register lies where the VM has a device, a
 * node without registers if it has no interrupts either. Called by image.c, twice a VM:
 * to measure, and when all is placed; the first time says what was taken out.
 */
#include "tools/mksystem/stock.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/bus.h"
#include "tools/mksystem/display.h"
#include "tools/mksystem/needs.h"
#include "tools/mksystem/platform.h"
#include "tools/mksystem/text.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOCK_MAX_BYTES 0x20000

static void stock_check(int result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "mksystem: a guest's device tree: %s\n", fdt_strerror(result));
	exit(2);
}

/* Has the VM a device at this address? */
static bool stock_has(const struct vm_model *vm, uint64_t address)
{
	const struct platform *platform = &vm->platform;
	struct range byte = { .start = address, .bytes = 1 };

	if (range_contains(platform->gicd, byte))
		return true;
	for (unsigned i = 0; i < platform->vdev_count; i++)
		if (range_contains(platform->vdevs[i].range, byte))
			return true;
	for (unsigned i = 0; i < vm->device_count; i++)
		if (range_contains(vm->devices[i]->regions[0], byte))
			return true;
	return false;
}

static bool stock_has_property(const void *tree, int node, const char *name)
{
	return fdt_getprop(tree, node, name, NULL) != NULL;
}

static bool stock_has_string(const void *tree, int node, const char *name, const char *string)
{
	return fdt_stringlist_search(tree, node, name, string) >= 0;
}

static bool stock_keeps(const struct vm_model *vm, const void *tree, int node)
{
	uint64_t address;

	if (stock_has_string(tree, node, "device_type", "memory"))
		return false; /* the VM's own comes instead */
	if (stock_has_property(tree, node, "reg"))
		return !bus_find_address(tree, node, &address) || stock_has(vm, address);
	if (stock_has_string(tree, node, "compatible", "arm,armv7-timer"))
		return tree_exists(vm->platform.timer_node);
	return !stock_has_property(tree, node, "interrupts");
}

static void stock_tell(struct text *taken_out, const void *tree, int node)
{
	if (!stock_has_string(tree, node, "device_type", "memory"))
		text_printf(taken_out, "%s%s", taken_out->length == 0 ? "" : ", ",
			    fdt_get_name(tree, node, NULL));
}

/* Offsets behind a node that is deleted move: its parent's are looked at again. */
static void stock_strip(const struct vm_model *vm, void *tree, int parent, struct text *taken_out)
{
	int node = fdt_first_subnode(tree, parent);

	while (node >= 0) {
		if (stock_keeps(vm, tree, node)) {
			stock_strip(vm, tree, node, taken_out);
			node = fdt_next_subnode(tree, node);
			continue;
		}
		stock_tell(taken_out, tree, node);
		stock_check(fdt_del_node(tree, node));
		node = fdt_first_subnode(tree, parent);
	}
}

/* Names for what is there no more. */
static void stock_strip_aliases(void *tree)
{
	int aliases = fdt_path_offset(tree, "/aliases");
	int property = aliases < 0 ? -1 : fdt_first_property_offset(tree, aliases);

	while (property >= 0) {
		const char *name;
		const char *path = fdt_getprop_by_offset(tree, property, &name, NULL);

		if (fdt_path_offset(tree, path) >= 0) {
			property = fdt_next_property_offset(tree, property);
			continue;
		}
		stock_check(fdt_delprop(tree, aliases, name));
		property = fdt_first_property_offset(tree, aliases);
	}
}

static int stock_add(void *tree, int parent, const char *name)
{
	int node = fdt_subnode_offset(tree, parent, name);

	if (node < 0)
		node = fdt_add_subnode(tree, parent, name);
	stock_check(node);
	return node;
}

static void stock_add_memory(const struct vm_model *vm, void *tree)
{
	for (unsigned i = 0; i < vm->ram_count; i++) {
		struct range ipa = vm->ram[i].ipa;
		int node = stock_add(tree, 0,
				     arena_printf("memory@%llx", (unsigned long long)ipa.start));

		stock_check(fdt_setprop_string(tree, node, "device_type", "memory"));
		stock_check(fdt_appendprop_addrrange(tree, 0, node, "reg", ipa.start, ipa.bytes));
	}
}

static void stock_add_psci(void *tree)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
	int node = stock_add(tree, 0, "psci");

	stock_check(fdt_setprop(tree, node, "compatible", compatible, sizeof(compatible)));
	stock_check(fdt_setprop_string(tree, node, "method", "hvc"));
}

static bool stock_is_cpu(const void *tree, int node)
{
	return stock_has_string(tree, node, "device_type", "cpu");
}

/* As many as the VM has, in the tree's order; they are started by PSCI. */
static void stock_change_cpus(const struct vm_model *vm, void *tree, struct text *taken_out)
{
	int cpus = fdt_path_offset(tree, "/cpus");
	int node = cpus < 0 ? -1 : fdt_first_subnode(tree, cpus);
	unsigned count = 0;

	while (node >= 0) {
		if (stock_is_cpu(tree, node) && count == vm->vcpu_count) {
			stock_tell(taken_out, tree, node);
			stock_check(fdt_del_node(tree, node));
			node = fdt_first_subnode(tree, cpus);
			count = 0;
			continue;
		}
		if (stock_is_cpu(tree, node)) {
			count++;
			stock_check(fdt_setprop_string(tree, node, "enable-method", "psci"));
		}
		node = fdt_next_subnode(tree, node);
	}
	if (count < vm->vcpu_count && !report_has(tree_place(vm->node, "device-tree")))
		report_conflict(tree_place(vm->node, "device-tree"), tree_place(vm->node, "cpus"),
				"give the VM fewer vCPUs, or another tree",
				"the tree has %u CPUs, the VM has %u", count, vm->vcpu_count);
}

/* Distributor and CPU interface are the guest's, the rest is the hypervisor's. */
static void stock_change_gic(const struct vm_model *vm, void *tree)
{
	const struct platform *platform = &vm->platform;
	int node = bus_find_device(tree, platform->gicd.start);
	int bus = node < 0 ? -1 : fdt_parent_offset(tree, node);

	if (bus < 0)
		return;
	fdt_delprop(tree, node, "interrupts");
	fdt_delprop(tree, node, "reg");
	stock_check(fdt_appendprop_addrrange(tree, bus, node, "reg", platform->gicd.start,
					     platform->gicd.bytes));
	stock_check(fdt_appendprop_addrrange(tree, bus, node, "reg", platform->gicc.start,
					     platform->gicc.bytes));
}

static void stock_change_timer(const struct vm_model *vm, void *tree)
{
	int node = fdt_node_offset_by_compatible(tree, -1, "arm,armv7-timer");

	if (node >= 0 && tree_has(vm->platform.timer_node, "always-on"))
		stock_check(fdt_setprop_empty(tree, node, "always-on"));
}

static void stock_change_chosen(const struct vm_model *vm, void *tree)
{
	const struct vdev *console = platform_find_console(&vm->platform);
	int uart = console == NULL ? -1 : bus_find_device(tree, console->range.start);
	char path[1024];
	int node = stock_add(tree, 0, "chosen");

	if (uart >= 0 && fdt_get_path(tree, uart, path, sizeof(path)) == 0)
		stock_check(fdt_setprop_string(tree, node, "stdout-path", path));
	if (vm->bootargs != NULL)
		stock_check(fdt_setprop_string(tree, node, "bootargs", vm->bootargs));
	if (!tree_has(vm->node, "initrd"))
		return;
	stock_check(fdt_setprop_u32(tree, node, "linux,initrd-start", (uint32_t)vm->initrd.start));
	stock_check(
		fdt_setprop_u32(tree, node, "linux,initrd-end", (uint32_t)range_end(vm->initrd)));
}

static const char *stock_name_intid(uint32_t intid)
{
	return intid == 0 ? "none there" : arena_printf("%u", intid);
}

/* An interrupt that only one of the two knows of is not wired, or not heard. */
static void stock_check_interrupts(const struct vm_model *vm, struct node device, int node,
				   const uint32_t *intids, unsigned count)
{
	for (unsigned i = 0; i <= count; i++) {
		uint32_t found = bus_find_intid(vm->tree, node, i);
		uint32_t given = i < count ? intids[i] : 0;

		if (found == given ||
		    (i < count && given == 0)) /* what is no interrupt was reported */
			continue;
		report_conflict(
			tree_place(vm->node, "device-tree"),
			tree_place(device, tree_has(device, "interrupts") ? "interrupts" : NULL),
			"write the interrupt that the tree has",
			"in the tree %s has interrupt %s, here it has %s",
			fdt_get_name(vm->tree, node, NULL), stock_name_intid(found),
			stock_name_intid(given));
	}
}

/* Without it a driver would wait for ever, and say nothing. */
static void stock_check_needs(const struct vm_model *vm, struct node device, int node)
{
	const char *property;
	int missing = needs_find_missing(vm->tree, vm->stock, node, &property);

	if (missing >= 0)
		report_conflict(tree_place(vm->node, "device-tree"), tree_place(device, NULL),
				"give the VM both of them, or neither",
				"in the tree %s needs %s (%s), which the VM has not",
				fdt_get_name(vm->tree, node, NULL),
				fdt_get_name(vm->stock, missing, NULL), property);
}

/* What the VM has, the tree must have: its node, or -1. */
static int stock_find_device(const struct vm_model *vm, struct node device, uint64_t address)
{
	int node = bus_find_device(vm->tree, address);

	if (node >= 0)
		stock_check_needs(vm, device, node);
	else
		report_conflict(tree_place(vm->node, "device-tree"), tree_place(device, "reg"),
				"correct its address, or take it out of the VM",
				"the tree has no device at 0x%08llx", (unsigned long long)address);
	return node;
}

static void stock_check_devices(const struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;

	stock_find_device(vm, platform->gic_node, platform->gicd.start);
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];
		int node = stock_find_device(vm, vdev->node, vdev->range.start);

		if (node >= 0)
			stock_check_interrupts(vm, vdev->node, node, &vdev->intid,
					       !vdev->kind->is_silent);
	}
	for (unsigned i = 0; i < vm->device_count; i++) {
		const struct board_device *device = vm->devices[i];
		int node = stock_find_device(vm, device->node, device->regions[0].start);

		if (node >= 0)
			stock_check_interrupts(vm, device->node, node, device->intids,
					       device->irq_count);
	}
}

static void stock_edit(const struct vm_model *vm, void *tree, struct text *taken_out)
{
	stock_strip(vm, tree, 0, taken_out);
	stock_strip_aliases(tree);
	stock_change_cpus(vm, tree, taken_out);
	stock_change_gic(vm, tree);
	stock_change_timer(vm, tree);
	stock_change_chosen(vm, tree);
	stock_add_memory(vm, tree);
	stock_add_psci(tree);
	display_add_panel(vm, tree);
	stock_check(fdt_pack(tree));
}

void stock_build_tree(struct vm_model *vm)
{
	struct place place = tree_place(vm->node, "device-tree");
	struct text taken_out = { 0 };
	bool is_first = vm->tree == NULL;
	void *tree = arena_alloc(STOCK_MAX_BYTES);

	vm->tree = tree;
	if (fdt_check_full(vm->stock, vm->stock_bytes) != 0 ||
	    fdt_open_into(vm->stock, tree, STOCK_MAX_BYTES) != 0) {
		if (is_first)
			report_error(place, "name what dtc makes: a .dtb of 64 KiB at most",
				     "%s is no device tree", vm->stock_path);
		stock_check(fdt_create_empty_tree(tree, STOCK_MAX_BYTES));
		vm->tree_bytes = fdt_totalsize(tree);
		return;
	}
	stock_edit(vm, tree, &taken_out);
	vm->tree_bytes = fdt_totalsize(tree);
	if (!is_first)
		return;
	stock_check_devices(vm);
	if (taken_out.length > 0 && !report_has(place))
		report_note(place, "leave it so, or give the VM a device by devices = <&label>",
			    "taken out, for the VM has none: %s", taken_out.bytes);
}
