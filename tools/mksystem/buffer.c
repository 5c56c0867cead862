// SPDX-License-Identifier: BSD-2-Clause
/*
 * Parses buffer-NAME and places it in RAM, behind the VMs'. Called by manifest.c,
 * main.c and emit_tables.c; stage2.c maps them, guest.c describes them.
 */
#include "tools/mksystem/buffer.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/memory.h"
#include "tools/mksystem/schema.h"

#include <inttypes.h>
#include <string.h>

static const struct property_rule buffer_properties[] = {
	{ .name = "size",
	  .type = PROPERTY_CELLS,
	  .is_required = true,
	  .least = 1,
	  .most = 1,
	  .low = PAGE_BYTES,
	  .high = 16 * MIB },
	{ .name = "cached", .type = PROPERTY_FLAG },
};

static const struct child_rule buffer_children[] = {
	{ .name = "vm-" },
};

static const struct schema buffer_schema = {
	.what = "a buffer",
	.properties = buffer_properties,
	.property_count = ARRAY_SIZE(buffer_properties),
	.children = buffer_children,
	.child_count = ARRAY_SIZE(buffer_children),
};

static const char *const access_words[] = { "ro", "rw", NULL };

static const struct property_rule mapping_properties[] = {
	{ .name = "ipa", .type = PROPERTY_CELLS, .is_required = true, .least = 1, .most = 1 },
	{ .name = "access", .type = PROPERTY_STRING, .is_required = true, .words = access_words },
};

static const struct schema mapping_schema = {
	.what = "a VM's view of a buffer",
	.properties = mapping_properties,
	.property_count = ARRAY_SIZE(mapping_properties),
};

static bool buffer_check_page(struct node node, const char *property)
{
	uint32_t value = tree_u32(node, property, 0);

	if (value % PAGE_BYTES == 0)
		return true;
	report_error(tree_place(node, property), "choose a multiple of 0x1000",
		     "0x%08" PRIx32 " is not a multiple of a page", value);
	return false;
}

static void buffer_parse_mapping(struct model *model, const struct buffer *buffer, struct node node)
{
	const struct vm_model *known =
		model_find_vm(model, node.name + strlen("vm-"), tree_place(node, NULL));
	struct vm_model *vm;

	schema_check(&mapping_schema, node);
	if (known == NULL || !tree_has(node, "ipa") || !buffer_check_page(node, "ipa"))
		return;
	vm = &model->vms[known->index];
	vm->mappings[vm->mapping_count++] = (struct mapping){
		.buffer = buffer,
		.node = node,
		.ipa = tree_u32(node, "ipa", 0),
		.is_writable = strcmp(tree_string(node, "access", "ro"), "rw") == 0,
	};
}

static void buffer_parse(struct model *model, struct node node)
{
	struct buffer *buffer = &model->buffers[model->buffer_count];
	unsigned users = 0;

	schema_check(&buffer_schema, node);
	if (!tree_has(node, "size") || !buffer_check_page(node, "size"))
		return;
	model->buffer_count++;
	*buffer = (struct buffer){ .node = node,
				   .name = node.name + strlen(BUFFER_PREFIX),
				   .bytes = tree_u32(node, "size", 0),
				   .is_cached = tree_has(node, "cached") };
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (schema_matches("vm-", child.name))
			buffer_parse_mapping(model, buffer, child);
		users++;
	}
	if (users < 2)
		report_error(tree_place(node, NULL),
			     "add vm-NAME { ipa = <...>; access = \"ro\"; };",
			     "a buffer is shared by two VMs or more");
}

void buffer_parse_all(struct model *model)
{
	for (struct node child = tree_first_child(model->node); tree_exists(child);
	     child = tree_next_sibling(child)) {
		if (!schema_matches(BUFFER_PREFIX, child.name))
			continue;
		if (model->buffer_count == MAX_BUFFERS) {
			report_error(tree_place(child, NULL), "join some of them",
				     "a system has at most %u buffers", MAX_BUFFERS);
			return;
		}
		buffer_parse(model, child);
	}
}

static void buffer_claim_ipa(struct vm_model *vm)
{
	for (unsigned i = 0; i < vm->mapping_count; i++) {
		const struct mapping *mapping = &vm->mappings[i];
		struct range range = { .start = mapping->ipa, .bytes = mapping->buffer->bytes };

		space_claim(&vm->ipa,
			    (struct claim){ .range = range,
					    .place = tree_place(mapping->node, NULL),
					    .what = "shared buffer" },
			    "give each its own addresses");
		if (range_end(range) > 1ull << 32)
			report_error(tree_place(mapping->node, "ipa"), "choose a lower one",
				     "0x%08" PRIx64 " + 0x%" PRIx64 " bytes reach beyond 4 GiB",
				     range.start, range.bytes);
	}
}

void buffer_place_all(struct model *model)
{
	for (unsigned i = 0; i < model->buffer_count; i++) {
		struct buffer *buffer = &model->buffers[i];

		buffer->pa = memory_allocate_shared(model, buffer->node, buffer->bytes);
		if (buffer->pa + buffer->bytes > model->used_end)
			model->used_end = buffer->pa + buffer->bytes;
	}
	for (unsigned i = 0; i < model->vm_count; i++)
		buffer_claim_ipa(&model->vms[i]);
}

void buffer_emit_table(struct text *text, const struct model *model)
{
	if (model->buffer_count == 0)
		return;
	text_printf(text, "\nconst struct shared_buffer config_buffers[] = {\n");
	for (unsigned i = 0; i < model->buffer_count; i++)
		text_printf(text,
			    "\t{ .pa = { .raw = 0x%08" PRIx64 " }, .bytes = 0x%08" PRIx64
			    " }, /* %s */\n",
			    model->buffers[i].pa, model->buffers[i].bytes, model->buffers[i].name);
	text_printf(text, "};\nconst uint32_t config_buffer_count = %u;\n", model->buffer_count);
}
