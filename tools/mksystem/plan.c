// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses the time plan of a core. Its windows must follow each other from the
 * frame's start to its end, and everybody pinned there must be in one. Called by
 * manifest.c for each plan, after the VMs.
 */
#include "tools/mksystem/plan.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/schema.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A world switch and one bounded interrupt entry are some 5 us of a 1 GHz core: in
 * a shorter window more than a tenth of the time would be ours. */
#define LEAST_WINDOW_US 50u
/* Differences of two times in a frame fit a signed word. */
#define MOST_FRAME_TICKS (1ull << 31)

static const struct property_rule plan_properties[] = {
	{ .name = "core", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "frame-us", .type = PROPERTY_NUMBER, .is_required = true },
};

static const struct child_rule plan_children[] = {
	{ .name = "window-", .is_required = true },
};

static const struct schema plan_schema = {
	.what = "a plan",
	.properties = plan_properties,
	.property_count = ARRAY_SIZE(plan_properties),
	.children = plan_children,
	.child_count = ARRAY_SIZE(plan_children),
};

static const struct property_rule window_properties[] = {
	{ .name = "start-us", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "length-us", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "vms", .type = PROPERTY_STRINGS },
	{ .name = "idle", .type = PROPERTY_FLAG },
};

static const struct schema window_schema = {
	.what = "a window",
	.properties = window_properties,
	.property_count = ARRAY_SIZE(window_properties),
};

/* To the nearest tick. Ends are rounded, not lengths: so they add up to the frame. */
static uint64_t plan_count_ticks(const struct board *board, uint64_t us)
{
	return (us * board->counter_hz + 500000) / 1000000;
}

/* False if the name was refused. */
static bool plan_add_vm(const struct model *model, struct window *window, const char *name,
			unsigned core)
{
	struct place place = tree_place(window->node, "vms");
	const struct vm_model *vm = model_find_vm(model, name, place);

	if (vm == NULL)
		return false;
	if (model_find_vcpu(vm, core) < 0)
		report_conflict(place, tree_place(vm->node, "cpus"),
				"take it out of the window, or pin a vCPU of it there",
				"%s has no vCPU on core %u", name, core);
	else if ((window->vms & 1u << vm->index) != 0)
		report_error(place, "name it once", "%s is named twice", name);
	else
		window->vms |= 1u << vm->index;
	return !report_has(place);
}

static bool plan_parse_vms(const struct model *model, struct window *window, unsigned core)
{
	struct node node = window->node;
	bool is_idle = tree_has(node, "idle");
	const char *name;

	if (report_has(tree_place(node, "vms")) || report_has(tree_place(node, "idle")))
		return false;
	if (tree_has(node, "vms") == is_idle) {
		report_error(tree_place(node, NULL),
			     "write vms = \"name\", ...; for those who may run, or idle;",
			     is_idle ? "is idle and has VMs" : "nobody's: neither vms nor idle");
		return false;
	}
	for (unsigned i = 0; (name = tree_string_at(node, "vms", i)) != NULL; i++) {
		if (!plan_add_vm(model, window, name, core))
			return false;
	}
	return true;
}

static bool plan_parse_window(const struct model *model, struct plan *plan, struct node node)
{
	struct window *window = &plan->windows[plan->window_count];

	schema_check(&window_schema, node);
	if (plan->window_count == MAX_PLAN_WINDOWS) {
		report_error(tree_place(node, NULL), "join some of them",
			     "a plan has at most %u windows", MAX_PLAN_WINDOWS);
		return false;
	}
	plan->window_count++;
	window->node = node;
	window->us.start = tree_u32(node, "start-us", 0);
	window->us.bytes = tree_u32(node, "length-us", 0);
	window->end_ticks = (uint32_t)plan_count_ticks(&model->board, range_end(window->us));

	bool has_times = tree_has(node, "start-us") && tree_has(node, "length-us");

	if (has_times && window->us.bytes < LEAST_WINDOW_US) {
		report_error(tree_place(node, "length-us"),
			     arena_printf("give it at least %u", LEAST_WINDOW_US),
			     "%" PRIu64 " us are too short: too much of them would go into "
			     "switching",
			     window->us.bytes);
		has_times = false;
	}
	return plan_parse_vms(model, window, plan->core) && has_times;
}

static int plan_compare(const void *a, const void *b)
{
	const struct window *left = a, *right = b;

	if (left->us.start != right->us.start)
		return left->us.start < right->us.start ? -1 : 1;
	return left->node.offset < right->node.offset ? -1 : 1;
}

/* What `end`, where the time before is given away to `last`, and the start of the
 * next window say about each other. */
