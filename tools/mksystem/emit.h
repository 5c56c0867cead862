// SPDX-License-Identifier: BSD-2-Clause
/*
 * The output files. Each emit_ function composes one; emit_write_all makes them.
 */
#ifndef BULKHEAD_MKSYSTEM_EMIT_H
#define BULKHEAD_MKSYSTEM_EMIT_H

#include "tools/mksystem/model.h"
#include "tools/mksystem/text.h"

/* False, with a message on stderr, if a file can't be written. */
bool emit_write_all(const struct model *model, const char *folder);

struct text emit_board(const struct model *model);
struct text emit_tables(const struct model *model);
struct text emit_assembly(const struct model *model, const char *folder);
struct text emit_map(const struct model *model);
struct text emit_dependencies(const struct model *model, const char *folder);

/* Where the generated device tree of a VM is written. */
const char *emit_tree_path(const struct vm_model *vm, const char *folder);

#endif
