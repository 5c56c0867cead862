// SPDX-License-Identifier: BSD-2-Clause
/*
 * See source.h.
 */
#include "kernel/source.h"

#include <string.h>

#include "arch/uart.h"
#include "kernel/console.h"

#define BELL 0x07
#define CAN  0x18 /* ends an escape sequence that has begun (ECMA-48, 8.3.6) */
#define ESC  0x1b

/* What a guest may have changed for longer than its line: a sequence unfinished,
 * modes and the cursor's look, the alternate screen, wrapping, mouse and paste
 * reports, the scrolling region, colours, the character set. To the last line then,
 * so that nothing is written into the midst of a picture. */
#define CLEAN                                                                  \
	"\030\033[!p\033[?47l\033[?25h\033[?7h\033[?1000;1002;1003;1006;2004l" \
	"\0337\033[r\0338\033[m\033(B\017\033[999B\r"

bool source_has_end(const struct source *source)
{
	uint32_t end = atomic_load_explicit(&source->line_end, RING_ORDER);

	return (int32_t)(end - atomic_load_explicit(&source->ring.tail, memory_order_relaxed)) > 0;
}

void source_put(struct source *source, char c)
{
	if (ring_count(&source->ring) == RING_BYTES)
		return;
	ring_put(&source->ring, c);
	if (c == '\n')
		atomic_store_explicit(&source->line_end, source->ring.head, RING_ORDER);
}

static void set_stage(struct source *source, enum source_stage stage)
{
	const char *head = source->heads[console_has_colours];
	/* In the order of the stages, from SOURCE_STAGE_BREAK on. */
	const char *const prefixes[] = { "\r\n", source->line, head, CLEAN };

	source->stage = stage;
	source->prefix = prefixes[stage - SOURCE_STAGE_BREAK];
}

/* What is remembered of the open line: its text, as far as it still stands there. */
static void sent_text(struct source *source, char c)
{
	source->last = c;
	if (source->line_length < SOURCE_LINE_BYTES)
		source->line[source->line_length++] = c;
}

static void sent(struct source *source, char c)
{
	if (c >= ' ')
		sent_text(source, c);
	else if (c == '\b')
		source->line_length -= source->line_length != 0;
	else if (c == '\r')
		source->line_length = 0;
	source->last = c;
}

void source_open_line(struct source *source, bool is_clean)
{
	if (!source->is_broken_off)
		source->line_length = 0;
	source->line[source->line_length] = '\0';
	source->is_broken_off = false;
	source->last = '\0';
	set_stage(source, is_clean ? SOURCE_STAGE_HEAD : SOURCE_STAGE_CLEAN);
}

bool source_break_line(struct source *source)
{
	if (source->stage >= SOURCE_STAGE_BREAK || source_has_end(source))
		return false;
	source->is_broken_off = true;
	set_stage(source, SOURCE_STAGE_BREAK);
	return true;
}

/* Of UTF-8, what can't be taken for a control of eight bits. */
static int filter_text(struct source *source, uint8_t c, bool is_free)
{
	if (c >= 0x80 && c < 0xa0 && (source->last < 0x80 || source->last == 0xc2))
		return '?';
	if (c == ESC) {
		source->stage = SOURCE_STAGE_ESCAPE;
		source->number = 0;
		source->was_painted = source->is_painted;
		source->is_painted |= is_free;
	}
	if (c == '\t' || (c >= ' ' && c != 0x7f))
		return c;
	return is_free && (c == '\r' || c == '\b' || c == BELL || c == ESC) ? c : 0;
}

static int filter_csi(struct source *source, uint8_t c)
{
	uint32_t mode = source->number;

	source->number = c >= '0' && c <= '9' ? mode % 1000 * 10 + c - '0' : 0;
	if (c < '@')
		return c;
	source->stage = SOURCE_STAGE_RING;
	/* Moves within a line, erasing, and asking for the cursor leave nothing. */
	if (strchr("ABCDGJKPX@n", c))
		source->is_painted = source->was_painted;
	else if ((c == 'h' || c == 'l') && (mode == 47 || mode == 1047 || mode == 1049))
		source->has_screen = c == 'h' && source->is_painted;
	return c == 't' ? CAN : c;
}

/* Within an escape sequence (ECMA-48, 5.3 to 5.6). */
static int filter_sequence(struct source *source, uint8_t c)
{
	enum source_stage stage = source->stage;

	if (stage == SOURCE_STAGE_STRING) {
		if (c == BELL || c == ESC)
			source->stage = c == ESC ? SOURCE_STAGE_STRING_END : SOURCE_STAGE_RING;
		return 0;
	}
	if (stage == SOURCE_STAGE_CSI && c >= ' ' && c < 0x7f)
		return filter_csi(source, c);
	if (stage == SOURCE_STAGE_ESCAPE && c >= ' ' && c < '0')
		return c;
	source->stage = SOURCE_STAGE_RING;
	if (stage == SOURCE_STAGE_STRING_END || c < ' ' || c >= 0x7f)
		return stage == SOURCE_STAGE_STRING_END ? 0 : CAN;
	if (strchr("]PX^_", c))
		source->stage = SOURCE_STAGE_STRING;
	else if (c == '[')
		source->stage = SOURCE_STAGE_CSI;
	return source->stage == SOURCE_STAGE_STRING ? CAN : c;
}

/* The end of a line is CR LF on the wire, whatever the guest says. */
static int next_of_ring(struct source *source, bool is_free)
{
	int c = ring_first(&source->ring);

	if (c == '\n' && source->last != '\r') {
		source->last = '\r';
		return '\r';
	}
	ring_drop(&source->ring, 1);
	if (c == '\n') {
		source->stage = SOURCE_STAGE_RING;
	} else if (source->stage == SOURCE_STAGE_RING) {
		c = filter_text(source, (uint8_t)c, is_free);
		if (c && c != ESC)
			sent(source, (char)c);
	} else {
		c = filter_sequence(source, (uint8_t)c);
		return is_free ? c : 0;
	}
	return c;
}

int source_next(struct source *source, bool is_free)
{
	while (source->stage >= SOURCE_STAGE_BREAK) {
		if (*source->prefix)
			return *source->prefix++;
		if (source->stage > SOURCE_STAGE_REPEAT)
			set_stage(source, source->stage - 1);
		else
			source->stage = SOURCE_STAGE_RING;
	}
	return ring_count(&source->ring) ? next_of_ring(source, is_free) : -1;
}

bool source_pass(struct source *source, char c)
{
	if ((uint8_t)(c - ' ') >= 0x7f - ' ' || source->stage != SOURCE_STAGE_RING ||
	    ring_count(&source->ring) || uart_is_full())
		return false;
	sent_text(source, c);
	return true;
}
