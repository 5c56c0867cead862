// SPDX-License-Identifier: BSD-2-Clause
/*
 * The node /board: what the hardware has.
 */
#ifndef BULKHEAD_MKSYSTEM_BOARD_H
#define BULKHEAD_MKSYSTEM_BOARD_H

#include "tools/mksystem/model.h"

/* Read and check it; what was refused stays zero. */
void board_parse(struct board *board, struct node node);

/* The device with this node, or NULL. */
const struct board_device *board_find_device(const struct board *board, struct node node);

/* Is this piece of PA entirely RAM? */
bool board_has_ram(const struct board *board, struct range range);

#endif
