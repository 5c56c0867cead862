// SPDX-License-Identifier: BSD-2-Clause
/*
 * A node vm-NAME of /bulkhead.
 */
#ifndef BULKHEAD_MKSYSTEM_VM_H
#define BULKHEAD_MKSYSTEM_VM_H

#include "tools/mksystem/model.h"

/* Read and check vm->node; what was refused stays zero. */
void vm_parse(struct vm_model *vm, const struct board *board);

#endif
