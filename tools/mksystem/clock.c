// SPDX-License-Identifier: BSD-2-Clause
/*
 * See clock.h. Called by main.c once all VMs are read, before interrupts are routed.
 */
#include "tools/mksystem/clock.h"

static const struct vdev *clock_find(const struct platform *platform)
{
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		if (platform->vdevs[i].kind->is_clock)
			return &platform->vdevs[i];
	}
	return NULL;
}

static void clock_check_board(const struct board *board, const struct vdev *clock)
{
	if (!tree_has(board->node, "wall-clock") &&
	    !report_has(tree_place(board->node, "wall-clock")))
		report_conflict(tree_place(clock->node, NULL), tree_place(board->node, NULL),
				"add wall-clock = <&label> to the board if it has one, else "
				"remove the emulated clock",
				"an emulated clock shows the board's, and the board names no "
				"wall-clock");
}

/* The clock has one alarm, and one who may set it. */
static void clock_check_owner(const struct model *model, const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->device_count; i++) {
		if (vm->devices[i] == model->board.wall_clock)
			report_conflict(tree_place(vm->node, "devices"),
					tree_place(model->clock->node, NULL),
					"emulate a clock for this VM, too, or for none",
					"%s is the clock behind an emulated one",
					vm->devices[i]->node.path);
	}
}

void clock_check(struct model *model)
{
	for (unsigned i = 0; i < model->vm_count && model->clock == NULL; i++)
		model->clock = clock_find(&model->vms[i].platform);
	if (model->clock == NULL)
		return;
	clock_check_board(&model->board, model->clock);
	for (unsigned i = 0; i < model->vm_count; i++)
		clock_check_owner(model, &model->vms[i]);
}
