// SPDX-License-Identifier: BSD-2-Clause
/*
 * The node `platform` of a VM: the board that the guest believes to be on.
 */
#ifndef BULKHEAD_MKSYSTEM_PLATFORM_H
#define BULKHEAD_MKSYSTEM_PLATFORM_H

#include "tools/mksystem/model.h"

/* Read and check it, and the device `ivc` beside it, if there is one; what was refused
 * stays zero. */
void platform_parse(struct platform *platform, struct node node, struct node ivc,
		    const struct board *board);

/* The emulated UART, or NULL. */
const struct vdev *platform_find_console(const struct platform *platform);

/* The start of a VM's regions[]: what is emulated for each. */
enum { REGION_HOLE, REGION_GICD, REGION_GICC_DIR, REGION_VDEVS };

/* The second page of the guest's GICC. The first is the board's GICV, this one is
 * emulated: the hardware's GICV_DIR finds only interrupts in list registers. */
struct range platform_dir_page(const struct platform *platform);

/* The position of `vdev` among regions[] of its VM. */
unsigned platform_region_index(const struct platform *platform, const struct vdev *vdev);

#endif
