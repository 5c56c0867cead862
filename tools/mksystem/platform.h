// SPDX-License-Identifier: BSD-2-Clause
/*
 * The node `platform` of a VM: the board that the guest believes to be on.
 */
#ifndef BULKHEAD_MKSYSTEM_PLATFORM_H
#define BULKHEAD_MKSYSTEM_PLATFORM_H

#include "tools/mksystem/model.h"

/* Read and check it; what was refused stays zero. */
void platform_parse(struct platform *platform, struct node node, const struct board *board);

/* The emulated UART, or NULL. */
const struct vdev *platform_find_console(const struct platform *platform);

/* The position of `vdev` among regions[] of its VM: 0 is the hole, 1 the
 * distributor. */
unsigned platform_region_index(const struct platform *platform, const struct vdev *vdev);

#endif
