// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses /bulkhead/console and makes the tables of kernel/console_client.h. Called by
 * manifest.c, channel.c, main.c and emit_tables.c; stage2.c maps the pages.
 */
#include "tools/mksystem/console.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/channel.h"
#include "tools/mksystem/platform.h"
#include "tools/mksystem/schema.h"

#include <inttypes.h>
#include <string.h>

static const struct property_rule console_properties[] = {
	{ .name = "server", .type = PROPERTY_STRING, .is_required = true },
	{ .name = "ipa", .type = PROPERTY_CELLS, .is_required = true, .least = 1, .most = 1 },
};

static const struct child_rule console_children[] = {
	{ .name = "vm-" },
};

static const struct schema console_schema = {
	.what = "the console",
	.properties = console_properties,
	.property_count = ARRAY_SIZE(console_properties),
	.children = console_children,
	.child_count = ARRAY_SIZE(console_children),
};

static const struct property_rule client_properties[] = {
	{ .name = "ipa", .type = PROPERTY_CELLS, .is_required = true, .least = 1, .most = 1 },
};

static const struct schema client_schema = {
	.what = "a client of the console",
	.properties = client_properties,
	.property_count = ARRAY_SIZE(client_properties),
};

/* At one of its pages: where `node` says. */
static struct range console_parse_ipa(struct node node)
{
	struct range range = { .start = tree_u32(node, "ipa", 0), .bytes = PAGE_BYTES };

	if (range.start % PAGE_BYTES != 0)
		report_error(tree_place(node, "ipa"), "choose a multiple of 0x1000",
			     "0x%08" PRIx64 " is not a multiple of a page", range.start);
	return range;
}

static void console_check_device(const struct vm_model *vm, struct place place)
{
	if (channel_find_device(vm) == NULL)
		report_conflict(place, tree_place(vm->node, NULL),
				"add /include/ \"platforms/ivc.dtsi\" to it",
				"%s rings a doorbell, and has no \"bulkhead,ivc\"", vm->name);
}

/* Who takes the UART back, polling, must have it to itself: the core that switches off. */
static void console_parse_server(struct model *model, struct vm_model *vm, struct node node)
{
	struct place place = tree_place(node, "server");

	if (vm->vcpu_count != 1 || vm->cores[0] != 0)
		report_conflict(place, tree_place(vm->node, "cpus"), "write cpus = <0>",
				"the console's server has one vCPU, on core 0");
	if (platform_find_console(&vm->platform) != NULL)
		report_conflict(place, tree_place(vm->node, NULL),
				"leave \"arm,pl011\" out of its platform",
				"%s gets the board's UART, and has an emulated one", vm->name);
	console_check_device(vm, place);
	vm->console = console_parse_ipa(node);
	vm->is_console_server = true;
	if (vm->device_count < MAX_VM_DEVICES && model->board.console != NULL)
		vm->devices[vm->device_count++] = model->board.console;
	model->console_server = vm;
}

/* A client that speaks the protocol itself. */
static void console_parse_client(struct model *model, struct node node)
{
	struct place place = tree_place(node, NULL);
	const struct vm_model *known = model_find_vm(model, node.name + strlen("vm-"), place);
	struct vm_model *vm;

	schema_check(&client_schema, node);
	if (known == NULL)
		return;
	vm = &model->vms[known->index];
	if (vm->is_console_server || vm->is_console_client) {
		report_conflict(place, tree_place(vm->node, NULL), "remove this node",
				vm->is_console_server ? "%s is the server"
						      : "%s is a client by its emulated UART",
				vm->name);
		return;
	}
	console_check_device(vm, place);
	vm->console = console_parse_ipa(node);
}

