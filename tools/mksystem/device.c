// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices of the board and their owners. Stage 2 maps pages: a VM that has one device of a
 * page has them all. Called by manifest.c when all VMs are read.
 */
#include "tools/mksystem/device.h"
#include "tools/mksystem/arena.h"

#include <inttypes.h>

/* The VMs that have each device of the board, by its position; NULL: none. */
struct owners {
	const struct vm_model *of[MAX_BOARD_DEVICES];
};

/* A device has one VM, and that VM names it once. */
static void device_find_owners(const struct model *model, struct owners *owners)
{
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->device_count; j++) {
			size_t position = (size_t)(vm->devices[j] - model->board.devices);
			const struct vm_model *owner = owners->of[position];

			owners->of[position] = vm;
			if (owner == vm)
				report_error(tree_place(vm->node, "devices"), "name it once",
					     "%s is given twice", vm->devices[j]->node.path);
			else if (owner != NULL)
				report_conflict(tree_place(vm->node, "devices"),
						tree_place(owner->node, "devices"),
						"leave the device to one VM", "%s is given twice",
						vm->devices[j]->node.path);
		}
	}
}

static struct range device_pages(struct range region)
{
	uint64_t start = range_align_down(region.start, PAGE_BYTES);

	return (struct range){ .start = start,
			       .bytes = range_align_up(range_end(region), PAGE_BYTES) - start };
}

/* The first page that two devices have in common; false if there is none. */
static bool device_share_page(const struct board_device *one, const struct board_device *other,
			      uint64_t *page)
{
	for (unsigned i = 0; i < one->region_count; i++) {
		for (unsigned j = 0; j < other->region_count; j++) {
			struct range a = device_pages(one->regions[i]);
			struct range b = device_pages(other->regions[j]);

			*page = a.start > b.start ? a.start : b.start;
			if (range_overlaps(a, b))
				return true;
		}
	}
	return false;
}

static void device_check_page(const struct board_device *device, const struct vm_model *vm,
			      const struct board_device *other, const struct vm_model *owner)
{
	uint64_t page;

	if (owner == vm || !device_share_page(device, other, &page))
		return;
	report_conflict(tree_place(vm->node, "devices"),
			owner == NULL ? tree_place(other->node, "reg")
				      : tree_place(owner->node, "devices"),
			"give both to one VM, or neither to any",
			"%s shares the page at 0x%08" PRIx64 " with %s, which is %s",
			device->node.path, page, other->node.path,
			owner == NULL ? "not this VM's" : arena_printf("vm-%s's", owner->name));
}

void device_check_owners(const struct model *model)
{
	const struct board *board = &model->board;
	struct owners owners = { { NULL } };

	device_find_owners(model, &owners);
	for (unsigned i = 0; i < board->device_count; i++) {
		for (unsigned j = 0; owners.of[i] != NULL && j < board->device_count; j++)
			/* Of two VMs' the first one tells. */
			if (i < j || owners.of[j] == NULL)
				device_check_page(&board->devices[i], owners.of[i],
						  &board->devices[j], owners.of[j]);
	}
}
