// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses channel-NAME and makes the tables of ivc/ivc.h. Called by manifest.c once the
 * VMs are known, then by emit_tables.c and guest.c.
 */
#include "tools/mksystem/channel.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/console.h"
#include "tools/mksystem/interrupt.h"
#include "tools/mksystem/schema.h"

#include <inttypes.h>
#include <string.h>

#define TRIGGER_EDGE 1u

static const struct property_rule channel_properties[] = {
	{ .name = "vms", .type = PROPERTY_STRINGS, .is_required = true },
};

static const struct schema channel_schema = {
	.what = "a channel",
	.properties = channel_properties,
	.property_count = ARRAY_SIZE(channel_properties),
};

const struct vdev *channel_find_device(const struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->platform.vdev_count; i++) {
		if (vm->platform.vdevs[i].kind->is_ivc)
			return &vm->platform.vdevs[i];
	}
	return NULL;
}

/* The VM named at `position`, or NULL if it can't be on a channel. */
static const struct vm_model *channel_parse_vm(const struct model *model, struct node node,
					       unsigned position)
{
	struct place place = tree_place(node, "vms");
	const char *name = tree_string_at(node, "vms", position);
	const struct vm_model *vm = model_find_vm(model, name, place);

	if (vm != NULL && channel_find_device(vm) == NULL) {
		report_conflict(place, tree_place(vm->node, NULL),
				"add /include/ \"platforms/ivc.dtsi\" to it",
				"%s is on a channel, and has no \"bulkhead,ivc\"", name);
		return NULL;
	}
	return vm;
}

/* Adds a channel's members to each other's masks of peers. */
static void channel_parse(const struct model *model, struct node node, unsigned *peers)
{
	unsigned members = 0, count = 0;

	schema_check(&channel_schema, node);
	if (!tree_has(node, "vms"))
		return;
	for (; tree_string_at(node, "vms", count) != NULL; count++) {
		const struct vm_model *vm = channel_parse_vm(model, node, count);

		if (vm != NULL && (members & 1u << vm->index) != 0)
			report_error(tree_place(node, "vms"), "name it once", "%s is named twice",
				     vm->name);
		if (vm != NULL)
			members |= 1u << vm->index;
	}
	if (count < 2)
		report_error(tree_place(node, "vms"), "write vms = \"a\", \"b\"",
			     "a channel connects two VMs or more");
	for (unsigned i = 0; i < model->vm_count; i++) {
		if ((members & 1u << i) != 0)
			peers[i] |= members & ~(1u << i);
	}
}

/* The device signals events, not a state: its interrupt is an edge. */
static void channel_check_trigger(const struct vm_model *vm)
{
	const struct vdev *vdev = channel_find_device(vm);

	if (vdev != NULL && vdev->intid != 0 &&
	    (tree_cell(vdev->node, "interrupts", 2) & 0xf) != TRIGGER_EDGE)
		report_error(tree_place(vdev->node, "interrupts"),
			     arena_printf("write <0 %" PRIu32 " 1>", vdev->intid - FIRST_SPI),
			     "this device's interrupt is an edge");
}

void channel_parse_all(struct model *model)
{
	unsigned peers[MAX_VMS] = { 0 };

	for (struct node child = tree_first_child(model->node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (schema_matches(CHANNEL_PREFIX, child.name))
			channel_parse(model, child, peers);
	}
	console_add_peers(model, peers);
	for (unsigned i = 0; i < model->vm_count; i++) {
		struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < model->vm_count; j++) {
			if ((peers[i] & 1u << j) != 0)
				vm->peers[vm->peer_count++] = &model->vms[j];
		}
		channel_check_trigger(vm);
	}
}

unsigned channel_number(const struct vm_model *vm, const struct vm_model *peer)
{
	unsigned number = 0;

	while (vm->peers[number] != peer)
		number++;
	return number;
}

bool channel_is_near(const struct vm_model *a, const struct vm_model *b)
{
	return a->vcpu_count == 1 && b->vcpu_count == 1 && a->cores[0] == b->cores[0];
}

/* What the objects of a peer's end begin with: its guest's, or the hypervisor's for it. */
static const char *channel_end(const struct vm_model *vm, const struct vm_model *peer)
{
	return arena_printf("vm%u%s", peer->index, console_is_end(vm, peer) ? "_console" : "");
}

void channel_emit_tables(struct text *text, const struct vm_model *vm)
{
	if (vm->peer_count == 0)
		return;
	for (unsigned i = 0; i < vm->peer_count; i++) {
		const char *end = channel_end(vm, vm->peers[i]);

		text_printf(
			text, "static struct ivc %s_ivc;\nstatic struct ivc_slot %s_slots[%u];\n",
			end, end, console_is_end(vm, vm->peers[i]) ? 1 : vm->peers[i]->peer_count);
	}
	text_printf(text, "static struct ivc_slot vm%u_slots[%u];\n", vm->index, vm->peer_count);
	text_printf(text, "static const struct ivc_peer vm%u_peers[] = {\n", vm->index);
	for (unsigned i = 0; i < vm->peer_count; i++) {
		const struct vm_model *peer = vm->peers[i];
		const char *end = channel_end(vm, peer);
		bool is_end = console_is_end(vm, peer);
		unsigned number = is_end ? 0 : channel_number(peer, vm);

		text_printf(text,
			    "\t[%u] = { .ivc = &%s_ivc, .slot = &%s_slots[%u], .bit = 0x%x, "
			    ".is_near = %u }, /* %s */\n",
			    i, end, end, number, 1u << number, !is_end && channel_is_near(vm, peer),
			    peer->node.name);
	}
	text_printf(text, "};\n");
}

const char *channel_members(const struct vm_model *vm, const struct vdev *vdev)
{
	if (!vdev->kind->is_ivc || vm->peer_count == 0)
		return "";
	return arena_printf(", .peers = vm%u_peers, .slots = vm%u_slots, .peer_count = %u",
			    vm->index, vm->index, vm->peer_count);
}

struct text channel_peer_names(const struct vm_model *vm)
{
	struct text names = { 0 };

	for (unsigned i = 0; i < vm->peer_count; i++)
		text_printf(&names, "%s%c", vm->peers[i] == vm ? "bulkhead" : vm->peers[i]->name,
			    '\0');
	return names;
}
