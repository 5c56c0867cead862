// SPDX-License-Identifier: BSD-2-Clause
/*
 * Checks one node against its table: names, types, sizes and ranges. Called by
 * board.c, vm.c and platform.c before they read a node; what fails here reads as
 * absent there, so that one mistake makes one message.
 */
#include "tools/mksystem/schema.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/source.h"
#include "tools/mksystem/suggest.h"

#include <string.h>

/* Not just the start of names? */
static bool schema_is_whole(const char *rule)
{
	char last = rule[strlen(rule) - 1];

	return last != '-' && last != '@';
}

bool schema_matches(const char *rule, const char *name)
{
	if (strcmp(rule, "@") == 0)
		return strchr(name, '@') != NULL;
	if (schema_is_whole(rule))
		return strcmp(rule, name) == 0;
	return strncmp(rule, name, strlen(rule)) == 0;
}

static const char *schema_plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

/* "1 number", "3 numbers", "4 to 8 numbers, in groups of 2" */
static const char *schema_name_size(const struct property_rule *rule)
{
	if (rule->type == PROPERTY_NUMBER)
		return "1 number";
	if (rule->least == rule->most)
		return arena_printf("%u number%s", rule->least, schema_plural(rule->least));
	if (rule->group > 1)
		return arena_printf("%u to %u numbers, in groups of %u", rule->least, rule->most,
				    rule->group);
	return arena_printf("%u to %u numbers", rule->least, rule->most);
}

static bool schema_is_size(const struct property_rule *rule, unsigned count)
{
	if (rule->type == PROPERTY_NUMBER)
		return count == 1;
	return count >= rule->least && count <= rule->most &&
	       (rule->group == 0 || count % rule->group == 0);
}

static void schema_check_cells(const struct property_rule *rule, struct node node, size_t length)
{
	struct place place = tree_place(node, rule->name);

	if (source_form(node.path, rule->name) != '<' || length % 4 != 0) {
		report_error(place, arena_printf("write %s = <...>", rule->name),
			     "is not a list of numbers");
		return;
	}

	unsigned count = (unsigned)(length / 4);

	if (!schema_is_size(rule, count)) {
		report_error(place, arena_printf("give it %s", schema_name_size(rule)),
			     "has %u number%s", count, schema_plural(count));
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		uint32_t cell = tree_cell(node, rule->name, i);

		if (cell < rule->low || (rule->high != 0 && cell > rule->high)) {
			report_error(place,
				     arena_printf("choose from %u to %u", rule->low, rule->high),
				     "%u is out of range", cell);
			return;
		}
	}
}

static void schema_check_words(const struct property_rule *rule, struct node node)
{
	const char *word = tree_string(node, rule->name, "");
	size_t count = 0;

	for (; rule->words[count] != NULL; count++) {
		if (strcmp(word, rule->words[count]) == 0)
			return;
	}
	report_error(tree_place(node, rule->name), suggest_remedy(word, rule->words, count),
		     "can't be \"%s\"", word);
}

/* Are these bytes strings, `wanted` of them (0: any number)? */
static bool schema_is_strings(const uint8_t *value, size_t length, unsigned wanted)
{
	unsigned count = 0;

	if (length == 0 || value[length - 1] != '\0')
		return false;
	for (size_t i = 0; i < length; i++)
		count += value[i] == '\0';
	return wanted == 0 || count == wanted;
}

static void schema_check_string(const struct property_rule *rule, struct node node,
				const uint8_t *value, size_t length)
{
	unsigned wanted = rule->type == PROPERTY_STRING ? 1 : 0;

	if (source_form(node.path, rule->name) != '"' ||
	    !schema_is_strings(value, length, wanted)) {
		report_error(tree_place(node, rule->name),
			     arena_printf("write %s = \"...\"", rule->name), "is not %s",
			     wanted == 1 ? "a string" : "a list of strings");
		return;
	}
	if (rule->words != NULL)
		schema_check_words(rule, node);
}

