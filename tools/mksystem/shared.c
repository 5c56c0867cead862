// SPDX-License-Identifier: BSD-2-Clause
/*
 * See shared.h. Another kind is a row in shared_kinds, and in platform.c the emulated
 * device's. Called by main.c once all VMs are read, before interrupts are routed.
 */
#include "tools/mksystem/shared.h"
#include "tools/mksystem/arena.h"

const struct shared_kind shared_kinds[SHARED_COUNT] = {
	[SHARED_CLOCK] = { .property = "wall-clock",
			   .what = "clock",
			   .compatible = "arm,pl031",
			   .name = "PL031",
			   .macro = "BOARD_RTC" },
	[SHARED_DISPLAY] = { .property = "display",
			     .what = "display",
			     .compatible = "arm,pl111",
			     .name = "PL111",
			     .macro = "BOARD_LCD" },
};

const struct vdev *shared_find_user(const struct platform *platform, enum shared shared)
{
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		if (platform->vdevs[i].kind->shared == shared)
			return &platform->vdevs[i];
	}
	return NULL;
}

static void shared_check_board(const struct board *board, const struct shared_kind *kind,
			       const struct vdev *user)
{
	if (!tree_has(board->node, kind->property) &&
	    !report_has(tree_place(board->node, kind->property)))
		report_conflict(tree_place(user->node, NULL), tree_place(board->node, NULL),
				arena_printf("add %s = <&label> to the board if it has one, else "
					     "remove the emulated %s",
					     kind->property, kind->what),
				"an emulated %s shows the board's, and the board names no %s",
				kind->what, kind->property);
}

/* It has one alarm, or one frame, and one who may set it. */
static void shared_check_owner(const struct model *model, const struct vm_model *vm,
			       enum shared shared)
{
	for (unsigned i = 0; i < vm->device_count; i++) {
		if (vm->devices[i] == model->board.shared[shared])
			report_conflict(tree_place(vm->node, "devices"),
					tree_place(model->users[shared]->node, NULL),
					arena_printf("emulate a %s for this VM, too, or for none",
						     shared_kinds[shared].what),
					"%s is the %s behind an emulated one",
					vm->devices[i]->node.path, shared_kinds[shared].what);
	}
}

void shared_check(struct model *model)
{
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++) {
		const struct vdev **user = &model->users[i];

		for (unsigned j = 0; j < model->vm_count && *user == NULL; j++)
			*user = shared_find_user(&model->vms[j].platform, i);
		if (*user == NULL)
			continue;
		shared_check_board(&model->board, &shared_kinds[i], *user);
		for (unsigned j = 0; j < model->vm_count; j++)
			shared_check_owner(model, &model->vms[j], i);
	}
}
