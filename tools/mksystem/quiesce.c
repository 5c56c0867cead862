// SPDX-License-Identifier: BSD-2-Clause
/*
 * See quiesce.h. board.c has the lists checked, vm.c asks for them, the emitters write the
 * tables.
 */
#include "tools/mksystem/quiesce.h"
#include "tools/mksystem/arena.h"

#include <inttypes.h>

bool quiesce_has_list(const struct board_device *device)
{
	return tree_has(device->node, "quiesce");
}

static unsigned quiesce_count(const struct board_device *device)
{
	return tree_cell_count(device->node, "quiesce") / 2;
}

static uint32_t quiesce_offset(const struct board_device *device, unsigned i)
{
	return tree_cell(device->node, "quiesce", 2 * i);
}

void quiesce_check(const struct board_device *device)
{
	struct place place = tree_place(device->node, "quiesce");

	for (unsigned i = 0; i < quiesce_count(device); i++) {
		uint32_t offset = quiesce_offset(device, i);

		if (offset % 4 != 0)
			report_error(place, "give <offset value>, the offset a multiple of 4",
				     "0x%" PRIx32 " is no offset of a word", offset);
		else if ((uint64_t)offset + 4 > device->regions[0].bytes)
			report_conflict(place, tree_place(device->node, "reg"),
					"give the offset from the start of its first registers",
					"0x%" PRIx32 " is beyond the device's 0x%" PRIx64 " bytes",
					offset, device->regions[0].bytes);
	}
}

/* The first of the VM's bus masters that nothing silences, or NULL. */
static const struct board_device *quiesce_find_restless(const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->device_count; i++)
		if (vm->devices[i]->is_bus_master && !quiesce_has_list(vm->devices[i]))
			return vm->devices[i];
	return NULL;
}

static unsigned quiesce_count_all(const struct vm_model *vm)
{
	unsigned count = 0;

	for (unsigned i = 0; i < vm->device_count; i++)
		count += quiesce_count(vm->devices[i]);
	return count;
}

bool quiesce_is_needed(const struct vm_model *vm)
{
	return quiesce_count_all(vm) > 0 || quiesce_find_restless(vm) != NULL;
}

static void quiesce_emit_writes(struct text *text, const struct board_device *device)
{
	for (unsigned i = 0; i < quiesce_count(device); i++)
		text_printf(text,
			    "\t{ .address = 0x%08" PRIx64 ", .value = 0x%" PRIx32 " }, /* %s */\n",
			    device->regions[0].start + quiesce_offset(device, i),
			    tree_cell(device->node, "quiesce", 2 * i + 1), device->node.name);
}

void quiesce_emit_table(struct text *text, const struct vm_model *vm)
{
	const struct board_device *restless = quiesce_find_restless(vm);
	unsigned count = quiesce_count_all(vm);

	if (!quiesce_is_needed(vm))
		return;
	if (count > 0) {
		text_printf(text, "static const struct quiesce_write vm%u_writes[] = {\n",
			    vm->index);
		for (unsigned i = 0; i < vm->device_count; i++)
			quiesce_emit_writes(text, vm->devices[i]);
		text_printf(text, "};\n");
	}
	text_printf(text, "static const struct quiesce vm%u_quiesce = { .count = %u", vm->index,
		    count);
	if (count > 0)
		text_printf(text, ", .writes = vm%u_writes", vm->index);
	if (restless != NULL)
		text_printf(text, ", .restless = \"%s\"", restless->node.path);
	text_printf(text, " };\n");
}

void quiesce_emit_row(struct text *text, const struct vm_model *vm)
{
	if (quiesce_is_needed(vm))
		text_printf(text,
			    "\t{ .reset = quiesce_reset, .device = (void *)&vm%u_quiesce },\n",
			    vm->index);
}
