// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finds the guests' files and gives each a place in guest RAM: first what has a
 * fixed one (kernel, blobs), then device tree and initrd from the top down.
 * Called by main.c once all VMs are read.
 */
#include "tools/mksystem/image.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/guest.h"
#include "tools/mksystem/schema.h"
#include "tools/mksystem/stock.h"

#include <errno.h>
#include <string.h>

/* Linux maps device tree and initrd early: they belong into memory that every
 * kernel reaches, also one with a 3G/1G split. */
#define LOW_BYTES (256u * MIB)

static const struct property_rule blob_properties[] = {
	{ .name = "file", .type = PROPERTY_STRING, .is_required = true },
	{ .name = "ipa", .type = PROPERTY_CELLS, .is_required = true, .least = 1, .most = 1 },
};

static const struct schema blob_schema = {
	.what = "a blob",
	.properties = blob_properties,
	.property_count = ARRAY_SIZE(blob_properties),
};

static bool image_find(const struct image_options *options, const char *name, struct place place,
		       struct file *file)
{
	int reason = ENOENT;
	bool is_absolute = *name == '/';

	for (size_t i = 0; !is_absolute && i < options->folder_count; i++) {
		const char *path = arena_printf("%s/%s", options->folders[i], name);

		if (file_read(path, file))
			return true;
		if (errno != ENOENT)
			reason = errno;
	}
	if (file_read(name, file))
		return true;
	if (errno != ENOENT)
		reason = errno;
	report_error(place, "make or fetch the file, or correct its name (--images names folders)",
		     "can't read %s: %s", name, strerror(reason));
	return false;
}

static bool image_open(const struct image_options *options, const char *name, struct place place,
		       struct file *file)
{
	if (!image_find(options, name, place, file))
		return false;
	if (file->length == 0)
		report_error(place, "give a file with content", "%s is empty", file->path);
	return file->length > 0;
}

/* FNV-1a: tells make's outputs apart when a file's content changes. */
static uint64_t image_hash(const uint8_t *bytes, uint64_t length)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (uint64_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return hash;
}

void image_add(struct vm_model *vm, struct image image)
{
	if (vm->image_count == MAX_VM_IMAGES) {
		report_error(image.place, "use fewer blobs, or an ELF file with fewer segments",
			     "a VM has at most %u images", MAX_VM_IMAGES);
		return;
	}
	image.vm = vm->index;
	image.index = vm->image_count;
	image.hash = image_hash(image.bytes, image.length);
	vm->images[vm->image_count] = image;
	vm->images[vm->image_count].original = &vm->images[vm->image_count];
	vm->image_count++;
}

bool image_claim(struct vm_model *vm, struct range range, struct place place, const char *what)
{
	for (unsigned i = 0; i < vm->ram_count; i++) {
		if (range_contains(vm->ram[i].ipa, range))
			return space_claim(
				&vm->loaded,
				(struct claim){ .range = range, .place = place, .what = what },
				"move one of them, or make the memory larger");
	}
	report_conflict(place, tree_place(vm->ram[0].node, NULL),
			"make the memory larger, or choose another address",
			"%s (IPA 0x%08llx..0x%08llx) does not fit into the VM's memory", what,
			(unsigned long long)range.start, (unsigned long long)range_end(range) - 1);
	return false;
}

static void image_place_file(struct vm_model *vm, const struct file *file, uint64_t ipa,
			     struct place place, const char *what)
{
	struct range range = { .start = ipa, .bytes = file->length };

	if (!image_claim(vm, range, place, what))
		return;
	image_add(vm, (struct image){
			      .place = place,
			      .what = what,
			      .path = file->path,
			      .bytes = file->bytes,
			      .length = file->length,
			      .ipa = ipa,
		      });
}

static void image_place_raw(struct vm_model *vm, const struct file *file)
{
	struct place place = tree_place(vm->node, "kernel");

	if (!tree_has(vm->node, "load")) {
		if (!report_has(tree_place(vm->node, "load")))
			report_error(place, "add load = <IPA>; (and entry, if it is not there)",
				     "%s is a raw binary: where it goes is missing", file->path);
		return;
	}

	uint32_t load = tree_u32(vm->node, "load", 0);

	vm->boot_pc = tree_u32(vm->node, "entry", load);

	uint32_t pc = vm->boot_pc & ~1u;

	if (pc < load || pc >= load + file->length)
		report_error(tree_place(vm->node, "entry"), "choose an address inside the kernel",
			     "0x%08x is outside of %s", vm->boot_pc, file->path);
	image_place_file(vm, file, load, place, "kernel");
}

static void image_refuse_addresses(const struct vm_model *vm, const char *format)
{
	static const char *const names[] = { "load", "entry" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (tree_has(vm->node, names[i]))
			report_error(tree_place(vm->node, names[i]),
				     "remove it: only a raw binary needs it",
				     "the kernel is %s, which says itself where it goes", format);
	}
}

static void image_place_kernel(struct vm_model *vm, const struct image_options *options)
{
	const char *name = tree_string(vm->node, "kernel", NULL);
	struct file file;

	if (name == NULL)
		return;
	name = options->kernel != NULL ? options->kernel : name;
	if (!image_open(options, name, tree_place(vm->node, "kernel"), &file))
		return;
	if (zimage_is(&file)) {
		image_refuse_addresses(vm, "a zImage");
		zimage_place(vm, &file);
	} else if (elf_is(&file)) {
		image_refuse_addresses(vm, "an ELF file");
		elf_place(vm, &file);
	} else {
		image_place_raw(vm, &file);
	}
}

