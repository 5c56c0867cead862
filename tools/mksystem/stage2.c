// SPDX-License-Identifier: BSD-2-Clause
/*
 * Builds stage-2 tables: RAM in blocks, devices and shared buffers in pages, or blocks,
 * that can't be executed, and region numbers where the hypervisor emulates
 * (arch/stage2.h). Called by emit_assembly.c.
 */
#include "tools/mksystem/stage2.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/console.h"
#include "tools/mksystem/platform.h"

#define XN ((uint64_t)STAGE2_HIGH_XN << 32)

static struct stage2_leaf *stage2_get_leaf(struct stage2 *stage2, unsigned block)
{
	struct stage2_leaf **link = &stage2->leaves;

	while (*link != NULL && (*link)->block < block)
		link = &(*link)->next;
	if (*link == NULL || (*link)->block != block) {
		struct stage2_leaf *leaf = arena_alloc(sizeof(*leaf));

		leaf->block = block;
		leaf->next = *link;
		*link = leaf;
	}
	return *link;
}

const struct stage2_leaf *stage2_find_leaf(const struct stage2 *stage2, unsigned block)
{
	const struct stage2_leaf *leaf = stage2->leaves;

	while (leaf != NULL && leaf->block != block)
		leaf = leaf->next;
	return leaf;
}

static void stage2_map_ram(struct stage2 *stage2, const struct ram *ram)
{
	for (uint64_t at = 0; at < ram->ipa.bytes; at += BLOCK_BYTES)
		stage2->blocks[(ram->ipa.start + at) / BLOCK_BYTES] =
			(ram->pa + at) | STAGE2_RAM | STAGE2_BLOCK;
}

static void stage2_map_pages(struct stage2 *stage2, struct range ipa, uint64_t pa,
			     uint64_t attributes)
{
	for (uint64_t at = 0; at < ipa.bytes; at += PAGE_BYTES) {
		uint64_t page = ipa.start + at;
		struct stage2_leaf *leaf = stage2_get_leaf(stage2, (unsigned)(page / BLOCK_BYTES));

		leaf->pages[page % BLOCK_BYTES / PAGE_BYTES] =
			(pa + at) | attributes | XN | STAGE2_PAGE;
	}
}

/* The whole pages around its registers; of a large one, such as flash memory, blocks. */
static void stage2_map_device(struct stage2 *stage2, struct range region)
{
	if (region.start % BLOCK_BYTES == 0 && region.bytes % BLOCK_BYTES == 0) {
		for (uint64_t at = region.start; at < range_end(region); at += BLOCK_BYTES)
			stage2->blocks[at / BLOCK_BYTES] = at | STAGE2_DEVICE | XN | STAGE2_BLOCK;
		return;
	}

	uint64_t start = range_align_down(region.start, PAGE_BYTES);

	stage2_map_pages(stage2,
			 (struct range){ .start = start, .bytes = range_end(region) - start },
			 start, STAGE2_DEVICE);
}

static void stage2_map_buffer(struct stage2 *stage2, const struct mapping *mapping)
{
	const struct buffer *buffer = mapping->buffer;
	struct range ipa = { .start = mapping->ipa, .bytes = buffer->bytes };

	stage2_map_pages(stage2, ipa, buffer->pa,
			 (buffer->is_cached ? STAGE2_MEMATTR_NORMAL : STAGE2_MEMATTR_UNCACHED) |
				 (mapping->is_writable ? STAGE2_HAP_READ_WRITE : STAGE2_HAP_READ) |
				 STAGE2_SH_INNER | STAGE2_AF);
}

/* Both sides use caches. */
static void stage2_map_console(struct stage2 *stage2, const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->console.bytes / PAGE_BYTES; i++)
		stage2_map_pages(stage2,
				 (struct range){ .start = vm->console.start + i * PAGE_BYTES,
						 .bytes = PAGE_BYTES },
				 console_page_index(vm, i) * (uint64_t)PAGE_BYTES,
				 STAGE2_MEMATTR_NORMAL | STAGE2_HAP_READ_WRITE | STAGE2_SH_INNER |
					 STAGE2_AF | STAGE2_CONSOLE);
}

/* An emulated device's pages stay invalid and carry its region's number; whole
 * blocks of them need no leaf. */
static void stage2_mark_region(struct stage2 *stage2, struct range ipa, unsigned region)
{
	uint64_t mark = (uint64_t)region * STAGE2_REGION_BYTES;
	uint64_t at = ipa.start;

	while (at < range_end(ipa)) {
		unsigned block = (unsigned)(at / BLOCK_BYTES);

		if (at % BLOCK_BYTES == 0 && range_end(ipa) - at >= BLOCK_BYTES) {
			stage2->blocks[block] = mark;
			at += BLOCK_BYTES;
		} else {
			stage2_get_leaf(stage2, block)->pages[at % BLOCK_BYTES / PAGE_BYTES] = mark;
			at += PAGE_BYTES;
		}
	}
}

struct stage2 *stage2_build(const struct vm_model *vm, const struct board *board)
{
	struct stage2 *stage2 = arena_alloc(sizeof(*stage2));
	const struct platform *platform = &vm->platform;

	for (unsigned i = 0; i < vm->ram_count; i++)
		stage2_map_ram(stage2, &vm->ram[i]);
	stage2_map_pages(stage2,
			 (struct range){ .start = platform->gicc.start, .bytes = PAGE_BYTES },
			 board->gicv.start, STAGE2_DEVICE);
	for (unsigned i = 0; i < vm->device_count; i++) {
		const struct board_device *device = vm->devices[i];

		for (unsigned j = 0; j < device->region_count; j++)
			stage2_map_device(stage2, device->regions[j]);
	}
	for (unsigned i = 0; i < vm->mapping_count; i++)
		stage2_map_buffer(stage2, &vm->mappings[i]);
	stage2_map_console(stage2, vm);
	stage2_mark_region(stage2, platform->gicd, REGION_GICD);
	stage2_mark_region(stage2, platform_dir_page(platform), REGION_GICC_DIR);
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];

		stage2_mark_region(stage2, vdev->range, platform_region_index(platform, vdev));
	}
	return stage2;
}
