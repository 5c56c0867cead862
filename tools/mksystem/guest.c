// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes a guest's device tree by libfdt's sequential functions. It also boots on
 * the real board of the same addresses, which is how it is compared. Called by
 * image.c, twice a VM: to measure, and when all is placed.
 */
#include "tools/mksystem/guest.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/channel.h"
#include "tools/mksystem/display.h"
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/platform.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TREE_MAX_BYTES 0x10000

enum { PHANDLE_GIC = 1, PHANDLE_CLOCK = 2 };

void guest_check(int error)
{
	if (error >= 0)
		return;
	fprintf(stderr, "mksystem: a guest's device tree: %s\n", fdt_strerror(error));
	exit(2);
}

static void guest_begin(void *tree, const char *name)
{
	guest_check(fdt_begin_node(tree, name));
}

static void guest_end(void *tree)
{
	guest_check(fdt_end_node(tree));
}

static void guest_string(void *tree, const char *name, const char *value)
{
	guest_check(fdt_property(tree, name, value, (int)strlen(value) + 1));
}

static void guest_cell(void *tree, const char *name, uint64_t value)
{
	guest_check(fdt_property_u32(tree, name, (uint32_t)value));
}

static void guest_flag(void *tree, const char *name)
{
	guest_check(fdt_property(tree, name, NULL, 0));
}

static void guest_cells(void *tree, const char *name, const uint64_t *cells, unsigned count)
{
	fdt32_t *values = arena_alloc(count * sizeof(*values));

	for (unsigned i = 0; i < count; i++)
		values[i] = cpu_to_fdt32((uint32_t)cells[i]);
	guest_check(fdt_property(tree, name, values, (int)(count * (unsigned)sizeof(*values))));
}

static void guest_copy(void *tree, struct node node, const char *name)
{
	const uint8_t *value;
	const char *found;
	size_t length;

	for (unsigned i = 0; (found = tree_property(node, i, &value, &length)) != NULL; i++) {
		if (strcmp(found, name) == 0)
			guest_check(fdt_property(tree, name, value, (int)length));
	}
}

static void guest_write_chosen(void *tree, const struct vm_model *vm)
{
	const struct vdev *console = platform_find_console(&vm->platform);

	guest_begin(tree, "chosen");
	if (vm->bootargs != NULL)
		guest_string(tree, "bootargs", vm->bootargs);
	if (console != NULL)
		guest_string(tree, "stdout-path", arena_printf("/%s", console->node.name));
	if (tree_has(vm->node, "initrd")) {
		guest_cell(tree, "linux,initrd-start", vm->initrd.start);
		guest_cell(tree, "linux,initrd-end", range_end(vm->initrd));
	}
	guest_end(tree);
}

static void guest_write_aliases(void *tree, const struct vm_model *vm)
{
	const struct vdev *console = platform_find_console(&vm->platform);

	if (console == NULL)
		return;
	guest_begin(tree, "aliases");
	guest_string(tree, "serial0", arena_printf("/%s", console->node.name));
	guest_end(tree);
}

static void guest_write_memory(void *tree, const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->ram_count; i++) {
		struct range ipa = vm->ram[i].ipa;
		uint64_t reg[] = { ipa.start, ipa.bytes };

		guest_begin(tree, arena_printf("memory@%llx", (unsigned long long)ipa.start));
		guest_string(tree, "device_type", "memory");
		guest_cells(tree, "reg", reg, ARRAY_SIZE(reg));
		guest_end(tree);
	}
}

static void guest_write_cpus(void *tree, const struct vm_model *vm)
{
	guest_begin(tree, "cpus");
	guest_cell(tree, "#address-cells", 1);
	guest_cell(tree, "#size-cells", 0);
	for (unsigned i = 0; i < vm->vcpu_count; i++) {
		guest_begin(tree, arena_printf("cpu@%u", i));
		guest_string(tree, "device_type", "cpu");
		guest_string(tree, "compatible", "arm,cortex-a15");
		guest_string(tree, "enable-method", "psci");
		guest_cell(tree, "reg", i);
		guest_end(tree);
	}
	guest_end(tree);

	static const char psci[] = "arm,psci-1.0\0arm,psci-0.2";

	guest_begin(tree, "psci");
	guest_check(fdt_property(tree, "compatible", psci, sizeof(psci)));
	guest_string(tree, "method", "hvc");
	guest_end(tree);
}

