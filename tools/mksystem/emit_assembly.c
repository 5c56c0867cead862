// SPDX-License-Identifier: BSD-2-Clause
/*
 * system.S: translation tables and images as data. Called by emit.c.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/memory.h"
#include "tools/mksystem/quiesce.h"
#include "tools/mksystem/stage2.h"

#include <inttypes.h>

/* Descriptors that follow each other in equal steps, as one repetition. */
static void emit_run(struct text *text, uint64_t first, uint64_t step, unsigned count)
{
	const char *base = (first & STAGE2_CONSOLE) != 0 ? "console_pages + " : "";
	uint32_t low = (uint32_t)first, high = (uint32_t)((first & ~STAGE2_CONSOLE) >> 32);

	if (first == 0 && step == 0) {
		text_printf(text, "\t.zero %u * 8\n", count);
		return;
	}
	if (count == 1) {
		text_printf(text, "\t.word %s0x%08" PRIx32 ", 0x%08" PRIx32 "\n", base, low, high);
		return;
	}
	text_printf(text, "\t.set entry, 0x%08" PRIx32 "\n\t.rept %u\n", low, count);
	text_printf(text, "\t.word entry, 0x%08" PRIx32 "\n", high);
	if (step != 0)
		text_printf(text, "\t.set entry, entry + 0x%" PRIx64 "\n", step);
	text_printf(text, "\t.endr\n");
}

/* How many entries from values[0] on differ by `step` each. */
static unsigned emit_count_run(const uint64_t *values, unsigned count, uint64_t step)
{
	unsigned length = 1;

	while (length < count && values[length] == values[length - 1] + step)
		length++;
	return length;
}

static void emit_values(struct text *text, const uint64_t *values, unsigned count, uint64_t step)
{
	for (unsigned i = 0; i < count;) {
		unsigned equal = emit_count_run(values + i, count - i, 0);
		unsigned rising = emit_count_run(values + i, count - i, step);
		bool is_rising = rising > equal && (values[i] & STAGE2_VALID) != 0 &&
				 (values[i] & STAGE2_CONSOLE) == 0;
		unsigned length = is_rising ? rising : equal;

		emit_run(text, values[i], is_rising ? step : 0, length);
		i += length;
	}
}

/* Entries of the root up to the next leaf table. */
static unsigned emit_find_leaf(const struct stage2 *stage2, unsigned block)
{
	while (block < STAGE2_ROOT_ENTRIES && stage2_find_leaf(stage2, block) == NULL)
		block++;
	return block;
}

static void emit_root(struct text *text, const struct stage2 *stage2, unsigned vm)
{
	text_printf(text, "\n\t.balign %u\n\t.global vm%u_stage2\nvm%u_stage2:\n",
		    STAGE2_ROOT_BYTES, vm, vm);
	for (unsigned block = 0; block < STAGE2_ROOT_ENTRIES;) {
		unsigned leaf = emit_find_leaf(stage2, block);

		emit_values(text, stage2->blocks + block, leaf - block, BLOCK_BYTES);
		if (leaf < STAGE2_ROOT_ENTRIES) {
			text_printf(text,
				    "\t.word vm%u_stage2_leaf%u + %u, 0 /* IPA 0x%08" PRIx64
				    " */\n",
				    vm, leaf, STAGE2_TABLE, (uint64_t)leaf * BLOCK_BYTES);
			leaf++;
		}
		block = leaf;
	}
}

static void emit_stage2(struct text *text, const struct stage2 *stage2, unsigned vm)
{
	emit_root(text, stage2, vm);
	for (const struct stage2_leaf *leaf = stage2->leaves; leaf != NULL; leaf = leaf->next) {
		text_printf(text, "\n\t.balign %u\nvm%u_stage2_leaf%u:\n", PAGE_BYTES, vm,
			    leaf->block);
		emit_values(text, leaf->pages, STAGE2_LEAF_ENTRIES, PAGE_BYTES);
	}
}

/* Stage-1 descriptors of the hypervisor (B3.6.1, B3.6.2; arch/stage1.c): a block that is
 * accessed, writable as its attributes say, never executed. */
