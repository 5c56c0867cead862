// SPDX-License-Identifier: BSD-2-Clause
/*
 * The node /bulkhead.
 */
#ifndef BULKHEAD_MKSYSTEM_MANIFEST_H
#define BULKHEAD_MKSYSTEM_MANIFEST_H

#include "tools/mksystem/model.h"

/* Read and check it, after /board; what was refused stays zero. */
void manifest_parse(struct model *model, struct node node);

#endif
