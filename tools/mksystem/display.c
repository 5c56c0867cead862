// SPDX-License-Identifier: BSD-2-Clause
/*
 * See display.h. Linux' driver of the PL111 (amba-clcd) knows no bridge: it wants a
 * "panel-dpi" with its timing at the other end of the port, and no "memory-region", or it
 * looks for the board's own video memory. Called by guest.c and stock.c.
 */
#include "tools/mksystem/display.h"
#include "tools/mksystem/bus.h"
#include "tools/mksystem/guest.h"
#include "tools/mksystem/shared.h"

#include <libfdt.h>

/* VGA, 60 Hz. */
static const struct {
	const char *name;
	uint32_t value;
} panel_timing[] = {
	{ "clock-frequency", 25175000 }, { "hactive", 640 },
	{ "hfront-porch", 16 },          { "hsync-len", 96 },
	{ "hback-porch", 48 },           { "vactive", 480 },
	{ "vfront-porch", 10 },          { "vsync-len", 2 },
	{ "vback-porch", 33 },
};

static int display_add(void *tree, int parent, const char *name)
{
	int node = fdt_add_subnode(tree, parent, name);

	guest_check(node);
	return node;
}

/* An end of the wire; returns its node. */
static int display_add_endpoint(void *tree, int device, uint32_t own, uint32_t other)
{
	int node = display_add(tree, display_add(tree, device, "port"), "endpoint");

	guest_check(fdt_setprop_u32(tree, node, "phandle", own));
	guest_check(fdt_setprop_u32(tree, node, "remote-endpoint", other));
	return node;
}

static void display_add_timing(void *tree, int panel)
{
	int node = display_add(tree, panel, "panel-timing");

	for (size_t i = 0; i < ARRAY_SIZE(panel_timing); i++)
		guest_check(
			fdt_setprop_u32(tree, node, panel_timing[i].name, panel_timing[i].value));
}

static void display_remove_bridge(void *tree, int lcd)
{
	int port;

	fdt_delprop(tree, lcd, "memory-region");
	port = fdt_subnode_offset(tree, lcd, "port");
	if (port >= 0)
		guest_check(fdt_del_node(tree, port));
}

void display_add_panel(const struct vm_model *vm, void *tree)
{
	static const uint32_t pads[] = { 0, 8, 16 }; /* red, green, blue: 8 bits each */
	const struct vdev *vdev = shared_find_user(&vm->platform, SHARED_DISPLAY);
	int lcd = vdev == NULL ? -1 : bus_find_device(tree, vdev->range.start);
	uint32_t phandle;

	if (lcd < 0)
		return; /* it has none; or reported */
	display_remove_bridge(tree, lcd);
	guest_check(fdt_generate_phandle(tree, &phandle));

	int endpoint = display_add_endpoint(tree, lcd, phandle, phandle + 1);

	for (size_t i = 0; i < ARRAY_SIZE(pads); i++)
		guest_check(
			fdt_appendprop_u32(tree, endpoint, "arm,pl11x,tft-r0g0b0-pads", pads[i]));

	int panel = display_add(tree, 0, "panel");

	guest_check(fdt_setprop_string(tree, panel, "compatible", "panel-dpi"));
	display_add_timing(tree, panel);
	display_add_endpoint(tree, panel, phandle + 1, phandle);
}
