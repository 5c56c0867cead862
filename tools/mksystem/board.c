// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses the board description. Called by main.c first: everything else is
 * checked against it.
 */
#include "tools/mksystem/board.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/quiesce.h"
#include "tools/mksystem/schema.h"
#include "tools/mksystem/shared.h"

#include <string.h>

#define COMPATIBLE "bulkhead,board-"

static const struct property_rule board_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "model", .type = PROPERTY_STRING },
	{ .name = "cores",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 1,
	  .most = MAX_BOARD_CORES,
	  .high = 0xffffff },
	{ .name = "counter-hz",
	  .type = PROPERTY_NUMBER,
	  .is_required = true,
	  .low = 1000000,
	  .high = 1000000000 },
	{ .name = "load", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "console", .type = PROPERTY_NUMBER, .is_required = true },
	{ .name = "wall-clock", .type = PROPERTY_NUMBER },
	{ .name = "display", .type = PROPERTY_NUMBER },
	{ .name = "control", .type = PROPERTY_NUMBER },
};

static const struct child_rule board_children[] = {
	{ .name = "memory@", .is_required = true },
	{ .name = "interrupt-controller@", .is_required = true },
	{ .name = "timer", .is_required = true },
	{ .name = "@" }, /* a device may have any name */
};

static const struct schema board_schema = {
	.what = "a board",
	.properties = board_properties,
	.property_count = ARRAY_SIZE(board_properties),
	.children = board_children,
	.child_count = ARRAY_SIZE(board_children),
};

static const struct property_rule memory_properties[] = {
	{ .name = "reg",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 2,
	  .most = 2 * MAX_BOARD_RAM,
	  .group = 2 },
	{ .name = "device_type", .type = PROPERTY_STRING },
};

static const struct schema memory_schema = {
	.what = "a board's memory",
	.properties = memory_properties,
	.property_count = ARRAY_SIZE(memory_properties),
};

static const struct property_rule gic_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "reg",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 8,
	  .most = 8,
	  .group = 2 },
	{ .name = "reg-names", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "interrupts",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = INTERRUPT_CELLS,
	  .most = INTERRUPT_CELLS },
	{ .name = "eoi-is-deaf", .type = PROPERTY_FLAG },
	{ .name = "spis",
	  .type = PROPERTY_NUMBER,
	  .is_required = true,
	  .low = 1,
	  .high = MAX_INTIDS - FIRST_SPI },
};

static const struct schema gic_schema = {
	.what = "a board's interrupt controller",
	.properties = gic_properties,
	.property_count = ARRAY_SIZE(gic_properties),
};

static const struct property_rule timer_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "interrupts",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = TIMER_COUNT * INTERRUPT_CELLS,
	  .most = TIMER_COUNT * INTERRUPT_CELLS },
};

static const struct schema timer_schema = {
	.what = "a board's timer",
	.properties = timer_properties,
	.property_count = ARRAY_SIZE(timer_properties),
};

static const struct property_rule device_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "reg",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 2,
	  .most = 2 * MAX_DEVICE_REGIONS,
	  .group = 2 },
	{ .name = "interrupts",
	  .type = PROPERTY_CELLS,
	  .least = INTERRUPT_CELLS,
	  .most = MAX_DEVICE_IRQS * INTERRUPT_CELLS,
	  .group = INTERRUPT_CELLS },
	{ .name = "clock-hz", .type = PROPERTY_NUMBER, .low = 1, .high = 1000000000 },
	{ .name = "bus-master", .type = PROPERTY_FLAG },
	{ .name = "quiesce",
	  .type = PROPERTY_CELLS,
	  .least = 2,
	  .most = 2 * MAX_DEVICE_WRITES,
	  .group = 2 },
	{ .name = "line-stays-high", .type = PROPERTY_FLAG },
	{ .name = "reserved", .type = PROPERTY_STRING },
	{ .name = "reg-names", .type = PROPERTY_STRINGS },
	{ .name = "interrupt-names", .type = PROPERTY_STRINGS },
	{ .name = "gpio-controller", .type = PROPERTY_FLAG },
	{ .name = "#gpio-cells", .type = PROPERTY_NUMBER },
	{ .name = "interrupt-controller", .type = PROPERTY_FLAG },
	{ .name = "#interrupt-cells", .type = PROPERTY_NUMBER },
	{ .name = "reg-io-width", .type = PROPERTY_NUMBER },
	{ .name = "reg-shift", .type = PROPERTY_NUMBER },
	{ .name = "bank-width", .type = PROPERTY_NUMBER },
	{ .name = "arm,primecell-periphid", .type = PROPERTY_NUMBER },
};

