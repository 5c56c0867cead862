// SPDX-License-Identifier: BSD-2-Clause
/*
 * The files that lie in guest RAM when a guest starts: kernel, initrd, blobs, and
 * the generated device tree.
 */
#ifndef BULKHEAD_MKSYSTEM_IMAGE_H
#define BULKHEAD_MKSYSTEM_IMAGE_H

#include "tools/mksystem/file.h"
#include "tools/mksystem/model.h"

/* Where to look, and what the command line puts in the manifest's place. */
struct image_options {
	const char *const *folders; /* tried in order, then the current one */
	size_t folder_count;
	const char *kernel; /* for every VM that has one; NULL: the manifest's */
	const char *initrd;
};

/* Load and place all images of all VMs. */
void image_place_all(struct model *model, const struct image_options *options);

/* For the kernel formats (zimage.c, elf.c), all of which are called by image.c: */

/* Claim guest RAM; false and reported if it isn't RAM or is taken. */
bool image_claim(struct vm_model *vm, struct range range, struct place place, const char *what);
/* Add bytes that are to be loaded; their RAM is claimed by the caller. */
void image_add(struct vm_model *vm, struct image image);

bool zimage_is(const struct file *file);
void zimage_place(struct vm_model *vm, const struct file *file);
bool elf_is(const struct file *file);
void elf_place(struct vm_model *vm, const struct file *file);

#endif