static void schema_check_value(const struct property_rule *rule, struct node node,
			       const uint8_t *value, size_t length)
{
	switch (rule->type) {
	case PROPERTY_NUMBER:
	case PROPERTY_CELLS:
		schema_check_cells(rule, node, length);
		return;
	case PROPERTY_STRING:
	case PROPERTY_STRINGS:
		schema_check_string(rule, node, value, length);
		return;
	case PROPERTY_FLAG:
		if (length != 0)
			report_error(tree_place(node, rule->name),
				     arena_printf("write just `%s;`", rule->name),
				     "takes no value");
		return;
	}
}

static void schema_report_unknown(const struct schema *schema, struct node node, const char *name)
{
	const char **known = arena_alloc(schema->property_count * sizeof(*known) + 1);

	for (size_t i = 0; i < schema->property_count; i++)
		known[i] = schema->properties[i].name;
	report_error(tree_place(node, name), suggest_remedy(name, known, schema->property_count),
		     "%s has no such property", schema->what);
}

static void schema_check_property(const struct schema *schema, struct node node, const char *name,
				  const uint8_t *value, size_t length)
{
	if (strcmp(name, "phandle") == 0) /* dtc's answer to a <&label> */
		return;
	for (size_t i = 0; i < schema->property_count; i++) {
		if (strcmp(schema->properties[i].name, name) == 0) {
			schema_check_value(&schema->properties[i], node, value, length);
			return;
		}
	}
	schema_report_unknown(schema, node, name);
}

/* A rule for the start of a name is compared with the start of the name. */
static const char *schema_suggest_child(const char *name, const char *const *known, size_t count)
{
	size_t head = strcspn(name, strchr(name, '@') != NULL ? "@" : "-");
	const char *start = arena_printf("%.*s", (int)head + (name[head] != '\0'), name);
	const char *nearest = suggest_nearest(start, known, count);

	if (nearest == NULL || schema_is_whole(nearest))
		return suggest_remedy(name, known, count);
	return arena_printf("did you mean '%s...'?", nearest);
}

static void schema_check_child(const struct schema *schema, struct node child)
{
	const char **known = arena_alloc(schema->child_count * sizeof(*known) + 1);

	for (size_t i = 0; i < schema->child_count; i++) {
		if (schema_matches(schema->children[i].name, child.name))
			return;
		known[i] = schema->children[i].name;
	}
	report_error(tree_place(child, NULL),
		     schema_suggest_child(child.name, known, schema->child_count),
		     "%s has no such node", schema->what);
}

static void schema_check_missing(const struct schema *schema, struct node node)
{
	for (size_t i = 0; i < schema->property_count; i++) {
		const struct property_rule *rule = &schema->properties[i];

		if (rule->is_required && source_form(node.path, rule->name) == '\0')
			report_error(tree_place(node, NULL), arena_printf("add %s", rule->name),
				     "%s needs the property '%s'", schema->what, rule->name);
	}
	for (size_t i = 0; i < schema->child_count; i++) {
		const struct child_rule *rule = &schema->children[i];
		struct node child = tree_first_child(node);

		while (tree_exists(child) && !schema_matches(rule->name, child.name))
			child = tree_next_sibling(child);
		const char *rest = schema_is_whole(rule->name) ? "" : "...";

		if (rule->is_required && !tree_exists(child))
			report_error(tree_place(node, NULL),
				     arena_printf("add %s%s { ... };", rule->name, rest),
				     "%s needs a node '%s%s'", schema->what, rule->name, rest);
	}
}

void schema_check(const struct schema *schema, struct node node)
{
	const uint8_t *value;
	const char *name;
	size_t length;

	for (unsigned i = 0; (name = tree_property(node, i, &value, &length)) != NULL; i++)
		schema_check_property(schema, node, name, value, length);
	for (struct node child = tree_first_child(node); tree_exists(child);
	     child = tree_next_sibling(child))
		schema_check_child(schema, child);
	schema_check_missing(schema, node);
}
