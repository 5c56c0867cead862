// SPDX-License-Identifier: BSD-2-Clause
/*
 * What libfdt lacks: where on the CPU's side of all buses a node's registers are, and
 * which interrupt of the GIC it has (Devicetree Specification 0.3, 2.3.8 and 2.4).
 */
#ifndef BULKHEAD_MKSYSTEM_BUS_H
#define BULKHEAD_MKSYSTEM_BUS_H

#include <stdbool.h>
#include <stdint.h>

/* The CPU's address of a node's first register; false if it has none that the CPU could
 * reach (behind a bus without ranges). */
bool bus_find_address(const void *tree, int node, uint64_t *address);

/* The node whose first register is there, or -1. */
int bus_find_device(const void *tree, uint64_t address);

/* The INTID of a node's interrupt at a position, from 0, through the interrupt maps of its
 * buses; 0 if there is none that could be followed. */
uint32_t bus_find_intid(const void *tree, int node, unsigned position);

#endif
