// SPDX-License-Identifier: BSD-2-Clause
/*
 * What bare-metal guests want from their device tree: the arguments in /chosen/bootargs,
 * so that one binary can play several parts; and a property here or there.
 */
#ifndef GUESTS_LIB_DEVICETREE_H
#define GUESTS_LIB_DEVICETREE_H

#include <stdbool.h>
#include <stdint.h>

/* Tells where the tree lies (NULL: nowhere); called before main(). */
void devicetree_set(const void *tree);

/* QEMU starts an ELF kernel without telling it of the tree, which lies at the start of
 * RAM (its manual, "virt"). Returns whether none was told, and takes that one then: for
 * guests that play parts natively, too. Others get no arguments there. */
bool devicetree_find_native(void);

/* A property of the first node of this name (without its "@address") below the root: its
 * value as it is, cells big-endian, and its length if `bytes` is not NULL. NULL: there
 * is no such thing. */
const void *devicetree_property(const char *node, const char *name, uint32_t *bytes);

/* A cell of such a value. */
uint32_t devicetree_cell(const void *value, uint32_t index);

/* /chosen/bootargs, or "" if there is no tree or no such property. */
const char *devicetree_bootargs(void);

/* The number after "name=" in the boot arguments (decimal, or hex with 0x), or
 * the default if it isn't there. */
uint32_t devicetree_argument(const char *name, uint32_t otherwise);

#endif