static void plan_check_seam(struct place last, uint64_t end, struct place next, uint64_t start)
{
	if (start > end)
		report_conflict(
			next, last,
			start - end < LEAST_WINDOW_US
				? "lengthen a window by that"
				: arena_printf("write it down: window-spare { start-us = "
					       "<%" PRIu64 ">; length-us = <%" PRIu64 ">; idle; };",
					       end, start - end),
			"the core is nobody's from %" PRIu64 " to %" PRIu64 " us", end, start);
	else if (start < end)
		report_conflict(next, last,
				arena_printf("start it at %" PRIu64 ", or shorten the other", end),
				"overlaps: it starts at %" PRIu64
				" us, the one before ends at %" PRIu64,
				start, end);
}

/* The windows, sorted, must cover the frame. */
static void plan_check_cover(const struct plan *plan)
{
	struct place last = tree_place(plan->node, "frame-us");
	uint64_t end = 0;

	for (unsigned i = 0; i < plan->window_count; i++) {
		const struct window *window = &plan->windows[i];

		plan_check_seam(last, end, tree_place(window->node, NULL), window->us.start);
		if (range_end(window->us) <= end)
			continue; /* overlaps, and is not the last */
		last = tree_place(window->node, NULL);
		end = range_end(window->us);
	}
	if (end > plan->frame_us)
		report_conflict(last, tree_place(plan->node, "frame-us"),
				"shorten the window, or lengthen the frame",
				"ends at %" PRIu64 " us, in a frame of %" PRIu32, end,
				plan->frame_us);
	else
		plan_check_seam(last, end, tree_place(plan->node, "frame-us"), plan->frame_us);
}

/* Everybody pinned there must come to run. */
static void plan_check_vms(const struct model *model, const struct plan *plan)
{
	uint32_t planned = 0;

	for (unsigned i = 0; i < plan->window_count; i++)
		planned |= plan->windows[i].vms;
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];
		int vcpu = model_find_vcpu(vm, plan->core);

		if (vcpu >= 0 && (planned & 1u << i) == 0)
			report_conflict(
				tree_place(vm->node, "cpus"), tree_place(plan->node, NULL),
				arena_printf("add \"%s\" to a window of the plan", vm->name),
				"vCPU %d would never run: no window of core %u is for it", vcpu,
				plan->core);
	}
}

/* False if there is nothing that the plan could be for. */
static bool plan_check_core(const struct model *model, const struct plan *plan)
{
	struct place place = tree_place(plan->node, "core");
	const struct plan *other = plan_find(model, plan->core);

	if (other != NULL)
		report_conflict(place, tree_place(other->node, "core"), "join the two plans",
				"core %u has a plan already", plan->core);
	else if (plan->core >= model->board.core_count)
		report_conflict(place, tree_place(model->board.node, "cores"),
				arena_printf("choose from 0 to %u", model->board.core_count - 1),
				"the board has no core %u", plan->core);
	else if (!model_uses_core(model, plan->core))
		report_error(place, "remove the plan, or pin a vCPU there by cpus",
			     "core %u has no work: no vCPU is pinned there", plan->core);
	return !report_has(place);
}

static void plan_check_frame(const struct model *model, const struct plan *plan)
{
	const struct board *board = &model->board;
	uint64_t ticks = plan_count_ticks(board, plan->frame_us);

	if (ticks > MOST_FRAME_TICKS)
		report_conflict(tree_place(plan->node, "frame-us"),
				tree_place(board->node, "counter-hz"),
				arena_printf("choose at most %llu",
					     MOST_FRAME_TICKS * 1000000 / board->counter_hz),
				"%" PRIu32 " us are %" PRIu64 " ticks of the counter: more than "
				"2^31",
				plan->frame_us, ticks);
}

void plan_parse(struct model *model, struct node node)
{
	struct plan *plan = arena_alloc(sizeof(*plan));
	bool is_good = true;

	schema_check(&plan_schema, node);
	plan->node = node;
	plan->core = tree_u32(node, "core", 0);
	plan->frame_us = tree_u32(node, "frame-us", 0);
	if (!tree_has(node, "core") || model->board.core_count == 0 ||
	    !plan_check_core(model, plan))
		return;
	model->plans[model->plan_count++] = plan;
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (schema_matches("window-", child.name))
			is_good = plan_parse_window(model, plan, child) && is_good;
	}
	if (!is_good || plan->window_count == 0 || !tree_has(node, "frame-us")) {
		plan->window_count = 0; /* nothing follows from them */
		return;
	}
	qsort(plan->windows, plan->window_count, sizeof(plan->windows[0]), plan_compare);
	plan_check_frame(model, plan);
	plan_check_cover(plan);
	plan_check_vms(model, plan);
}

const struct plan *plan_find(const struct model *model, unsigned board_core)
{
	for (unsigned i = 0; i < model->plan_count; i++) {
		if (model->plans[i]->core == board_core)
			return model->plans[i];
	}
	return NULL;
}
