// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading of the compiled manifest by libfdt. Called by schema.c, by the parsers
 * (board.c, vm.c, platform.c) and by guest.c, which copies board nodes.
 */
#include "tools/mksystem/tree.h"
#include "tools/mksystem/arena.h"

#include <libfdt.h>
#include <string.h>

static const void *tree;

static const struct node nowhere = { .offset = -1, .path = "", .name = "" };

bool tree_load(const void *dtb, size_t length)
{
	tree = dtb;
	return length >= sizeof(struct fdt_header) && fdt_check_full(dtb, length) == 0;
}

static struct node tree_node(int offset)
{
	char path[1024];

	if (offset < 0 || fdt_get_path(tree, offset, path, sizeof(path)) != 0)
		return nowhere;
	return (struct node){
		.offset = offset,
		.path = arena_printf("%s", path),
		.name = fdt_get_name(tree, offset, NULL),
	};
}

struct node tree_root(void)
{
	return tree_node(0);
}

bool tree_exists(struct node node)
{
	return node.path != NULL && node.offset >= 0;
}

struct node tree_first_child(struct node parent)
{
	return tree_exists(parent) ? tree_node(fdt_first_subnode(tree, parent.offset)) : nowhere;
}

struct node tree_next_sibling(struct node node)
{
	return tree_node(fdt_next_subnode(tree, node.offset));
}

struct node tree_find_child(struct node parent, const char *name)
{
	if (!tree_exists(parent))
		return nowhere;
	return tree_node(fdt_subnode_offset(tree, parent.offset, name));
}

struct node tree_find_phandle(uint32_t phandle)
{
	return tree_node(fdt_node_offset_by_phandle(tree, phandle));
}

const char *tree_property(struct node node, unsigned position, const uint8_t **value,
			  size_t *length)
{
	int offset = tree_exists(node) ? fdt_first_property_offset(tree, node.offset) : -1;

	while (position-- > 0 && offset >= 0)
		offset = fdt_next_property_offset(tree, offset);
	if (offset < 0)
		return NULL;

	const char *name = NULL;
	int bytes = 0;

	*value = fdt_getprop_by_offset(tree, offset, &name, &bytes);
	*length = (size_t)bytes;
	return name;
}

struct place tree_place(struct node node, const char *property)
{
	return (struct place){ .path = node.path, .property = property };
}

static const uint8_t *tree_value(struct node node, const char *property, size_t *length)
{
	int bytes = 0;

	*length = 0;
	if (!tree_exists(node) || report_has(tree_place(node, property)))
		return NULL;

	const uint8_t *value = fdt_getprop(tree, node.offset, property, &bytes);

	if (value != NULL)
		*length = (size_t)bytes;
	return value;
}

bool tree_has(struct node node, const char *property)
{
	size_t length;

	return tree_value(node, property, &length) != NULL;
}

uint32_t tree_u32(struct node node, const char *property, uint32_t otherwise)
{
	return tree_cell_count(node, property) > 0 ? tree_cell(node, property, 0) : otherwise;
}

const char *tree_string(struct node node, const char *property, const char *otherwise)
{
	const char *string = tree_string_at(node, property, 0);

	return string == NULL ? otherwise : string;
}

const char *tree_string_at(struct node node, const char *property, unsigned position)
{
	size_t length;
	const uint8_t *value = tree_value(node, property, &length);

	while (length > 0) {
		size_t bytes = strnlen((const char *)value, length) + 1;

		if (bytes > length)
			return NULL; /* not terminated */
		if (position-- == 0)
			return (const char *)value;
		value += bytes;
		length -= bytes;
	}
	return NULL;
}

bool tree_strings_contain(struct node node, const char *property, const char *string)
{
	const char *element;

	for (unsigned i = 0; (element = tree_string_at(node, property, i)) != NULL; i++) {
		if (strcmp(element, string) == 0)
			return true;
	}
	return false;
}

unsigned tree_cell_count(struct node node, const char *property)
{
	size_t length;

	tree_value(node, property, &length);
	return (unsigned)(length / 4);
}

uint32_t tree_cell(struct node node, const char *property, unsigned position)
{
	size_t length;
	const uint8_t *value = tree_value(node, property, &length);

	if (value == NULL || length < ((size_t)position + 1) * 4)
		return 0;
	value += (size_t)position * 4;
	return (uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 |
	       (uint32_t)value[3];
}