void console_parse(struct model *model)
{
	struct node node = tree_find_child(model->node, CONSOLE_NODE);
	const struct vm_model *server;

	if (!tree_exists(node))
		return;
	schema_check(&console_schema, node);
	server = model_find_vm(model, tree_string(node, "server", ""), tree_place(node, "server"));
	if (server == NULL)
		return;
	console_parse_server(model, &model->vms[server->index], node);
	for (unsigned i = 0; i < model->vm_count; i++)
		model->vms[i].is_console_client =
			&model->vms[i] != server &&
			platform_find_console(&model->vms[i].platform) != NULL;
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (schema_matches("vm-", child.name))
			console_parse_client(model, child);
	}
}

void console_add_peers(const struct model *model, unsigned *peers)
{
	const struct vm_model *server = model->console_server;

	if (server == NULL)
		return;
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		if (vm->is_console_client && (peers[server->index] & 1u << i) != 0)
			report_conflict(tree_place(vm->node, NULL), tree_place(server->node, NULL),
					"take the channel away, or its emulated UART",
					"%s is connected to the server twice", vm->name);
		if (vm->is_console_client || vm->console.bytes > 0)
			peers[server->index] |= 1u << i;
		if (vm->console.bytes > 0 && vm != server)
			peers[i] |= 1u << server->index;
	}
}

void console_count_pages(struct model *model)
{
	for (unsigned i = 0; i < model->vm_count; i++) {
		if (model->vms[i].is_console_server)
			model->vms[i].console.bytes = model->vms[i].peer_count * PAGE_BYTES;
	}
}

void console_claim_ipa(struct model *model)
{
	struct node node = tree_find_child(model->node, CONSOLE_NODE);

	for (unsigned i = 0; i < model->vm_count; i++) {
		struct vm_model *vm = &model->vms[i];

		if (vm->console.bytes > 0)
			space_claim(&vm->ipa,
				    (struct claim){ .range = vm->console,
						    .place = tree_place(node, NULL),
						    .what = "console pages" },
				    "give each its own addresses");
	}
}

bool console_is_end(const struct vm_model *vm, const struct vm_model *peer)
{
	return vm->is_console_server && (peer == vm || peer->is_console_client);
}

unsigned console_page_index(const struct vm_model *vm, unsigned number)
{
	return vm->is_console_server ? vm->peers[number]->index : vm->index;
}

void console_emit_end(struct text *text, const struct model *model, const struct vm_model *vm)
{
	const struct vm_model *server = model->console_server;
	unsigned number;

	if (server == NULL || !console_is_end(server, vm))
		return;
	number = channel_number(server, vm);
	text_printf(text,
		    "static struct ivc vm%u_ivc;\nstatic struct ivc_slot vm%u_slots[%u];\n"
		    "static struct ivc_slot vm%u_console_slots[1] = { { .state = IVC_SLOT_OPEN } "
		    "};\n",
		    server->index, server->index, server->peer_count, vm->index);
	text_printf(text,
		    "static const struct ivc_peer vm%u_console_peers[] = {\n"
		    "\t[0] = { .ivc = &vm%u_ivc, .slot = &vm%u_slots[%u], .bit = 0x%x, "
		    ".is_near = %u },\n};\n",
		    vm->index, server->index, server->index, number, 1u << number,
		    vm != server && channel_is_near(vm, server));
	text_printf(text,
		    "static struct ivc vm%u_console_ivc = { .vm = &vms[%u], .peers = "
		    "vm%u_console_peers, .slots = vm%u_console_slots, .peer_count = 1 };\n",
		    vm->index, vm->index, vm->index, vm->index);
}

void console_emit_tables(struct text *text, const struct model *model)
{
	if (model->console_server == NULL)
		return;
	text_printf(text, "\nstruct console_shared console_pages[%u];\n", model->vm_count);
	text_printf(text, "struct ivc *const console_ends[] = {\n");
	for (unsigned i = 0; i < model->vm_count; i++)
		text_printf(text, "\t[%u] = %s,\n", i,
			    console_is_end(model->console_server, &model->vms[i])
				    ? arena_printf("&vm%u_console_ivc", i)
				    : "NULL");
	text_printf(text, "};\n");
}