static void guest_write_timer(void *tree, const struct vm_model *vm)
{
	struct node node = vm->platform.timer_node;
	uint64_t cells[TIMER_COUNT * INTERRUPT_CELLS];

	if (!tree_exists(node) || tree_cell_count(node, "interrupts") != ARRAY_SIZE(cells))
		return; /* reported */
	for (unsigned i = 0; i < ARRAY_SIZE(cells); i++)
		cells[i] = tree_cell(node, "interrupts", i);
	/* Bits [15:8] of a PPI's flags: the cores that it exists on. */
	for (unsigned i = 2; i < ARRAY_SIZE(cells); i += INTERRUPT_CELLS)
		cells[i] = (cells[i] & 0xff) | ((1u << vm->vcpu_count) - 1) << 8;

	guest_begin(tree, "timer");
	guest_copy(tree, node, "compatible");
	guest_cells(tree, "interrupts", cells, ARRAY_SIZE(cells));
	guest_copy(tree, node, "always-on");
	guest_end(tree);
}

static void guest_write_gic(void *tree, const struct platform *platform)
{
	if (!tree_exists(platform->gic_node))
		return; /* reported */
	guest_begin(tree, platform->gic_node.name);
	guest_copy(tree, platform->gic_node, "compatible");
	guest_copy(tree, platform->gic_node, "reg");
	guest_flag(tree, "interrupt-controller");
	guest_cell(tree, "#interrupt-cells", INTERRUPT_CELLS);
	guest_cell(tree, "#address-cells", 0);
	guest_cell(tree, "phandle", PHANDLE_GIC);
	guest_end(tree);
}

static void guest_write_clock(void *tree, const struct platform *platform)
{
	guest_begin(tree, "apb-pclk");
	guest_string(tree, "compatible", "fixed-clock");
	guest_cell(tree, "#clock-cells", 0);
	guest_cell(tree, "clock-frequency", platform->clock_hz);
	guest_string(tree, "clock-output-names", "apb_pclk");
	guest_cell(tree, "phandle", PHANDLE_CLOCK);
	guest_end(tree);
}

static void guest_write_clocks(void *tree, const char *const *names)
{
	uint64_t clocks[4];
	char joined[64];
	size_t length = 0;
	unsigned count = 0;

	for (; names[count] != NULL; count++) {
		clocks[count] = PHANDLE_CLOCK;
		memcpy(joined + length, names[count], strlen(names[count]) + 1);
		length += strlen(names[count]) + 1;
	}
	guest_cells(tree, "clocks", clocks, count);
	guest_check(fdt_property(tree, "clock-names", joined, (int)length));
}

static void guest_write_vdevs(void *tree, const struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;
	struct text peers = channel_peer_names(vm);

	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];

		guest_begin(tree, vdev->node.name);
		guest_copy(tree, vdev->node, "compatible");
		guest_copy(tree, vdev->node, "reg");
		guest_copy(tree, vdev->node, "interrupts");
		if (vdev->kind->clocks != NULL)
			guest_write_clocks(tree, vdev->kind->clocks);
		if (vdev->kind->is_ivc && peers.length > 0)
			guest_check(fdt_property(tree, "peers", peers.bytes, (int)peers.length));
		guest_end(tree);
	}
}

/* A shared buffer is memory that nobody but its driver touches: Linux shows it in
 * sysfs. Everyone else finds it by its label. */
