// SPDX-License-Identifier: BSD-2-Clause
/*
 * See bus.h. Called by stock.c.
 */
#include "tools/mksystem/bus.h"
#include "tools/mksystem/interrupt.h"

#include <libfdt.h>
#include <string.h>

static uint64_t bus_read_cells(const fdt32_t *cells, int count)
{
	uint64_t value = 0;

	for (int i = 0; i < count; i++)
		value = value << 32 | fdt32_to_cpu(cells[i]);
	return value;
}

static const fdt32_t *bus_cells(const void *tree, int node, const char *name, int *count)
{
	const fdt32_t *cells = fdt_getprop(tree, node, name, count);

	*count = cells == NULL ? 0 : *count / 4;
	return cells;
}

/* From a bus' own addresses to its parent's. */
static bool bus_translate(const void *tree, int bus, int parent, uint64_t *address)
{
	int own = fdt_address_cells(tree, bus);
	int others = fdt_address_cells(tree, parent);
	int sizes = fdt_size_cells(tree, bus);
	int count;
	const fdt32_t *ranges = bus_cells(tree, bus, "ranges", &count);

	if (ranges == NULL || own <= 0 || others <= 0 || sizes <= 0)
		return false;
	if (count == 0)
		return true; /* the same on both sides */
	for (; count >= own + others + sizes; count -= own + others + sizes) {
		uint64_t start = bus_read_cells(ranges, own);

		if (*address >= start &&
		    *address - start < bus_read_cells(ranges + own + others, sizes)) {
			*address += bus_read_cells(ranges + own, others) - start;
			return true;
		}
		ranges += own + others + sizes;
	}
	return false;
}

bool bus_find_address(const void *tree, int node, uint64_t *address)
{
	int bus = fdt_parent_offset(tree, node);
	int own = bus < 0 ? -1 : fdt_address_cells(tree, bus);
	int count;
	const fdt32_t *reg = bus_cells(tree, node, "reg", &count);

	if (own <= 0 || fdt_size_cells(tree, bus) <= 0 || count <= own)
		return false;
	*address = bus_read_cells(reg, own);
	while (bus > 0) {
		int parent = fdt_parent_offset(tree, bus);

		if (!bus_translate(tree, bus, parent, address))
			return false;
		bus = parent;
	}
	return true;
}

int bus_find_device(const void *tree, uint64_t address)
{
	uint64_t found;

	for (int node = fdt_next_node(tree, -1, NULL); node >= 0;
	     node = fdt_next_node(tree, node, NULL))
		if (bus_find_address(tree, node, &found) && found == address)
			return node;
	return -1;
}

/* Who makes sense of a node's interrupts: the controller, or a bus with a map. */
static int bus_interrupt_parent(const void *tree, int node)
{
	do {
		int count;
		const fdt32_t *phandle = bus_cells(tree, node, "interrupt-parent", &count);

		node = count == 1 ? fdt_node_offset_by_phandle(tree, fdt32_to_cpu(*phandle))
				  : fdt_parent_offset(tree, node);
	} while (node >= 0 && fdt_getprop(tree, node, "#interrupt-cells", NULL) == NULL);
	return node;
}

static int bus_count(const void *tree, int node, const char *name)
{
	int count;
	const fdt32_t *cells = bus_cells(tree, node, name, &count);

	return count == 1 ? (int)fdt32_to_cpu(*cells) : 0;
}

/* The GIC's cells for an interrupt of one cell, the only ones that buses here have. Their
 * maps' unit addresses are masked out. */
static const fdt32_t *bus_map(const void *tree, int bus, uint32_t interrupt)
{
	int count;
	const fdt32_t *map = bus_cells(tree, bus, "interrupt-map", &count);
	int own = fdt_address_cells(tree, bus) + 1;

	while (count > own) {
		int parent = fdt_node_offset_by_phandle(tree, fdt32_to_cpu(map[own]));
		int others = parent < 0 ? 0 : bus_count(tree, parent, "#address-cells");
		int length = own + 1 + others + INTERRUPT_CELLS;

		if (parent < 0 || count < length)
			return NULL;
		if (fdt32_to_cpu(map[own - 1]) == interrupt)
			return map + own + 1 + others;
		map += length;
		count -= length;
	}
	return NULL;
}

uint32_t bus_find_intid(const void *tree, int node, unsigned position)
{
	int count;
	const fdt32_t *cells = bus_cells(tree, node, "interrupts", &count);
	int parent = bus_interrupt_parent(tree, node);
	int each = parent < 0 ? 0 : bus_count(tree, parent, "#interrupt-cells");

	if (each == 0 || count < ((int)position + 1) * each)
		return 0;
	cells += (int)position * each;
	if (each == 1)
		cells = bus_map(tree, parent, fdt32_to_cpu(cells[0]));
	if (cells == NULL || (each != 1 && each != (int)INTERRUPT_CELLS))
		return 0;
	return fdt32_to_cpu(cells[1]) + (fdt32_to_cpu(cells[0]) == 0 ? 32 : 16);
}