static const struct schema device_schema = {
	.what = "a board's device",
	.properties = device_properties,
	.property_count = ARRAY_SIZE(device_properties),
};

static struct range board_parse_region(struct node node, unsigned position)
{
	if (tree_cell_count(node, "reg") < 2 * position + 2)
		return (struct range){ 0 };

	struct range range = { .start = tree_cell(node, "reg", 2 * position),
			       .bytes = tree_cell(node, "reg", 2 * position + 1) };

	if (range.bytes == 0)
		report_error(tree_place(node, "reg"), "give its size in bytes", "has no size");
	else if (range_end(range) > 1ull << 32)
		report_error(tree_place(node, "reg"), "correct its start or size",
			     "ends beyond 4 GiB");
	return range;
}

static struct range board_parse_pages(struct node node, unsigned position)
{
	struct range range = board_parse_region(node, position);

	if (range.start % PAGE_BYTES != 0 || range.bytes % PAGE_BYTES != 0)
		report_error(tree_place(node, "reg"),
			     "give start and size as multiples of 0x1000, the size of a page",
			     "0x%08llx, 0x%llx bytes: not whole pages",
			     (unsigned long long)range.start, (unsigned long long)range.bytes);
	return range;
}

static void board_parse_memory(struct board *board, struct node node)
{
	schema_check(&memory_schema, node);

	unsigned count = tree_cell_count(node, "reg") / 2;

	for (unsigned i = 0; i < count && board->ram_count < MAX_BOARD_RAM; i++) {
		board->ram_nodes[board->ram_count] = node;
		board->ram[board->ram_count++] = board_parse_pages(node, i);
	}
}

static struct range board_parse_named_region(struct node node, const char *name)
{
	const char *found;

	for (unsigned i = 0; (found = tree_string_at(node, "reg-names", i)) != NULL; i++) {
		if (strcmp(found, name) == 0)
			return board_parse_pages(node, i);
	}
	if (tree_has(node, "reg-names"))
		report_error(tree_place(node, "reg-names"),
			     "name the four: \"gicd\", \"gicc\", \"gich\", \"gicv\"",
			     "\"%s\" is missing", name);
	return (struct range){ 0 };
}

static void board_parse_gic(struct board *board, struct node node)
{
	board->gic_node = node;
	schema_check(&gic_schema, node);
	board->eoi_is_deaf = tree_has(node, "eoi-is-deaf");
	board->irq_count = FIRST_SPI + tree_u32(node, "spis", MAX_INTIDS - FIRST_SPI);
	board->gicd = board_parse_named_region(node, "gicd");
	board->gicc = board_parse_named_region(node, "gicc");
	board->gich = board_parse_named_region(node, "gich");
	board->gicv = board_parse_named_region(node, "gicv");
	board->intid_maintenance = interrupt_parse(node, 0, board->irq_count);
}

static void board_parse_timer(struct board *board, struct node node)
{
	schema_check(&timer_schema, node);
	for (unsigned i = 0; i < TIMER_COUNT; i++)
		board->intid_timer[i] = interrupt_parse(node, i, board->irq_count);
}

static struct node board_find_console(const struct board *board)
{
	return tree_find_phandle(tree_u32(board->node, "console", 0));
}

static void board_parse_device(struct board *board, struct node node)
{
	if (strchr(node.name, '@') == NULL)
		return; /* no device: schema_check named it as unknown */
	if (board->device_count == MAX_BOARD_DEVICES) {
		report_error(tree_place(node, NULL), "remove devices that no VM uses",
			     "a board has at most %u devices", MAX_BOARD_DEVICES);
		return;
	}
	schema_check(&device_schema, node);

	struct board_device *device = &board->devices[board->device_count++];

	device->node = node;
	device->region_count = tree_cell_count(node, "reg") / 2;
	for (unsigned i = 0; i < device->region_count; i++)
		device->regions[i] = board_parse_region(node, i);
	device->irq_count = tree_cell_count(node, "interrupts") / INTERRUPT_CELLS;

	/* The hypervisor's own can have a private interrupt: it is heard on core 0. */
	bool is_own = node.offset == board_find_console(board).offset;

	for (unsigned i = 0; i < device->irq_count; i++)
		device->intids[i] = is_own ? interrupt_parse(node, i, board->irq_count)
					   : interrupt_parse_spi(node, i, board->irq_count);
	device->clock_hz = tree_u32(node, "clock-hz", 24000000);
	device->is_bus_master = tree_has(node, "bus-master");
	device->stays_high = tree_has(node, "line-stays-high");
	quiesce_check(device);
}

