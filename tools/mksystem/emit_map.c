// SPDX-License-Identifier: BSD-2-Clause
/*
 * map.txt: the whole system for a human's eyes, 80 columns. Called by emit.c.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/plan.h"
#include "tools/mksystem/platform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct line {
	struct range range;
	const char *what;
};

struct lines {
	struct line *lines;
	size_t count;
};

static struct lines emit_new_lines(size_t most)
{
	return (struct lines){ .lines = arena_alloc(most * sizeof(struct line)) };
}

static void emit_add_line(struct lines *lines, struct range range, const char *what)
{
	if (range.bytes > 0)
		lines->lines[lines->count++] = (struct line){ .range = range, .what = what };
}

/* By start; what contains comes before what it contains. */
static int emit_compare(const void *a, const void *b)
{
	struct range left = ((const struct line *)a)->range;
	struct range right = ((const struct line *)b)->range;

	if (left.start != right.start)
		return left.start < right.start ? -1 : 1;
	if (left.bytes != right.bytes)
		return left.bytes > right.bytes ? -1 : 1;
	return 0;
}

static const char *emit_size(uint64_t bytes)
{
	if (bytes % MIB == 0)
		return arena_printf("%" PRIu64 " MiB", bytes / MIB);
	if (bytes % KIB == 0)
		return arena_printf("%" PRIu64 " KiB", bytes / KIB);
	return arena_printf("%" PRIu64 " B", bytes);
}

static void emit_lines(struct text *text, struct lines *lines)
{
	qsort(lines->lines, lines->count, sizeof(struct line), emit_compare);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->lines[i];

		text_printf(text, "  0x%08" PRIx64 "..0x%08" PRIx64 " %11s  %.41s\n",
			    line->range.start, range_end(line->range) - 1,
			    emit_size(line->range.bytes), line->what);
	}
}

static const char *emit_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static const char *emit_name_image(const struct image *image)
{
	if (image->path == NULL)
		return image->what;
	return arena_printf("%s %s", image->what, emit_base_name(image->path));
}

static void emit_pa_devices(struct lines *lines, const struct model *model)
{
	const struct board *board = &model->board;

	emit_add_line(lines, board->gicd, "GICD: the hypervisor");
	emit_add_line(lines, board->gicc, "GICC: the hypervisor");
	emit_add_line(lines, board->gich, "GICH: the hypervisor");
	emit_add_line(lines, board->gicv, "GICV: every VM, as its GICC");
	if (model->console_server == NULL)
		emit_add_line(lines, board->console->regions[0],
			      arena_printf("%s: the hypervisor", board->console->node.name));
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		if (model->users[i] != NULL)
			emit_add_line(
				lines, board->shared[i]->regions[0],
				arena_printf("%s: the hypervisor", board->shared[i]->node.name));
}

static void emit_pa(struct text *text, const struct model *model)
{
	struct lines lines =
		emit_new_lines(16 + MAX_BUFFERS +
			       model->vm_count * (MAX_VM_IMAGES + MAX_VM_RAM + 4 * MAX_VM_DEVICES));

	emit_pa_devices(&lines, model);
	emit_add_line(&lines, model->hyp, "hypervisor");
	emit_add_line(&lines, model->images, "images, loaded from here into the VMs");
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->ram_count; j++)
			emit_add_line(&lines,
				      (struct range){ .start = vm->ram[j].pa,
						      .bytes = vm->ram[j].ipa.bytes },
				      arena_printf("%s: RAM", vm->node.name));
		for (unsigned j = 0; j < vm->image_count; j++) {
			const struct image *image = &vm->images[j];

			if (image->original == image)
				emit_add_line(&lines,
					      (struct range){ .start = image->pa,
							      .bytes = image->length },
					      arena_printf("  %s: %s", vm->node.name,
							   emit_name_image(image)));
		}
		for (unsigned j = 0; j < vm->device_count; j++)
			for (unsigned k = 0; k < vm->devices[j]->region_count; k++)
				emit_add_line(&lines, vm->devices[j]->regions[k],
					      arena_printf("%s: %s", vm->devices[j]->node.name,
							   vm->node.name));
	}
	for (unsigned i = 0; i < model->buffer_count; i++)
		emit_add_line(&lines,
			      (struct range){ .start = model->buffers[i].pa,
					      .bytes = model->buffers[i].bytes },
			      arena_printf("buffer %s", model->buffers[i].name));
	text_printf(text, "\nPhysical addresses\n");
	emit_lines(text, &lines);
}

