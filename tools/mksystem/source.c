// SPDX-License-Identifier: BSD-2-Clause
/*
 * The places of nodes and properties, kept as a list in the order of the
 * annotated text. Called by report.c for each message and by schema.c for the
 * form of values (the compiled tree can't tell "abc" from <0x61626300>).
 */
#include "tools/mksystem/source.h"
#include "tools/mksystem/arena.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct entry {
	struct entry *next;
	const char *path;
	const char *property; /* NULL: the node itself */
	const char *place;    /* NULL: dtc made it up */
	char form;
};

static struct entry *entries;
static struct entry **entries_tail = &entries;

static void source_add(struct entry entry)
{
	struct entry *copy = arena_alloc(sizeof(*copy));

	*copy = entry;
	*entries_tail = copy;
	entries_tail = &copy->next;
}

/* "file:line:column-line:column[, ...]": the first place, without its end. */
static const char *source_cut_place(const char *comment)
{
	const char *end = strstr(comment, ", ");

	if (end == NULL)
		end = strstr(comment, " */");
	if (end == NULL || *comment == '<')
		return NULL;
	while (end > comment && *end != '-')
		end--;
	return arena_printf("%.*s", (int)(end - comment), comment);
}

/* The last comment of a line: a string value may contain the characters too. */
static const char *source_find_comment(const char *line)
{
	const char *last = NULL;

	for (const char *at = strstr(line, "/* "); at != NULL; at = strstr(at + 1, "/* "))
		last = at;
	return last;
}

/* "label: name" -> "name" */
static const char *source_skip_labels(const char *line)
{
	for (;;) {
		const char *at = line;

		while (isalnum((unsigned char)*at) || *at == '_')
			at++;
		if (at == line || at[0] != ':' || at[1] != ' ')
			return line;
		line = at + 2;
	}
}

static const char *source_join(const char *parent, const char *name, size_t length)
{
	if (*parent == '\0')
		return "/";
	return arena_printf("%s/%.*s", strcmp(parent, "/") == 0 ? "" : parent, (int)length, name);
}

static const char *source_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "/") == 0 || slash == NULL)
		return "";
	return slash == path ? "/" : arena_printf("%.*s", (int)(slash - path), path);
}

static void source_add_property(const char *path, const char *line, const char *place)
{
	size_t length = strcspn(line, " =;");
	const char *value = line + length + strspn(line + length, " =");

	source_add((struct entry){
		.path = path,
		.property = arena_printf("%.*s", (int)length, line),
		.place = place,
		.form = *value,
	});
}

/* One line; returns the path of the node that is open after it. */
static const char *source_read_line(const char *path, const char *line)
{
	if (strncmp(line, "};", 2) == 0)
		return source_parent(path);

	const char *comment = source_find_comment(line);

	if (comment == NULL)
		return path;

	const char *place = source_cut_place(comment + 3);
	const char *brace = comment - 2;

	line = source_skip_labels(line);
	if (brace < line || *brace != '{') {
		source_add_property(path, line, place);
		return path;
	}
	path = source_join(path, line, strcspn(line, " "));
	source_add((struct entry){ .path = path, .place = place });
	return path;
}

void source_load(const char *annotated)
{
	const char *path = "";

	while (*annotated != '\0') {
		size_t length = strcspn(annotated, "\n");
		const char *line = arena_printf("%.*s", (int)length, annotated);

		path = source_read_line(path, line + strspn(line, "\t "));
		annotated += length;
		annotated += *annotated == '\n';
	}
}

static const struct entry *source_look_up(const char *path, const char *property)
{
	for (const struct entry *entry = entries; entry != NULL; entry = entry->next) {
		bool is_same = property == NULL || entry->property == NULL
				       ? property == entry->property
				       : strcmp(property, entry->property) == 0;

		if (is_same && strcmp(path, entry->path) == 0)
			return entry;
	}
	return NULL;
}

const char *source_find(const char *path, const char *property)
{
	const struct entry *entry = source_look_up(path, property);

	while (entry == NULL || entry->place == NULL) {
		if (property == NULL)
			path = source_parent(path);
		property = NULL;
		if (*path == '\0')
			return "manifest";
		entry = source_look_up(path, NULL);
	}
	return entry->place;
}

char source_form(const char *path, const char *property)
{
	const struct entry *entry = source_look_up(path, property);

	return entry == NULL ? '\0' : entry->form;
}
