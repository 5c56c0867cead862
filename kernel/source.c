// SPDX-License-Identifier: BSD-2-Clause
/*
 * See source.h.
 */
#include "kernel/source.h"

#include "arch/uart.h"

void source_init(struct source *source, const char *name, const char *separator)
{
	*source = (struct source){ .name = name, .separator = separator };
}

uint32_t source_room(const struct source *source)
{
	return CONSOLE_RING_BYTES - (source->head - source->tail);
}

bool source_is_empty(const struct source *source)
{
	return source->head == source->tail;
}

bool source_has_line(const struct source *source)
{
	return source->lines != 0 || source_room(source) < CONSOLE_RING_BYTES / 2;
}

void source_put(struct source *source, char c)
{
	if (source_room(source) == 0)
		return;
	source->ring[source->head++ % CONSOLE_RING_BYTES] = c;
	source->lines += c == '\n';
}

static char take(struct source *source)
{
	char c = source->ring[source->tail++ % CONSOLE_RING_BYTES];

	source->lines -= c == '\n';
	return c;
}

static void set_stage(struct source *source, enum source_stage stage)
{
	source->stage = stage;
	source->prefix = stage == SOURCE_STAGE_NAME ? source->name : source->separator;
	if (stage == SOURCE_STAGE_BREAK)
		source->prefix = "\r\n";
	source->repeat = 0;
}

void source_open_line(struct source *source)
{
	if (!source->is_broken_off)
		source->line_length = 0;
	source->is_broken_off = false;
	source->last = '\0';
	set_stage(source, SOURCE_STAGE_NAME);
}

bool source_break_line(struct source *source)
{
	if (source->stage != SOURCE_STAGE_RING || source->lines)
		return false;
	source->is_broken_off = true;
	set_stage(source, SOURCE_STAGE_BREAK);
	return true;
}

static const enum source_stage next_stage[] = {
	[SOURCE_STAGE_NAME] = SOURCE_STAGE_SEPARATOR,
	[SOURCE_STAGE_SEPARATOR] = SOURCE_STAGE_REPEAT,
	[SOURCE_STAGE_BREAK] = SOURCE_STAGE_RING,
};

/* Of the head of a line: the next character, or -1 when it is complete. */
static int next_of_prefix(struct source *source)
{
	while (source->stage != SOURCE_STAGE_RING) {
		if (source->stage == SOURCE_STAGE_REPEAT) {
			if (source->repeat < source->line_length) {
				source->last = source->line[source->repeat++];
				return source->last;
			}
			source->stage = SOURCE_STAGE_RING;
		} else if (*source->prefix) {
			return *source->prefix++;
		} else {
			set_stage(source, next_stage[source->stage]);
		}
	}
	return -1;
}

/* What is remembered of the open line. */
static void sent(struct source *source, char c)
{
	source->last = c;
	if (c != '\n' && source->line_length < SOURCE_LINE_BYTES)
		source->line[source->line_length++] = c;
}

/* The end of a line is CR LF on the wire, whatever the guest says. */
int source_next(struct source *source)
{
	int head = next_of_prefix(source);
	char c;

	if (head >= 0)
		return head;
	if (source_is_empty(source))
		return -1;
	c = source->ring[source->tail % CONSOLE_RING_BYTES];
	if (c == '\n' && source->last != '\r') {
		source->last = '\r';
		return '\r';
	}
	take(source);
	sent(source, c);
	return c;
}

bool source_pass(struct source *source, char c)
{
	if (c == '\n' || source->stage != SOURCE_STAGE_RING || !source_is_empty(source) ||
	    uart_is_full())
		return false;
	sent(source, c);
	return true;
}
