// SPDX-License-Identifier: BSD-2-Clause
/*
 * Collects diagnostics and prints them, 80 columns wide, as
 * `file:line:column: /node: what is wrong`, the other node of a conflict, and a
 * remedy. Called by all the parts that read or check the manifest.
 */
#include "tools/mksystem/report.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 80u

struct message {
	struct message *next;
	struct place place;
	struct place other; /* path is NULL without a conflict */
	const char *what;
	const char *remedy;
	bool is_note;
};

static struct message *messages;
static struct message **messages_tail = &messages;

__attribute__((format(printf, 2, 0))) static void report_add(struct message message,
							     const char *format, va_list arguments)
{
	struct message *copy = arena_alloc(sizeof(*copy));
	char line[1024];

	vsnprintf(line, sizeof(line), format, arguments);
	*copy = message;
	copy->what = arena_printf("%s", line);
	*messages_tail = copy;
	messages_tail = &copy->next;
}

void report_error(struct place place, const char *remedy, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_add((struct message){ .place = place, .remedy = remedy }, format, arguments);
	va_end(arguments);
}

void report_note(struct place place, const char *remedy, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_add((struct message){ .place = place, .remedy = remedy, .is_note = true }, format,
		   arguments);
	va_end(arguments);
}

void report_conflict(struct place first, struct place second, const char *remedy,
		     const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_add((struct message){ .place = first, .other = second, .remedy = remedy }, format,
		   arguments);
	va_end(arguments);
}

static bool report_is_same(struct place a, struct place b)
{
	if (strcmp(a.path, b.path) != 0)
		return false;
	if (a.property == NULL || b.property == NULL)
		return a.property == b.property;
	return strcmp(a.property, b.property) == 0;
}

bool report_has(struct place place)
{
	for (const struct message *message = messages; message != NULL; message = message->next) {
		if (!message->is_note && report_is_same(message->place, place))
			return true;
	}
	return false;
}

/* Words, broken before column 80; further lines are indented. */
static void report_print_wrapped(const char *indent, const char *text)
{
	size_t column = strlen(indent);

	fputs(indent, stderr);
	for (bool is_first = true; *text != '\0'; is_first = false) {
		size_t length = strcspn(text, " ");

		if (!is_first && column + 1 + length > COLUMNS) {
			fputs("\n        ", stderr);
			column = 8;
		} else if (!is_first) {
			fputc(' ', stderr);
			column++;
		}
		fprintf(stderr, "%.*s", (int)length, text);
		column += length;
		text += length;
		text += *text == ' ';
	}
	fputc('\n', stderr);
}

static const char *report_name_place(struct place place)
{
	const char *source = source_find(place.path, place.property);

	if (place.property == NULL)
		return arena_printf("%s: %s", source, place.path);
	return arena_printf("%s: %s: %s", source, place.path, place.property);
}

unsigned report_print(void)
{
	unsigned count = 0;

	for (const struct message *message = messages; message != NULL; message = message->next) {
		const char *name = report_name_place(message->place);

		report_print_wrapped("",
				     arena_printf("%s: %s%s", name,
						  message->is_note ? "note: " : "", message->what));
		if (message->other.path != NULL) {
			name = report_name_place(message->other);
			report_print_wrapped("    with ", name);
		}
		report_print_wrapped("    remedy: ", message->remedy);
		count += !message->is_note;
	}
	if (count > 0)
		fprintf(stderr, "mksystem: %u error%s in the manifest, nothing was written\n",
			count, count == 1 ? "" : "s");
	return count;
}
