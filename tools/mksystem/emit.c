// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes the outputs of a run, all composed before the first is written, and the
 * two short ones for make. Called by main.c when the manifest has no error.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool emit_write(const char *path, const void *bytes, size_t length)
{
	if (file_write_if_changed(path, bytes, length))
		return true;
	fprintf(stderr, "mksystem: can't write %s: %s\n", path, strerror(errno));
	return false;
}

static bool emit_write_text(const char *folder, const char *name, struct text text)
{
	return emit_write(arena_printf("%s/%s", folder, name), text.bytes, text.length);
}

const char *emit_tree_path(const struct vm_model *vm, const char *folder)
{
	return arena_printf("%s/vm-%s.dtb", folder, vm->name);
}

/* Images may share a file, and a file may hold several: it is named once. */
static bool emit_is_first_use(const struct model *model, const struct image *image)
{
	for (unsigned i = 0; i <= image->vm; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->image_count && &vm->images[j] != image; j++) {
			const char *path = vm->images[j].path;

			if (path != NULL && strcmp(path, image->path) == 0)
				return false;
		}
	}
	return true;
}

struct text emit_dependencies(const struct model *model, const char *folder)
{
	struct text text = { 0 }, phony = { 0 };

	text_printf(&text, "%s/system.c:", folder);
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		if (vm->stock != NULL) {
			text_printf(&text, " \\\n  %s", vm->stock_path);
			text_printf(&phony, "%s:\n", vm->stock_path);
		}
		for (unsigned j = 0; j < vm->image_count; j++) {
			const char *path = vm->images[j].path;

			if (path == NULL || !emit_is_first_use(model, &vm->images[j]))
				continue;
			text_printf(&text, " \\\n  %s", path);
			text_printf(&phony, "%s:\n", path);
		}
	}
	text_printf(&text, "\n%s", phony.length > 0 ? phony.bytes : "");
	return text;
}

bool emit_write_all(const struct model *model, const char *folder)
{
	const char *generated = arena_printf("%s/generated", folder);
	struct text board = emit_board(model);
	struct text tables = emit_tables(model);
	struct text assembly = emit_assembly(model, folder);
	struct text map = emit_map(model);
	struct text dependencies = emit_dependencies(model, folder);
	struct text make = { 0 };

	text_printf(&make, "BOARD := %s\nCONSOLE_SOURCE := kernel/%s.c\n", model->board.name,
		    model->console_server == NULL ? "console" : "console_client");
	if (!file_make_folder(generated)) {
		fprintf(stderr, "mksystem: can't make %s: %s\n", generated, strerror(errno));
		return false;
	}
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		if (!emit_write(emit_tree_path(vm, folder), vm->tree, vm->tree_bytes))
			return false;
	}
	return emit_write_text(generated, "board.h", board) &&
	       emit_write_text(folder, "system.S", assembly) &&
	       emit_write_text(folder, "map.txt", map) &&
	       emit_write_text(folder, "system.d", dependencies) &&
	       emit_write_text(folder, "system.c", tables) &&
	       emit_write_text(folder, "system.mk", make);
}
