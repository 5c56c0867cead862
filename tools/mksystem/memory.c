// SPDX-License-Identifier: BSD-2-Clause
/*
 * Allocates physical memory: the hypervisor's block, its images behind it, what
 * the manifest fixes by `pa`, then first fit from the lowest address. Called by
 * main.c when all images are known, for their size decides where RAM is free.
 */
#include "tools/mksystem/memory.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/board.h"

#include <inttypes.h>

#define HYP_BYTES BLOCK_BYTES

static void memory_place_images(struct model *model)
{
	uint64_t pa = range_end(model->hyp);

	model->images.start = pa;
	for (unsigned i = 0; i < model->vm_count; i++) {
		struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->image_count; j++) {
			struct image *image = &vm->images[j];

			if (image->original != image) {
				image->pa = image->original->pa;
				continue;
			}
			image->pa = pa;
			pa = range_align_up(pa + image->length, IMAGE_ALIGNMENT);
		}
	}
	model->images.bytes = range_align_up(pa, BLOCK_BYTES) - model->images.start;
}

static void memory_claim_board(struct model *model)
{
	struct board *board = &model->board;
	const struct range gic[] = { board->gicd, board->gicc, board->gich, board->gicv };

	for (size_t i = 0; i < ARRAY_SIZE(gic); i++)
		space_claim(&model->pa,
			    (struct claim){ .range = gic[i],
					    .place = tree_place(board->gic_node, "reg"),
					    .what = "interrupt controller" },
			    "correct one of the two");
	for (unsigned i = 0; i < board->device_count; i++) {
		const struct board_device *device = &board->devices[i];

		for (unsigned j = 0; j < device->region_count; j++)
			space_claim(&model->pa,
				    (struct claim){ .range = device->regions[j],
						    .place = tree_place(device->node, "reg"),
						    .what = "device" },
				    "correct one of the two");
	}

	struct space all = model->pa; /* a copy: the RAM itself stays free to be given */

	for (unsigned i = 0; i < board->ram_count; i++) {
		space_claim(&all,
			    (struct claim){ .range = board->ram[i],
					    .place = tree_place(board->ram_nodes[i], "reg"),
					    .what = "RAM" },
			    "correct one of the two");
	}
}

static void memory_claim_hyp(struct model *model)
{
	struct board *board = &model->board;
	struct place place = tree_place(board->node, "load");

	if (!tree_has(board->node, "load"))
		return;
	space_claim(&model->pa,
		    (struct claim){ .range = model->hyp,
				    .place = place,
				    .what = "the hypervisor's own memory" },
		    "load it elsewhere");
	space_claim(&model->pa,
		    (struct claim){ .range = model->images,
				    .place = place,
				    .what = "the hypervisor's images" },
		    "load it elsewhere");
	if (model->images.bytes > 0 && !board_has_ram(board, model->images))
		report_error(place, "use smaller images, or load it lower",
			     "the images (PA 0x%08" PRIx64 "..0x%08" PRIx64 ") don't fit into RAM",
			     model->images.start, range_end(model->images) - 1);
}

static void memory_claim_fixed(struct model *model, const struct ram *ram)
{
	struct range range = { .start = ram->pa, .bytes = ram->ipa.bytes };

	if (!ram->has_pa)
		return;
	if (!board_has_ram(&model->board, range))
		report_conflict(tree_place(ram->node, "pa"),
				tree_place(model->board.ram_nodes[0], "reg"),
				"choose another pa or size, or leave pa out",
				"the board has no RAM at PA 0x%08" PRIx64 "..0x%08" PRIx64,
				range.start, range_end(range) - 1);
	space_claim(&model->pa,
		    (struct claim){ .range = range,
				    .place = tree_place(ram->node, NULL),
				    .what = "memory" },
		    "change one of them, or leave pa out to have it chosen");
}

