// SPDX-License-Identifier: BSD-2-Clause
/*
 * Linux zImages (Documentation/arm/booting.rst; the header is in
 * arch/arm/boot/compressed/head.S). A zImage unpacks itself to the start of RAM
 * and moves out of its own way first: all that room is claimed. Called by image.c.
 */
#include "tools/mksystem/image.h"
#include "tools/mksystem/arena.h"

#include <string.h>

#define MAGIC_OFFSET  0x24u
#define MAGIC         0x016f2818u
#define MAGIC2_OFFSET 0x34u
#define MAGIC2        0x45454545u
#define TABLE_OFFSET  0x38u
#define TAG_KERNEL    0x5a534c4bu /* "KLSZ": where its size is, its bss, its offset */

#define TEXT_OFFSET        0x8000u     /* from RAM's start to the unpacked kernel, or more */
#define FAR_OFFSET         (32u * MIB) /* with it, nothing has to move */
#define FAR_MIN_RAM        (64u * MIB)
#define DECOMPRESSOR_BYTES (256u * KIB) /* its bss, stack and heap, after the zImage */

static uint32_t zimage_word(const struct file *file, uint64_t offset)
{
	const uint8_t *at = file->bytes + offset;

	if (offset + 4 > file->length)
		return 0;
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

bool zimage_is(const struct file *file)
{
	return zimage_word(file, MAGIC_OFFSET) == MAGIC;
}

/* Where the unpacked kernel and its bss end, from RAM's start; the least possible
 * if the file doesn't tell. */
static uint64_t zimage_find_unpacked_end(const struct file *file)
{
	if (zimage_word(file, MAGIC2_OFFSET) != MAGIC2)
		return TEXT_OFFSET;

	uint64_t at = zimage_word(file, TABLE_OFFSET);
	uint32_t words = zimage_word(file, at);

	/* Tags: size in words with this one, name, content; size 0 ends them. */
	for (; words >= 2 && at < file->length; at += words * 4ull, words = zimage_word(file, at)) {
		if (zimage_word(file, at + 4) != TAG_KERNEL || words < 5)
			continue;

		uint64_t bytes = zimage_word(file, zimage_word(file, at + 8));

		return bytes + zimage_word(file, at + 12) + zimage_word(file, at + 16);
	}
	return TEXT_OFFSET;
}

void zimage_place(struct vm_model *vm, const struct file *file)
{
	const struct range ram = vm->ram[0].ipa;
	uint64_t unpacked_end = zimage_find_unpacked_end(file);
	uint64_t offset = TEXT_OFFSET;
	uint64_t end = unpacked_end + file->length; /* it moves behind what it unpacks */

	if (ram.bytes >= FAR_MIN_RAM) {
		offset = range_align_up(unpacked_end, BLOCK_BYTES);
		offset = offset > FAR_OFFSET ? offset : FAR_OFFSET;
		end = offset + file->length;
	}

	struct place place = tree_place(vm->node, "kernel");
	struct range zone = { .start = ram.start, .bytes = end + DECOMPRESSOR_BYTES };

	if (!image_claim(vm, zone, place, "zImage with the room to unpack it"))
		return;
	vm->boot_pc = (uint32_t)(ram.start + offset);
	image_add(vm, (struct image){
			      .place = place,
			      .what = "kernel",
			      .path = file->path,
			      .bytes = file->bytes,
			      .length = file->length,
			      .ipa = vm->boot_pc,
		      });
}
