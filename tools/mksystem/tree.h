// SPDX-License-Identifier: BSD-2-Clause
/*
 * The compiled manifest (a flattened device tree) as nodes and typed values.
 * A value that schema.c refused reads as if it were absent.
 */
#ifndef BULKHEAD_MKSYSTEM_TREE_H
#define BULKHEAD_MKSYSTEM_TREE_H

#include "tools/mksystem/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node {
	int offset;       /* in the tree; negative: there is no such node */
	const char *path; /* "/bulkhead/vm-a"; NULL: nobody looked for it */
	const char *name; /* "vm-a", unit address included */
};

/* Check and keep the tree; false if it isn't one. */
bool tree_load(const void *dtb, size_t length);

struct node tree_root(void);
bool tree_exists(struct node node);
struct node tree_first_child(struct node parent);
struct node tree_next_sibling(struct node node);
/* By name; a name without unit address finds the node with one too. */
struct node tree_find_child(struct node parent, const char *name);
struct node tree_find_phandle(uint32_t phandle);

/* Properties by position, for checking and copying; NULL after the last. */
const char *tree_property(struct node node, unsigned position, const uint8_t **value,
			  size_t *length);

struct place tree_place(struct node node, const char *property);
bool tree_has(struct node node, const char *property);
/* The value, or `otherwise`. */
uint32_t tree_u32(struct node node, const char *property, uint32_t otherwise);
const char *tree_string(struct node node, const char *property, const char *otherwise);
/* The string at `position` of a list, or NULL. */
const char *tree_string_at(struct node node, const char *property, unsigned position);
bool tree_strings_contain(struct node node, const char *property, const char *string);
unsigned tree_cell_count(struct node node, const char *property);
/* The cell at `position`; 0 if there is none. */
uint32_t tree_cell(struct node node, const char *property, unsigned position);

#endif