/* First fit from the lowest address; 0, and reported, if there is no room. */
static uint64_t memory_find(struct model *model, struct node node, uint64_t bytes,
			    uint64_t alignment)
{
	const struct board *board = &model->board;

	for (unsigned i = 0; i < board->ram_count; i++) {
		struct range within = board->ram[i];
		uint64_t floor = model->hyp.start;
		uint64_t pa;

		/* Only above the hypervisor: below may lie what a boot loader left. */
		if (range_end(within) <= floor)
			continue;
		if (within.start < floor)
			within = (struct range){ .start = floor,
						 .bytes = range_end(within) - floor };
		if (range_end(within) > (1ull << 32) - BLOCK_BYTES)
			within.bytes = (1ull << 32) - BLOCK_BYTES - within.start;
		if (!space_find_lowest(&model->pa, within, bytes, alignment, &pa))
			continue;
		space_claim(&model->pa,
			    (struct claim){ .range = { .start = pa, .bytes = bytes },
					    .place = tree_place(node, NULL),
					    .what = "memory" },
			    "");
		return pa;
	}
	if (board->ram_count > 0)
		report_conflict(tree_place(node, "size"), tree_place(board->ram_nodes[0], "reg"),
				"give the VMs less memory",
				"the board has no %" PRIu64 " %s of RAM left in one piece",
				bytes / (bytes < MIB ? KIB : MIB), bytes < MIB ? "KiB" : "MiB");
	return 0;
}

static void memory_allocate_free(struct model *model, struct ram *ram)
{
	if (!ram->has_pa)
		ram->pa = memory_find(model, ram->node, ram->ipa.bytes, BLOCK_BYTES);
}

uint64_t memory_allocate_shared(struct model *model, struct node node, uint64_t bytes)
{
	return memory_find(model, node, bytes, PAGE_BYTES);
}

static void memory_claim_ipa(struct vm_model *vm, struct range range, struct place place,
			     const char *what)
{
	space_claim(&vm->ipa, (struct claim){ .range = range, .place = place, .what = what },
		    "give each its own addresses");
}

static void memory_check_ipa(struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;
	struct place gic = tree_place(platform->gic_node, "reg");

	vm->ipa.name = "IPA";
	for (unsigned i = 0; i < vm->ram_count; i++)
		memory_claim_ipa(vm, vm->ram[i].ipa, tree_place(vm->ram[i].node, NULL), "memory");
	if (tree_exists(platform->gic_node)) {
		memory_claim_ipa(vm, platform->gicd, gic, "distributor");
		memory_claim_ipa(vm, platform->gicc, gic, "GIC CPU interface");
	}
	for (unsigned i = 0; i < platform->vdev_count; i++)
		memory_claim_ipa(vm, platform->vdevs[i].range,
				 tree_place(platform->vdevs[i].node, "reg"), "emulated device");
	for (unsigned i = 0; i < vm->device_count; i++) {
		const struct board_device *device = vm->devices[i];

		for (unsigned j = 0; j < device->region_count; j++)
			memory_claim_ipa(vm, device->regions[j], tree_place(vm->node, "devices"),
					 arena_printf("device %s", device->node.path));
	}
}

static void memory_find_used_end(struct model *model)
{
	model->used_end = range_end(model->images);
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->ram_count; j++) {
			uint64_t end = vm->ram[j].pa + vm->ram[j].ipa.bytes;

			if (end > model->used_end)
				model->used_end = end;
		}
	}
}

void memory_allocate(struct model *model)
{
	model->pa.name = "PA";
	model->hyp = (struct range){ .start = range_align_down(model->board.load, BLOCK_BYTES),
				     .bytes = HYP_BYTES };
	memory_place_images(model);
	memory_claim_board(model);
	memory_claim_hyp(model);
	for (unsigned i = 0; i < model->vm_count; i++) {
		for (unsigned j = 0; j < model->vms[i].ram_count; j++)
			memory_claim_fixed(model, &model->vms[i].ram[j]);
	}
	for (unsigned i = 0; i < model->vm_count; i++) {
		for (unsigned j = 0; j < model->vms[i].ram_count; j++)
			memory_allocate_free(model, &model->vms[i].ram[j]);
		memory_check_ipa(&model->vms[i]);
	}
	memory_find_used_end(model);
}
