// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the bench guest asks of its device tree: where a device is, which interrupt
 * it has, and a number from its arguments. No libfdt: it must run anywhere.
 */
#ifndef GUESTS_BENCH_TREE_H
#define GUESTS_BENCH_TREE_H

#include <stdbool.h>
#include <stdint.h>

#define TREE_REGS            2u
#define TREE_INTERRUPT_CELLS 12u

struct tree_node {
	uint32_t reg[TREE_REGS]; /* the low words of the first addresses */
	uint32_t interrupts[TREE_INTERRUPT_CELLS];
};

/* Where the tree is; before all else. */
void tree_set(const void *tree);

/* The first node with this among its `compatible`, or this device_type. */
bool tree_find(const char *what, struct tree_node *node);

/* NAME=number in /chosen/bootargs. */
uint32_t tree_argument(const char *name, uint32_t otherwise);

#endif
