// SPDX-License-Identifier: BSD-2-Clause
/*
 * The device tree that a guest gets: what its VM has, in the bindings that Linux
 * knows.
 */
#ifndef BULKHEAD_MKSYSTEM_GUEST_H
#define BULKHEAD_MKSYSTEM_GUEST_H

#include "tools/mksystem/model.h"

/* Make vm->tree and vm->tree_bytes; the size doesn't depend on the addresses. */
void guest_build_tree(struct vm_model *vm);

/* Ends mksystem if `error` is libfdt's: only a tree beyond the space set aside for it can
 * make that happen. */
void guest_check(int error);

#endif
