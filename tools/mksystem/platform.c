// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses what a guest sees: interrupt controller, timer, emulated devices. A new
 * emulated device is a row in vdev_kinds. Called by vm.c for each VM.
 */
#include "tools/mksystem/platform.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/schema.h"
#include "tools/mksystem/text.h"

#include <string.h>

#define GICD_BYTES 0x1000u
#define GICC_BYTES 0x2000u

static const char *const uart_clocks[] = { "uartclk", "apb_pclk", NULL };
static const char *const apb_clocks[] = { "apb_pclk", NULL };
static const char *const display_clocks[] = { "clcdclk", "apb_pclk", NULL };
static const char *const timer_clocks[] = { "timclken1", "timclken2", "apb_pclk", NULL };

static const struct vdev_kind vdev_kinds[] = {
	{ .compatible = "arm,pl011",
	  .type = "vpl011",
	  .object = "uart",
	  .clocks = uart_clocks,
	  .member = "console",
	  .has_words = true,
	  .is_polled = true,
	  .is_console = true },
	{ .compatible = "arm,pl031",
	  .type = "vpl031",
	  .object = "rtc",
	  .clocks = apb_clocks,
	  .member = "rtc",
	  .is_polled = true,
	  .shared = SHARED_CLOCK },
	{ .compatible = "arm,pl111",
	  .type = "vpl111",
	  .object = "lcd",
	  .clocks = display_clocks,
	  .member = "lcd",
	  .shared = SHARED_DISPLAY },
	{ .compatible = "bulkhead,ivc",
	  .type = "ivc",
	  .object = "ivc",
	  .member = "ivc",
	  .is_polled = true,
	  .is_ivc = true },
	{ .compatible = "arm,sp804",
	  .type = "vsp804",
	  .object = "timer",
	  .clocks = timer_clocks,
	  .is_polled = true,
	  .has_clock = true },
	{ .compatible = "arm,sp810",
	  .type = "vsp810",
	  .object = "sysctl",
	  .is_silent = true,
	  .is_constant = true },
	{ .compatible = "arm,vexpress-sysreg",
	  .type = "vsysreg",
	  .object = "sysreg",
	  .is_silent = true },
};

static const struct property_rule platform_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "model", .type = PROPERTY_STRING },
};

static const struct child_rule platform_children[] = {
	{ .name = "interrupt-controller@", .is_required = true },
	{ .name = "timer" },
	{ .name = "@" },
};

static const struct schema platform_schema = {
	.what = "a platform",
	.properties = platform_properties,
	.property_count = ARRAY_SIZE(platform_properties),
	.children = platform_children,
	.child_count = ARRAY_SIZE(platform_children),
};

static const struct property_rule gic_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "reg",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 4,
	  .most = 4,
	  .group = 2 },
	{ .name = "spis", .type = PROPERTY_NUMBER, .is_required = true, .low = 0, .high = 960 },
};

static const struct schema gic_schema = {
	.what = "a guest's interrupt controller",
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
	{ .name = "always-on", .type = PROPERTY_FLAG },
};

static const struct schema timer_schema = {
	.what = "a guest's timer",
	.properties = timer_properties,
	.property_count = ARRAY_SIZE(timer_properties),
};

static const struct property_rule vdev_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "reg", .type = PROPERTY_CELLS, .is_required = true, .least = 2, .most = 2 },
	{ .name = "interrupts",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = INTERRUPT_CELLS,
	  .most = INTERRUPT_CELLS },
	{ .name = "clock-hz", .type = PROPERTY_NUMBER, .low = 1, .high = 1000000000 },
};

static const struct schema vdev_schema = {
	.what = "an emulated device",
	.properties = vdev_properties,
	.property_count = ARRAY_SIZE(vdev_properties),
};

static const struct property_rule silent_properties[] = {
	{ .name = "compatible", .type = PROPERTY_STRINGS, .is_required = true },
	{ .name = "reg", .type = PROPERTY_CELLS, .is_required = true, .least = 2, .most = 2 },
};

static const struct schema silent_schema = {
	.what = "an emulated device without interrupt",
	.properties = silent_properties,
	.property_count = ARRAY_SIZE(silent_properties),
};

/* Emulated registers: the whole region traps, so its size is the device's. */
static struct range platform_parse_region(struct node node, unsigned position, uint32_t bytes)
{
	if (tree_cell_count(node, "reg") < 2 * position + 2)
		return (struct range){ 0 };

	struct range range = { .start = tree_cell(node, "reg", 2 * position),
			       .bytes = tree_cell(node, "reg", 2 * position + 1) };

	if (range.start % PAGE_BYTES != 0)
		report_error(tree_place(node, "reg"), "choose a multiple of 0x1000",
			     "0x%08x is not the start of a page", (unsigned)range.start);
	if (range.bytes != bytes)
		report_error(tree_place(node, "reg"), arena_printf("write 0x%x", bytes),
			     "0x%x bytes is not the size of these registers",
			     (unsigned)range.bytes);
	range.bytes = bytes;
	return range;
}

