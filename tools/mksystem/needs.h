// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a device of a board's own tree needs besides itself: clocks, supplies, GPIOs.
 */
#ifndef BULKHEAD_MKSYSTEM_NEEDS_H
#define BULKHEAD_MKSYSTEM_NEEDS_H

/* The node of `stock` that the device `node` of `tree` refers to and that `tree` has no
 * more, or -1; `property`: by which property. */
int needs_find_missing(const void *tree, const void *stock, int node, const char **property);

#endif
