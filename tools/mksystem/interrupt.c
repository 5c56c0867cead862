// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupt specifiers and the physical routing table. Parsing is called by
 * board.c and platform.c, routing by main.c once everything is read.
 */
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/arena.h"

#include <inttypes.h>

enum { TYPE_SPI, TYPE_PPI };

/* Between cores: kernel/request.h, kernel/panic.h. */
#define REQUEST_SGI 0
#define PANIC_SGI   1

uint32_t interrupt_parse(struct node node, unsigned position, uint32_t irq_count)
{
	unsigned first = position * INTERRUPT_CELLS;
	struct place place = tree_place(node, "interrupts");

	if (tree_cell_count(node, "interrupts") < first + INTERRUPT_CELLS)
		return 0;

	uint32_t type = tree_cell(node, "interrupts", first);
	uint32_t number = tree_cell(node, "interrupts", first + 1);
	uint32_t trigger = tree_cell(node, "interrupts", first + 2);

	if (type == TYPE_PPI && number < 16 && (trigger & 0xf) != 0)
		return number + 16;
	if (type == TYPE_SPI && (uint64_t)number + FIRST_SPI < irq_count && (trigger & 0xf) != 0)
		return number + FIRST_SPI;

	if (type == TYPE_SPI && (trigger & 0xf) != 0 && irq_count > 0)
		report_error(place,
			     arena_printf("the interrupt controller has %" PRIu32
					  " of them: see its spis property",
					  irq_count - FIRST_SPI),
			     "SPI %" PRIu32 " is beyond the distributor's range", number);
	else if (irq_count > 0)
		report_error(place,
			     "write <0 spi-number trigger> or <1 ppi-number trigger>, "
			     "trigger 4 (level) or 1 (edge)",
			     "<%" PRIu32 " %" PRIu32 " %" PRIu32 "> is no interrupt", type, number,
			     trigger);
	return 0;
}

uint32_t interrupt_parse_spi(struct node node, unsigned position, uint32_t irq_count)
{
	uint32_t intid = interrupt_parse(node, position, irq_count);

	if (intid == 0 || intid >= FIRST_SPI)
		return intid;
	report_error(tree_place(node, "interrupts"), "write <0 number trigger>: an SPI",
		     "a device can't have the private interrupt %" PRIu32, intid);
	return 0;
}

static void interrupt_route(struct model *model, uint32_t intid, struct route route)
{
	struct route *taken = &model->routes[intid];

	if (intid == 0 || intid >= MAX_INTIDS)
		return; /* reported when it was parsed */
	if (taken->handler != NULL) {
		report_conflict(tree_place(route.node, "interrupts"),
				tree_place(taken->node, "interrupts"),
				"an interrupt has one owner: correct one of the two",
				"interrupt %" PRIu32 " is used twice", intid);
		return;
	}
	*taken = route;
}

/* Of a device that is given to no VM. */
static const char *interrupt_board_handler(const struct model *model,
					   const struct board_device *device)
{
	if (device == model->board.console && model->console_server == NULL)
		return "console_irq";
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		if (device == model->board.shared[i] && model->users[i] != NULL)
			return arena_printf("%s_irq", model->users[i]->kind->type);
	return "irq_unexpected";
}

static void interrupt_route_board(struct model *model)
{
	const struct board *board = &model->board;
	struct node timer = tree_find_child(board->node, "timer");

	interrupt_route(
		model, board->intid_maintenance,
		(struct route){ .handler = "vgic_maintenance_irq", .node = board->gic_node });
	interrupt_route(model, board->intid_timer[TIMER_HYP],
			(struct route){ .handler = "timeout_irq", .node = timer });
	interrupt_route(
		model, board->intid_timer[TIMER_VIRTUAL],
		(struct route){ .handler = "vtimer_irq", .node = timer, .is_linked = true });
	for (unsigned i = 0; i < board->device_count; i++) {
		const struct board_device *device = &board->devices[i];

		for (unsigned j = 0; j < device->irq_count; j++)
			interrupt_route(
				model, device->intids[j],
				(struct route){ .handler = interrupt_board_handler(model, device),
						.node = device->node });
	}
}

/* Each device was checked to have one VM: here the routes just follow. */
static void interrupt_route_vm(struct model *model, const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->device_count; i++) {
		const struct board_device *device = vm->devices[i];

		for (unsigned j = 0; j < device->irq_count; j++) {
			struct route *route = &model->routes[device->intids[j]];

			if (device->intids[j] == 0 ||
			    (device == model->board.console && vm != model->console_server))
				continue;
			route->handler = "irq_passthrough";
			route->vm = vm;
			route->is_linked = true;
			route->hears_end = device->stays_high && model->board.eoi_is_deaf;
		}
	}
}

/* What arrives at one guest's distributor, and from which node. */
static void interrupt_check_guest(const struct model *model, const struct vm_model *vm)
{
	const struct node *sources[MAX_INTIDS] = { NULL };
	const struct platform *platform = &vm->platform;

	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];
		const struct node **source = &sources[vdev->intid];

		if (vdev->intid != 0 && *source != NULL)
			report_conflict(tree_place(vdev->node, "interrupts"),
					tree_place(**source, "interrupts"),
					"give each device an interrupt of its own",
					"interrupt %" PRIu32 " is used twice", vdev->intid);
		*source = &vdev->node;
	}
	for (unsigned i = 0; i < vm->device_count; i++) {
		const struct board_device *device = vm->devices[i];

		for (unsigned j = 0; j < device->irq_count; j++) {
			uint32_t intid = device->intids[j];

			if (intid == 0 ||
			    (device == model->board.console && vm != model->console_server))
				continue;
			if (intid >= platform->irq_count && platform->irq_count > 0)
				report_conflict(
					tree_place(vm->node, "devices"),
					tree_place(platform->gic_node, "spis"),
					arena_printf("raise spis to at least %" PRIu32,
						     (uint32_t)range_align_up(intid + 1, 32) -
							     FIRST_SPI),
					"interrupt %" PRIu32 " of %s is beyond what the guest's "
					"distributor has",
					intid, device->node.path);
			if (sources[intid] != NULL)
				report_conflict(tree_place(vm->node, "devices"),
						tree_place(*sources[intid], "interrupts"),
						"move the emulated device to a free interrupt",
						"interrupt %" PRIu32 " of %s is used twice", intid,
						device->node.path);
		}
	}
}

void interrupt_route_all(struct model *model)
{
	if (model->core_count > 1) {
		model->routes[REQUEST_SGI].handler = "request_irq";
		model->routes[PANIC_SGI].handler = "panic_irq";
	}
	interrupt_route_board(model);
	for (unsigned i = 0; i < model->vm_count; i++) {
		interrupt_route_vm(model, &model->vms[i]);
		interrupt_check_guest(model, &model->vms[i]);
	}
}