static void platform_parse_gic(struct platform *platform, struct node node)
{
	platform->gic_node = node;
	schema_check(&gic_schema, node);
	platform->gicd = platform_parse_region(node, 0, GICD_BYTES);
	platform->gicc = platform_parse_region(node, 1, GICC_BYTES);

	uint32_t spis = tree_u32(node, "spis", 960);

	if (spis % 32 != 0)
		report_error(tree_place(node, "spis"), "a distributor has them by 32: round up",
			     "%u is not a multiple of 32", spis);
	platform->irq_count = FIRST_SPI + (uint32_t)range_align_down(spis, 32);
}

/* The guest's timer is the core's own: its interrupts can't be moved. */
static void platform_parse_timer(struct platform *platform, struct node node,
				 const struct board *board)
{
	platform->timer_node = node;
	schema_check(&timer_schema, node);

	uint32_t intid = interrupt_parse(node, TIMER_VIRTUAL, FIRST_SPI);

	if (intid != 0 && board->intid_timer[TIMER_VIRTUAL] != 0 &&
	    intid != board->intid_timer[TIMER_VIRTUAL])
		report_conflict(tree_place(node, "interrupts"),
				tree_place(tree_find_child(board->node, "timer"), "interrupts"),
				"write the same interrupt as the board",
				"the virtual timer's interrupt %u is not the board's %u", intid,
				board->intid_timer[TIMER_VIRTUAL]);
}

static const struct vdev_kind *platform_find_kind(struct node node)
{
	for (size_t i = 0; i < ARRAY_SIZE(vdev_kinds); i++) {
		if (tree_strings_contain(node, "compatible", vdev_kinds[i].compatible))
			return &vdev_kinds[i];
	}
	return NULL;
}

static void platform_report_kind(struct node node)
{
	struct text known = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(vdev_kinds); i++)
		text_printf(&known, "%s%s", i == 0 ? "" : ", ", vdev_kinds[i].compatible);
	report_error(tree_place(node, "compatible"),
		     arena_printf("emulated are: %s; pass another through by devices = <&label>",
				  known.bytes),
		     "nothing emulates \"%s\"", tree_string(node, "compatible", ""));
}

/* Two objects of one kind would have one name: so far one a VM is enough. */
static bool platform_is_second(const struct platform *platform, struct node node,
			       const struct vdev_kind *kind)
{
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];

		if (vdev->kind != kind)
			continue;
		report_conflict(tree_place(node, NULL), tree_place(vdev->node, NULL),
				"remove one of them", "a VM has at most one %s", kind->compatible);
		return true;
	}
	return false;
}

static void platform_parse_vdev(struct platform *platform, struct node node)
{
	const struct vdev_kind *kind = platform_find_kind(node);

	schema_check(kind != NULL && kind->is_silent ? &silent_schema : &vdev_schema, node);
	if (kind == NULL && tree_has(node, "compatible"))
		platform_report_kind(node);
	if (kind == NULL || platform_is_second(platform, node, kind))
		return;

	struct vdev *vdev = &platform->vdevs[platform->vdev_count++];

	vdev->node = node;
	vdev->kind = kind;
	vdev->range = platform_parse_region(node, 0, PAGE_BYTES);
	vdev->intid = kind->is_silent ? 0 : interrupt_parse_spi(node, 0, platform->irq_count);
	vdev->clock_hz = tree_u32(node, "clock-hz", 0);
	if (kind->is_console)
		platform->clock_hz = tree_u32(node, "clock-hz", platform->clock_hz);
}

void platform_parse(struct platform *platform, struct node node, struct node ivc,
		    const struct board *board)
{
	struct node gic = tree_find_child(node, "interrupt-controller");

	platform->node = node;
	platform->clock_hz = 24000000;
	schema_check(&platform_schema, node);
	if (tree_exists(gic))
		platform_parse_gic(platform, gic);
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (strcmp(child.name, "timer") == 0)
			platform_parse_timer(platform, child, board);
		if (strchr(child.name, '@') != NULL && child.offset != gic.offset &&
		    platform->vdev_count < MAX_VM_DEVICES)
			platform_parse_vdev(platform, child);
	}
	if (tree_exists(ivc) && platform->vdev_count < MAX_VM_DEVICES)
		platform_parse_vdev(platform, ivc);
}

const struct vdev *platform_find_console(const struct platform *platform)
{
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		if (platform->vdevs[i].kind->is_console)
			return &platform->vdevs[i];
	}
	return NULL;
}

unsigned platform_region_index(const struct platform *platform, const struct vdev *vdev)
{
	return (unsigned)(vdev - platform->vdevs) + REGION_VDEVS;
}

struct range platform_dir_page(const struct platform *platform)
{
	return (struct range){ .start = platform->gicc.start + PAGE_BYTES, .bytes = PAGE_BYTES };
}
