// SPDX-License-Identifier: BSD-2-Clause
/*
 * See needs.h. References are phandles in lists, each followed by as many cells as the
 * node it names says. Called by stock.c when it has stripped a tree.
 */
#include "tools/mksystem/needs.h"

#include "kernel/types.h"

#include <libfdt.h>
#include <string.h>

/* By the end of a property's name; cells: the property of whom it names. */
static const struct reference {
	const char *suffix;
	const char *cells; /* NULL: none follow */
} references[] = {
	{ "clocks", "#clock-cells" },
	{ "-gpios", "#gpio-cells" },
	{ "-supply", NULL },
	{ "memory-region", NULL },
};

static const struct reference *needs_find_reference(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(references); i++) {
		size_t length = strlen(references[i].suffix);

		if (strlen(name) >= length &&
		    strcmp(name + strlen(name) - length, references[i].suffix) == 0)
			return &references[i];
	}
	return NULL;
}

static int needs_count_cells(const void *stock, int node, const char *cells)
{
	int bytes = 0;
	const fdt32_t *value = cells == NULL ? NULL : fdt_getprop(stock, node, cells, &bytes);

	return bytes == sizeof(*value) ? (int)fdt32_to_cpu(*value) : 0;
}

/* In one list; what not even `stock` has ends it. */
static int needs_find_in(const void *tree, const void *stock, const struct reference *reference,
			 const fdt32_t *list, int count)
{
	while (count > 0) {
		uint32_t phandle = fdt32_to_cpu(*list);
		int named = fdt_node_offset_by_phandle(stock, phandle);
		int length;

		if (named < 0)
			return -1;
		if (fdt_node_offset_by_phandle(tree, phandle) < 0)
			return named;
		length = 1 + needs_count_cells(stock, named, reference->cells);
		list += length;
		count -= length;
	}
	return -1;
}

int needs_find_missing(const void *tree, const void *stock, int node, const char **property)
{
	int at;

	fdt_for_each_property_offset(at, tree, node)
	{
		int bytes;
		const fdt32_t *list = fdt_getprop_by_offset(tree, at, property, &bytes);
		const struct reference *reference = needs_find_reference(*property);
		int missing = reference == NULL
				      ? -1
				      : needs_find_in(tree, stock, reference, list, bytes / 4);

		if (missing >= 0)
			return missing;
	}
	return -1;
}
