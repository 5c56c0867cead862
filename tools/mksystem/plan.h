// SPDX-License-Identifier: BSD-2-Clause
/*
 * Time plans: who may have a core at which time of a cyclic frame.
 */
#ifndef BULKHEAD_MKSYSTEM_PLAN_H
#define BULKHEAD_MKSYSTEM_PLAN_H

#include "tools/mksystem/model.h"

/* Read and check a node `plan-*`, once all VMs are known. */
void plan_parse(struct model *model, struct node node);

/* The plan of a board core, or NULL. */
const struct plan *plan_find(const struct model *model, unsigned board_core);

#endif