static void guest_write_mapping(void *tree, const struct mapping *mapping)
{
	uint64_t ranges[] = { 0, mapping->ipa, mapping->buffer->bytes };

	guest_begin(tree, arena_printf("sram@%llx", (unsigned long long)mapping->ipa));
	guest_string(tree, "compatible", "mmio-sram");
	guest_cells(tree, "reg", ranges + 1, 2);
	guest_string(tree, "label", mapping->buffer->name);
	guest_cell(tree, "#address-cells", 1);
	guest_cell(tree, "#size-cells", 1);
	guest_cells(tree, "ranges", ranges, ARRAY_SIZE(ranges));
	guest_begin(tree, "buffer@0");
	guest_cells(tree, "reg", (uint64_t[]){ 0, mapping->buffer->bytes }, 2);
	guest_flag(tree, "export");
	guest_end(tree);
	guest_end(tree);
}

/* A passed-through device is described as the board describes it, but for what
 * only mksystem reads; PrimeCells need a clock that Linux can turn on. */
static void guest_write_device(void *tree, const struct board_device *device)
{
	static const char *const own[] = { "phandle", "bus-master", "clock-hz", "reserved" };
	static const char *const uart_clocks[] = { "uartclk", "apb_pclk", NULL };
	static const char *const apb_clocks[] = { "apb_pclk", NULL };
	const uint8_t *value;
	const char *name;
	size_t length;

	guest_begin(tree, device->node.name);
	for (unsigned i = 0; (name = tree_property(device->node, i, &value, &length)) != NULL;
	     i++) {
		bool is_own = false;

		for (size_t j = 0; j < ARRAY_SIZE(own); j++)
			is_own = is_own || strcmp(name, own[j]) == 0;
		if (!is_own)
			guest_check(fdt_property(tree, name, value, (int)length));
	}
	if (tree_strings_contain(device->node, "compatible", "arm,pl011"))
		guest_write_clocks(tree, uart_clocks);
	else if (tree_strings_contain(device->node, "compatible", "arm,primecell"))
		guest_write_clocks(tree, apb_clocks);
	guest_end(tree);
}

/* Page n of a server is its peer n's; a client has the one, and the server's number. */
static void guest_write_console(void *tree, const struct vm_model *vm)
{
	struct range range = vm->console;

	guest_begin(tree, arena_printf("console@%llx", (unsigned long long)range.start));
	guest_string(tree, "compatible", "bulkhead,console-pages");
	guest_cells(tree, "reg", (uint64_t[]){ range.start, range.bytes }, 2);
	for (unsigned i = 0; i < vm->peer_count; i++) {
		if (!vm->is_console_server && vm->peers[i]->is_console_server)
			guest_cell(tree, "server", i);
	}
	guest_end(tree);
}

static void guest_write_root(void *tree, const struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;
	const char *model = arena_printf("bulkhead,%s", vm->name);

	guest_begin(tree, "");
	guest_string(tree, "model", tree_string(platform->node, "model", model));
	guest_copy(tree, platform->node, "compatible");
	guest_cell(tree, "#address-cells", 1);
	guest_cell(tree, "#size-cells", 1);
	guest_cell(tree, "interrupt-parent", PHANDLE_GIC);
	guest_write_chosen(tree, vm);
	guest_write_aliases(tree, vm);
	guest_write_memory(tree, vm);
	guest_write_cpus(tree, vm);
	guest_write_timer(tree, vm);
	guest_write_gic(tree, platform);
	guest_write_clock(tree, platform);
	guest_write_vdevs(tree, vm);
	for (unsigned i = 0; i < vm->mapping_count; i++)
		guest_write_mapping(tree, &vm->mappings[i]);
	if (vm->console.bytes > 0)
		guest_write_console(tree, vm);
	for (unsigned i = 0; i < vm->device_count; i++)
		guest_write_device(tree, vm->devices[i]);
	guest_end(tree);
}

void guest_build_tree(struct vm_model *vm)
{
	void *tree = arena_alloc(TREE_MAX_BYTES);

	guest_check(fdt_create(tree, TREE_MAX_BYTES));
	guest_check(fdt_finish_reservemap(tree));
	guest_write_root(tree, vm);
	guest_check(fdt_finish(tree));
	guest_check(fdt_open_into(tree, tree, TREE_MAX_BYTES));
	display_add_panel(vm, tree);
	guest_check(fdt_pack(tree));
	vm->tree = tree;
	vm->tree_bytes = fdt_totalsize(tree);
}
