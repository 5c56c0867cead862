// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a node of the manifest may contain: a table row per property and per kind
 * of child. config/README.md describes the same in words.
 */
#ifndef BULKHEAD_MKSYSTEM_SCHEMA_H
#define BULKHEAD_MKSYSTEM_SCHEMA_H

#include "tools/mksystem/tree.h"

enum property_type {
	PROPERTY_NUMBER,  /* <1> */
	PROPERTY_CELLS,   /* <1 2 3> */
	PROPERTY_STRING,  /* "one" */
	PROPERTY_STRINGS, /* "one", "or more" */
	PROPERTY_FLAG,    /* present or not */
};

struct property_rule {
	const char *name;
	enum property_type type;
	bool is_required;
	/* Cells: how many, in groups of `group`. */
	uint8_t least;
	uint8_t most;
	uint8_t group; /* 0: any number from least to most */
	/* Number, cells: each between low and high. */
	uint32_t low;
	uint32_t high; /* 0: no limit */
	/* String: the words it may be, a NULL at the end; NULL: anything. */
	const char *const *words;
};

struct child_rule {
	const char *name; /* if it ends in '-' or '@': the start of a name; "@": any with one */
	bool is_required;
};

struct schema {
	const char *what; /* "a VM" */
	const struct property_rule *properties;
	size_t property_count;
	const struct child_rule *children;
	size_t child_count;
};

/* Report whatever in `node` is unknown, missing, or of the wrong type or range. */
void schema_check(const struct schema *schema, struct node node);

/* Is `name` one that `rule` describes? */
bool schema_matches(const char *rule, const char *name);

#endif