static void emit_ipa(struct text *text, const struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;
	struct lines lines =
		emit_new_lines(4 + MAX_VM_RAM + MAX_VM_IMAGES + 5 * MAX_VM_DEVICES + MAX_BUFFERS);

	emit_add_line(&lines, platform->gicd, "GICD, emulated");
	emit_add_line(&lines, (struct range){ .start = platform->gicc.start, .bytes = PAGE_BYTES },
		      "GICC: the board's GICV");
	emit_add_line(&lines, platform_dir_page(platform), "GICC_DIR, emulated");
	for (unsigned i = 0; i < platform->vdev_count; i++)
		emit_add_line(&lines, platform->vdevs[i].range,
			      arena_printf("%s, emulated", platform->vdevs[i].node.name));
	for (unsigned i = 0; i < vm->device_count; i++)
		for (unsigned j = 0; j < vm->devices[i]->region_count; j++)
			emit_add_line(
				&lines, vm->devices[i]->regions[j],
				arena_printf("%s, passed through", vm->devices[i]->node.name));
	for (unsigned i = 0; i < vm->ram_count; i++)
		emit_add_line(&lines, vm->ram[i].ipa,
			      arena_printf("RAM at PA 0x%08" PRIx64, vm->ram[i].pa));
	for (unsigned i = 0; i < vm->image_count; i++)
		emit_add_line(
			&lines,
			(struct range){ .start = vm->images[i].ipa, .bytes = vm->images[i].length },
			arena_printf("  %s", emit_name_image(&vm->images[i])));
	for (unsigned i = 0; i < vm->mapping_count; i++)
		emit_add_line(&lines,
			      (struct range){ .start = vm->mappings[i].ipa,
					      .bytes = vm->mappings[i].buffer->bytes },
			      arena_printf("buffer %s, %s", vm->mappings[i].buffer->name,
					   vm->mappings[i].is_writable ? "rw" : "ro"));
	emit_add_line(&lines, vm->console, "console pages, in the hypervisor's RAM");
	text_printf(text, "\n%s: VMID %u, %u vCPUs, starts at 0x%08" PRIx32 "\n", vm->node.path,
		    vm->index + 1, vm->vcpu_count, vm->boot_pc);
	emit_lines(text, &lines);
	for (unsigned i = 0; i < platform->vdev_count; i++)
		text_printf(text, "  interrupt %3" PRIu32 "  %s\n", platform->vdevs[i].intid,
			    platform->vdevs[i].node.name);
}

static void emit_interrupts(struct text *text, const struct model *model)
{
	text_printf(text, "\nPhysical interrupts (all others are unexpected)\n");
	for (uint32_t intid = 0; intid < model->board.irq_count; intid++) {
		const struct route *route = &model->routes[intid];

		if (route->handler == NULL || strcmp(route->handler, "irq_unexpected") == 0)
			continue;
		text_printf(text, "  %4" PRIu32 "  %-20s  %s\n", intid, route->handler,
			    route->vm == NULL ? route->node.name : route->vm->node.name);
	}
}

#define TIMELINE_COLUMNS 28u

/* "....####....": a window's part of its frame, one column at least. */
static const char *emit_bar(const struct window *window, uint64_t frame_us)
{
	char *bar = arena_alloc(TIMELINE_COLUMNS + 1);
	uint64_t first = window->us.start * TIMELINE_COLUMNS / frame_us;
	uint64_t end = range_end(window->us) * TIMELINE_COLUMNS / frame_us;

	memset(bar, '.', TIMELINE_COLUMNS);
	memset(bar + first, '#', end > first ? end - first : 1);
	return bar;
}

static void emit_window(struct text *text, const struct model *model, const struct window *window,
			uint64_t frame_us)
{
	const char *head =
		arena_printf("    %10" PRIu64 " .. %10" PRIu64 " us  %s", window->us.start,
			     range_end(window->us), emit_bar(window, frame_us));

	if (window->vms == 0)
		text_printf(text, "%s  (idle)\n", head);
	for (unsigned i = 0; i < model->vm_count; i++) {
		if ((window->vms & 1u << i) == 0)
			continue;
		text_printf(text, "%-61s  %s\n", head, model->vms[i].node.name);
		head = "";
	}
}

static void emit_plan(struct text *text, const struct model *model, const struct plan *plan)
{
	text_printf(text, "    %s: every %" PRIu32 " us, %" PRIu32 " ticks\n", plan->node.name,
		    plan->frame_us, plan->windows[plan->window_count - 1].end_ticks);
	for (unsigned i = 0; i < plan->window_count; i++)
		emit_window(text, model, &plan->windows[i], plan->frame_us);
}

static void emit_core(struct text *text, const struct model *model, unsigned core)
{
	const struct plan *plan = plan_find(model, core);

	text_printf(text, "  core %u, MPIDR 0x%06" PRIx32 ":%s\n", core, model->board.mpidr[core],
		    model_uses_core(model, core) ? "" : " no work, never started");
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];
		int vcpu = model_find_vcpu(vm, core);

		if (vcpu >= 0)
			text_printf(text, "    %-15s  vCPU %d, priority %" PRIu32 ", %s time\n",
				    vm->node.name, vcpu, vm->priorities[vcpu], vm->time);
	}
	if (plan != NULL)
		emit_plan(text, model, plan);
}

static void emit_cores(struct text *text, const struct model *model)
{
	text_printf(text, "\nCores (slice %" PRIu32 " ms)\n", model->slice_ms);
	for (unsigned core = 0; core < model->board.core_count; core++)
		emit_core(text, model, core);
}

struct text emit_map(const struct model *model)
{
	struct text text = { 0 };

	text_printf(&text, "%u VMs on board %s, RAM used up to 0x%08" PRIx64 "\n", model->vm_count,
		    model->board.name, model->used_end - 1);
	emit_pa(&text, model);
	for (unsigned i = 0; i < model->vm_count; i++)
		emit_ipa(&text, &model->vms[i]);
	emit_interrupts(&text, model);
	emit_cores(&text, model);
	return text;
}
