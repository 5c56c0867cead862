// SPDX-License-Identifier: BSD-2-Clause
/*
 * A device tree that the manifest names, made that of a VM: what the VM has not is
 * taken out, what only a VM has is put in.
 */
#ifndef BULKHEAD_MKSYSTEM_STOCK_H
#define BULKHEAD_MKSYSTEM_STOCK_H

#include "tools/mksystem/model.h"

/* Make vm->tree and vm->tree_bytes of vm->stock; the size doesn't depend on addresses.
 * What contradicts the manifest is reported. */
void stock_build_tree(struct vm_model *vm);

#endif