#define STAGE1_BLOCK  (1u | 1u << 6 | 1u << 10 | 1ull << 54)
#define STAGE1_TABLE  3u
#define STAGE1_DEVICE STAGE1_BLOCK
#define STAGE1_RODATA (STAGE1_BLOCK | 1u << 2 | 1u << 7 | 3u << 8)

static void emit_map_blocks(uint64_t *blocks, struct range range, uint64_t descriptor)
{
	for (uint64_t i = range.start / BLOCK_BYTES; i * BLOCK_BYTES < range_end(range); i++)
		blocks[i] = i * BLOCK_BYTES | descriptor;
}

static void emit_map_silenced(uint64_t *blocks, const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->device_count; i++)
		if (quiesce_has_list(vm->devices[i]))
			emit_map_blocks(blocks, vm->devices[i]->regions[0], STAGE1_DEVICE);
}

/* The hypervisor's own map: what it drives or silences itself, the images, and its own block, which
 * is divided when it boots. */
static void emit_stage1(struct text *text, const struct model *model)
{
	static uint64_t blocks[STAGE2_ROOT_ENTRIES];
	const struct board *board = &model->board;
	unsigned own = (unsigned)(model->hyp.start / BLOCK_BYTES);

	emit_map_blocks(blocks, board->gicd, STAGE1_DEVICE);
	emit_map_blocks(blocks, board->gicc, STAGE1_DEVICE);
	emit_map_blocks(blocks, board->gich, STAGE1_DEVICE);
	emit_map_blocks(blocks, board->console->regions[0], STAGE1_DEVICE);
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		if (model->users[i] != NULL)
			emit_map_blocks(blocks, board->shared[i]->regions[0], STAGE1_DEVICE);
	if (board->control != NULL)
		emit_map_blocks(blocks, board->control->regions[0], STAGE1_DEVICE);
	for (unsigned i = 0; i < model->vm_count; i++)
		emit_map_silenced(blocks, &model->vms[i]);
	emit_map_blocks(blocks, model->images, STAGE1_RODATA);
	text_printf(text, "\n\t.section .data.stage1, \"aw\", %%progbits\n"
			  "\t.global stage1_level1, stage1_level2\n"
			  "\t.balign 4096\nstage1_level2:\n");
	emit_values(text, blocks, own, BLOCK_BYTES);
	text_printf(text, "\t.word stage1_level3 + %u, 0\n", STAGE1_TABLE);
	emit_values(text, blocks + own + 1, STAGE2_ROOT_ENTRIES - own - 1, BLOCK_BYTES);
	text_printf(text, "stage1_level1:\n");
	for (unsigned i = 0; i < 4; i++)
		text_printf(text, "\t.word stage1_level2 + %u, 0\n", i * PAGE_BYTES + STAGE1_TABLE);
}

static void emit_image(struct text *text, const struct image *image, const char *tree_path)
{
	const struct image *original = image->original;

	text_printf(text, "\n\t.global vm%u_image%u\n", image->vm, image->index);
	if (original != image) {
		text_printf(text, "\t.set vm%u_image%u, vm%u_image%u\n", image->vm, image->index,
			    original->vm, original->index);
		return;
	}
	text_printf(text, "\t.balign %u\nvm%u_image%u:\n", IMAGE_ALIGNMENT, image->vm,
		    image->index);
	/* The hash makes this text, and so its object, follow the file's content. */
	text_printf(text, "\t.incbin \"%s\", %" PRIu64 ", %" PRIu64 " /* %016" PRIx64 " */\n",
		    image->path == NULL ? tree_path : image->path, image->skip, image->length,
		    image->hash);
}

struct text emit_assembly(const struct model *model, const char *folder)
{
	struct text text = { 0 };

	text_printf(&text, "// SPDX-License-Identifier: BSD-2-Clause\n"
			   "/* Made by mksystem from the manifest: don't edit. */\n"
			   "\t.section .rodata.stage2, \"a\", %%progbits\n");
	for (unsigned i = 0; i < model->vm_count; i++)
		emit_stage2(&text, stage2_build(&model->vms[i], &model->board), i);
	emit_stage1(&text, model);
	text_printf(&text, "\n\t.section .images, \"a\", %%progbits\n");
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->image_count; j++)
			emit_image(&text, &vm->images[j], emit_tree_path(vm, folder));
	}
	return text;
}
