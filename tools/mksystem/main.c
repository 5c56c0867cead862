// SPDX-License-Identifier: BSD-2-Clause
/*
 * mksystem compiles a manifest into a system: const tables, stage-2 tables,
 * embedded images, guest device trees. It reads what dtc made of the manifest
 * (the compiled tree, and the annotated source for the places in messages).
 * Exit status: 0 all written, 1 errors in the manifest, 2 wrong usage or I/O.
 */
#include "tools/mksystem/arena.h"
#include "tools/mksystem/board.h"
#include "tools/mksystem/buffer.h"
#include "tools/mksystem/console.h"
#include "tools/mksystem/emit.h"
#include "tools/mksystem/file.h"
#include "tools/mksystem/image.h"
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/manifest.h"
#include "tools/mksystem/memory.h"
#include "tools/mksystem/shared.h"
#include "tools/mksystem/source.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define MAX_IMAGE_FOLDERS 16u

enum { EXIT_GOOD, EXIT_MANIFEST, EXIT_USAGE };

struct options {
	const char *dtb;
	const char *source;
	const char *out;
	const char *folders[MAX_IMAGE_FOLDERS];
	struct image_options image;
};

static void main_print_usage(FILE *stream)
{
	fputs("usage: mksystem --dtb FILE --source FILE --out DIR [options]\n"
	      "  --dtb FILE      the manifest, by dtc -I dts -O dtb\n"
	      "  --source FILE   the same, by dtc -I dts -O dts -T -T\n"
	      "  --out DIR       where to write\n"
	      "  --images DIR    where to look for the guests' files; may be repeated\n"
	      "  --kernel FILE   instead of the kernel of every VM that has one\n"
	      "  --initrd FILE   instead of the initrd of every VM that has one\n",
	      stream);
}

static bool main_add_folder(struct options *options, const char *folder)
{
	if (options->image.folder_count == MAX_IMAGE_FOLDERS)
		return false;
	options->folders[options->image.folder_count++] = folder;
	return true;
}

static bool main_take_option(struct options *options, int option, const char *value)
{
	switch (option) {
	case 'd':
		options->dtb = value;
		return true;
	case 's':
		options->source = value;
		return true;
	case 'o':
		options->out = value;
		return true;
	case 'i':
		return main_add_folder(options, value);
	case 'k':
		options->image.kernel = value;
		return true;
	case 'r':
		options->image.initrd = value;
		return true;
	default:
		return false;
	}
}

static bool main_parse_options(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ .name = "dtb", .has_arg = required_argument, .val = 'd' },
		{ .name = "source", .has_arg = required_argument, .val = 's' },
		{ .name = "out", .has_arg = required_argument, .val = 'o' },
		{ .name = "images", .has_arg = required_argument, .val = 'i' },
		{ .name = "kernel", .has_arg = required_argument, .val = 'k' },
		{ .name = "initrd", .has_arg = required_argument, .val = 'r' },
		{ .name = NULL },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (!main_take_option(options, option, optarg))
			return false;
	}
	options->image.folders = options->folders;
	return optind == argc && options->dtb != NULL && options->source != NULL &&
	       options->out != NULL;
}

static bool main_load(const struct options *options)
{
	const char *path = options->dtb;
	struct file dtb, source;

	if (file_read(path, &dtb)) {
		path = options->source;
		if (file_read(path, &source)) {
			source_load((const char *)source.bytes);
			if (tree_load(dtb.bytes, dtb.length))
				return true;
			fprintf(stderr, "mksystem: %s is no device tree: make it with dtc\n",
				options->dtb);
			return false;
		}
	}
	fprintf(stderr, "mksystem: can't read %s: %s\n", path, strerror(errno));
	return false;
}

static struct node main_find_node(const char *name)
{
	struct node node = tree_find_child(tree_root(), name);

	if (!tree_exists(node))
		report_error(tree_place(tree_root(), NULL),
			     arena_printf("add /%s (see config/README.md)", name),
			     "the manifest has no node /%s", name);
	return node;
}

/* The whole compilation; all of it runs even if a part found errors. */
static int main_compile(struct model *model, const struct options *options)
{
	struct node board = main_find_node("board");
	struct node system = main_find_node("bulkhead");

	if (tree_exists(board))
		board_parse(&model->board, board);
	if (tree_exists(system))
		manifest_parse(model, system);
	if (tree_exists(board) && tree_exists(system)) {
		image_place_all(model, &options->image);
		memory_allocate(model);
		buffer_place_all(model);
		console_claim_ipa(model);
		shared_check(model);
		interrupt_route_all(model);
	}
	if (report_print() > 0)
		return EXIT_MANIFEST;
	return emit_write_all(model, options->out) ? EXIT_GOOD : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options = { .dtb = NULL };
	int status = EXIT_USAGE;

	if (!main_parse_options(&options, argc, argv))
		main_print_usage(stderr);
	else if (main_load(&options))
		status = main_compile(arena_alloc(sizeof(struct model)), &options);
	arena_free();
	return status;
}
