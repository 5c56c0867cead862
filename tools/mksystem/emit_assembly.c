// SPDX-License-Identifier: BSD-2-Clause
/*
 * system.S: stage-2 tables and images as data. Called by emit.c.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/memory.h"
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
	text_printf(&text, "\n\t.section .images, \"a\", %%progbits\n");
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->image_count; j++)
			emit_image(&text, &vm->images[j], emit_tree_path(vm, folder));
	}
	return text;
}