static void image_place_blobs(struct vm_model *vm, const struct image_options *options)
{
	for (struct node child = tree_first_child(vm->node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		struct place place = tree_place(child, "file");
		struct file file;

		if (!schema_matches("blob-", child.name))
			continue;
		schema_check(&blob_schema, child);

		const char *name = tree_string(child, "file", NULL);

		if (name != NULL && image_open(options, name, place, &file) &&
		    tree_has(child, "ipa"))
			image_place_file(vm, &file, tree_u32(child, "ipa", 0),
					 tree_place(child, NULL), "blob");
	}
}

/* From the top of low memory downwards, clear of everything placed before. */
static bool image_find_room(struct vm_model *vm, struct place place, const char *what,
			    uint64_t bytes, uint64_t *ipa)
{
	struct range low = vm->ram[0].ipa;

	low.bytes = low.bytes < LOW_BYTES ? low.bytes : LOW_BYTES;
	if (space_find_highest(&vm->loaded, low, bytes, PAGE_BYTES, ipa))
		return image_claim(vm, (struct range){ .start = *ipa, .bytes = bytes }, place,
				   what);
	report_conflict(place, tree_place(vm->ram[0].node, NULL),
			arena_printf("make the memory larger by %llu MiB, or the images smaller",
				     (unsigned long long)range_align_up(bytes, BLOCK_BYTES) / MIB),
			"no room for the %s (%llu bytes) beside the other images in the %llu MiB "
			"from 0x%08llx",
			what, (unsigned long long)bytes, (unsigned long long)low.bytes / MIB,
			(unsigned long long)low.start);
	return false;
}

static void image_place_initrd(struct vm_model *vm, const struct image_options *options)
{
	const char *name = tree_string(vm->node, "initrd", NULL);
	struct place place = tree_place(vm->node, "initrd");
	struct file file;
	uint64_t ipa;

	if (name == NULL)
		return;
	name = options->initrd != NULL ? options->initrd : name;
	if (!image_open(options, name, place, &file))
		return;
	if (!image_find_room(vm, place, "initrd", file.length, &ipa))
		return;
	vm->initrd = (struct range){ .start = ipa, .bytes = file.length };
	image_add(vm, (struct image){
			      .place = place,
			      .what = "initrd",
			      .path = file.path,
			      .bytes = file.bytes,
			      .length = file.length,
			      .ipa = ipa,
		      });
}

/* The tree that the manifest names, if it does; false: it can't be read. */
static bool image_open_tree(struct vm_model *vm, const struct image_options *options)
{
	const char *name = tree_string(vm->node, "device-tree", NULL);
	struct file file;

	if (name == NULL)
		return true;
	if (!image_open(options, name, tree_place(vm->node, "device-tree"), &file))
		return false;
	vm->stock = file.bytes;
	vm->stock_bytes = file.length;
	vm->stock_path = file.path;
	return true;
}

static void image_build_tree(struct vm_model *vm)
{
	if (vm->stock != NULL)
		stock_build_tree(vm);
	else
		guest_build_tree(vm);
}

/* The addresses in the tree don't change its size: measure, place, then add. */
static bool image_place_tree(struct vm_model *vm, const struct image_options *options)
{
	if (!image_open_tree(vm, options))
		return false;
	image_build_tree(vm);
	return image_find_room(vm, tree_place(vm->node, NULL), "guest's device tree",
			       vm->tree_bytes, &vm->tree_ipa);
}

static void image_add_tree(struct vm_model *vm)
{
	image_build_tree(vm);
	image_add(vm, (struct image){
			      .place = tree_place(vm->node, NULL),
			      .what = "device tree",
			      .bytes = vm->tree,
			      .length = vm->tree_bytes,
			      .ipa = vm->tree_ipa,
		      });
}

/* The same bytes are stored once, whoever loads them. */
static void image_share(struct model *model, struct image *image)
{
	for (unsigned i = 0; i <= image->vm; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->image_count; j++) {
			const struct image *other = &vm->images[j];

			if (other == image)
				return;
			if (other->length == image->length && other->hash == image->hash &&
			    memcmp(other->bytes, image->bytes, image->length) == 0) {
				image->original = other;
				return;
			}
		}
	}
}

static void image_place_vm(struct vm_model *vm, const struct image_options *options)
{
	vm->loaded.name = "IPA";
	if (vm->ram_count == 0)
		return; /* reported; nothing can be placed */
	image_place_kernel(vm, options);
	image_place_blobs(vm, options);

	bool has_tree = image_place_tree(vm, options);

	image_place_initrd(vm, options);
	if (has_tree)
		image_add_tree(vm);
}

void image_place_all(struct model *model, const struct image_options *options)
{
	for (unsigned i = 0; i < model->vm_count; i++) {
		struct vm_model *vm = &model->vms[i];

		image_place_vm(vm, options);
		for (unsigned j = 0; j < vm->image_count; j++)
			image_share(model, &vm->images[j]);
	}
}