static void board_parse_name(struct board *board)
{
	const char *name = NULL, *next;

	for (unsigned i = 0; (next = tree_string_at(board->node, "compatible", i)) != NULL; i++)
		name = next;
	if (name != NULL && strncmp(name, COMPATIBLE, strlen(COMPATIBLE)) == 0)
		board->name = name + strlen(COMPATIBLE);
	else if (name != NULL)
		report_error(tree_place(board->node, "compatible"),
			     "end it with \"" COMPATIBLE "NAME\": arch/boards/NAME.c is linked",
			     "\"%s\" names no board", name);
}

static void board_parse_console(struct board *board)
{
	board->console = board_find_device(board, board_find_console(board));
	if (tree_has(board->node, "console") &&
	    (board->console == NULL || board->console->irq_count != 1))
		report_error(tree_place(board->node, "console"),
			     "write console = <&label> of a UART in /board",
			     "is no device of this board with one interrupt");
}

static void board_parse_shared(struct board *board, enum shared shared)
{
	const struct shared_kind *kind = &shared_kinds[shared];
	struct node node = tree_find_phandle(tree_u32(board->node, kind->property, 0));
	const struct board_device *device = board_find_device(board, node);

	board->shared[shared] = device;
	if (tree_has(board->node, kind->property) &&
	    (device == NULL || device->irq_count != 1 ||
	     !tree_strings_contain(node, "compatible", kind->compatible)))
		report_error(tree_place(board->node, kind->property),
			     arena_printf("write %s = <&label> of an %s in /board", kind->property,
					  kind->compatible),
			     "is no %s of this board with one interrupt", kind->name);
}

static void board_parse_control(struct board *board)
{
	board->control =
		board_find_device(board, tree_find_phandle(tree_u32(board->node, "control", 0)));
	if (tree_has(board->node, "control") && board->control == NULL)
		report_error(tree_place(board->node, "control"),
			     "write control = <&label> of the system registers in /board",
			     "is no device of this board");
}

static void board_parse_load(struct board *board)
{
	board->load = tree_u32(board->node, "load", 0);

	struct range block = { .start = range_align_down(board->load, BLOCK_BYTES),
			       .bytes = BLOCK_BYTES };

	if (tree_has(board->node, "load") && !board_has_ram(board, block))
		report_error(tree_place(board->node, "load"), "choose an address in /board/memory",
			     "the 2 MiB around 0x%08x are not RAM", board->load);
}

/* The children that are no device; everything else with a unit address is one. */
static bool board_parse_known_child(struct board *board, struct node child)
{
	if (schema_matches("memory@", child.name))
		board_parse_memory(board, child);
	else if (strcmp(child.name, "timer") != 0)
		return schema_matches("interrupt-controller@", child.name);
	return true;
}

static void board_parse_cores(struct board *board)
{
	for (unsigned i = 0; i < tree_cell_count(board->node, "cores"); i++) {
		uint32_t mpidr = tree_cell(board->node, "cores", i);

		for (unsigned j = 0; j < i; j++) {
			if (board->mpidr[j] == mpidr)
				report_error(tree_place(board->node, "cores"),
					     "give each core its own MPIDR[23:0]",
					     "cores %u and %u are both 0x%06x", j, i, mpidr);
		}
		board->mpidr[board->core_count++] = mpidr;
	}
}

void board_parse(struct board *board, struct node node)
{
	board->node = node;
	schema_check(&board_schema, node);
	board_parse_cores(board);
	board->counter_hz = tree_u32(node, "counter-hz", 0);
	board_parse_name(board);

	struct node gic = tree_find_child(node, "interrupt-controller");
	struct node timer = tree_find_child(node, "timer");

	if (tree_exists(gic))
		board_parse_gic(board, gic);
	if (tree_exists(timer))
		board_parse_timer(board, timer);
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (!board_parse_known_child(board, child))
			board_parse_device(board, child);
	}
	board_parse_console(board);
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		board_parse_shared(board, i);
	board_parse_control(board);
	board_parse_load(board);
}

const struct board_device *board_find_device(const struct board *board, struct node node)
{
	for (unsigned i = 0; tree_exists(node) && i < board->device_count; i++) {
		if (board->devices[i].node.offset == node.offset)
			return &board->devices[i];
	}
	return NULL;
}

bool board_has_ram(const struct board *board, struct range range)
{
	for (unsigned i = 0; i < board->ram_count; i++) {
		if (range_contains(board->ram[i], range))
			return true;
	}
	return false;
}
