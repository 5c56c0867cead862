// SPDX-License-Identifier: BSD-2-Clause
/*
 * See tree.h (Devicetree Specification v0.4, chapters 2.3 and 5). The tree is
 * trusted: whoever wrote it started us.
 */
#include "guests/bench/tree.h"

#include <stddef.h>

enum { FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROP = 3, FDT_END = 9 };
enum { HEADER_STRUCT = 2, HEADER_STRINGS = 3 }; /* words of the header */

#define DEPTH_MAX 8u

/* A walk over the tree: the innermost open node, and what has been seen of it. */
struct walk {
	const uint32_t *at;
	uint32_t depth;
	uint32_t address_cells[DEPTH_MAX]; /* of the children, by depth */
	uint32_t size_cells[DEPTH_MAX];
	struct tree_node node;
	bool is_match;
};

struct property {
	const char *name;
	const uint32_t *value;
	uint32_t bytes;
};

static const uint32_t *tree;

void tree_set(const void *start)
{
	tree = start;
}

static uint32_t word(const uint32_t *at)
{
	return __builtin_bswap32(*at);
}

static uint32_t length(const char *text)
{
	uint32_t n = 0;

	while (text[n] != '\0')
		n++;
	return n;
}

static bool equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool list_has(const struct property *property, const char *what)
{
	const char *text = (const char *)property->value;

	for (uint32_t i = 0; i < property->bytes; i += length(text + i) + 1)
		if (equal(text + i, what))
			return true;
	return false;
}

static void take_reg(struct walk *walk, const struct property *property)
{
	uint32_t parent = walk->depth - 2; /* the root is at depth 1 */
	uint32_t address = walk->address_cells[parent];
	uint32_t step = address + walk->size_cells[parent];
	uint32_t cells = property->bytes / 4;

	for (uint32_t i = 0; i < TREE_REGS && step && (i + 1) * step <= cells; i++)
		walk->node.reg[i] = word(property->value + i * step + address - 1);
}

static void take_property(struct walk *walk, const struct property *property, const char *what)
{
	if (equal(property->name, "#address-cells"))
		walk->address_cells[walk->depth - 1] = word(property->value);
	else if (equal(property->name, "#size-cells"))
		walk->size_cells[walk->depth - 1] = word(property->value);
	else if (equal(property->name, "reg") && walk->depth >= 2)
		take_reg(walk, property);
	else if (equal(property->name, "compatible") || equal(property->name, "device_type"))
		walk->is_match |= list_has(property, what);
	else if (equal(property->name, "interrupts"))
		for (uint32_t i = 0; i < TREE_INTERRUPT_CELLS && i < property->bytes / 4; i++)
			walk->node.interrupts[i] = word(property->value + i);
}

/* The next thing in the tree; a property is filled in if it is one. */
static uint32_t step(struct walk *walk, struct property *property)
{
	uint32_t token = word(walk->at++);

	if (token == FDT_BEGIN_NODE) {
		walk->at += length((const char *)walk->at) / 4 + 1;
		walk->depth++;
		walk->address_cells[walk->depth - 1] = 2;
		walk->size_cells[walk->depth - 1] = 1;
	} else if (token == FDT_END_NODE) {
		walk->depth--;
	} else if (token == FDT_PROP) {
		property->bytes = word(walk->at);
		property->name =
			(const char *)tree + word(&tree[HEADER_STRINGS]) + word(walk->at + 1);
		property->value = walk->at + 2;
		walk->at += 2 + (property->bytes + 3) / 4;
	}
	return token;
}

static void start(struct walk *walk)
{
	*walk = (struct walk){ 0 };
	walk->at = tree + word(&tree[HEADER_STRUCT]) / 4;
}

/* Properties come before children, so a node is complete where anything but a
 * property follows. */
bool tree_find(const char *what, struct tree_node *node)
{
	struct walk walk;
	struct property property;

	start(&walk);
	for (;;) {
		uint32_t token = step(&walk, &property);

		if (token == FDT_PROP) {
			take_property(&walk, &property, what);
			continue;
		}
		if (walk.is_match) {
			*node = walk.node;
			return true;
		}
		if (token == FDT_END)
			return false;
		walk.node = (struct tree_node){ 0 };
	}
}

/* "name=" at the start of a word: the number behind it. */
static bool take_number(const char *text, const char *name, uint32_t *number)
{
	uint32_t n = length(name);

	for (uint32_t i = 0; i < n; i++)
		if (text[i] != name[i])
			return false;
	if (text[n] != '=')
		return false;
	*number = 0;
	for (text += n + 1; *text >= '0' && *text <= '9'; text++)
		*number = *number * 10 + (uint32_t)(*text - '0');
	return true;
}

uint32_t tree_argument(const char *name, uint32_t otherwise)
{
	struct walk walk;
	struct property property;
	uint32_t number;

	start(&walk);
	for (uint32_t token = 0; token != FDT_END;) {
		token = step(&walk, &property);
		if (token != FDT_PROP || !equal(property.name, "bootargs"))
			continue;

		const char *text = (const char *)property.value;

		for (uint32_t i = 0; text[i] != '\0'; i++)
			if ((i == 0 || text[i - 1] == ' ') && take_number(text + i, name, &number))
				return number;
	}
	return otherwise;
}
