// SPDX-License-Identifier: BSD-2-Clause
/*
 * One source of console output: a ring of characters, and the line it has open
 * on the wire. What a guest says is filtered here, so that its line drives neither
 * cursor nor colours of others. source_put() is the writer's, on any core; all
 * else is called by console.c, on core 0.
 *
 * The rule. A VM without focus: text (ASCII, UTF-8), tabs and ends of line;
 * escape sequences vanish whole, other controls, too. The VM in focus: CR,
 * backspace, bell and escape sequences as well, but neither strings (title,
 * clipboard; ECMA-48, 5.6) nor window reports; before anybody else speaks, what
 * it has left behind on the terminal is undone.
 */
#pragma once

#include "kernel/ring.h"

/* A longer open line is not repeated whole when it was broken off. */
#define SOURCE_LINE_BYTES 128u

/* Where in its line the source is: at text, within an escape sequence of the ring's,
 * or still at what comes before the ring: from the last one down to SOURCE_STAGE_REPEAT,
 * or the end of a line that is broken off. */
enum source_stage {
	SOURCE_STAGE_RING,
	SOURCE_STAGE_ESCAPE,
	SOURCE_STAGE_CSI,
	SOURCE_STAGE_STRING,
	SOURCE_STAGE_STRING_END,
	SOURCE_STAGE_BREAK,
	SOURCE_STAGE_REPEAT,
	SOURCE_STAGE_HEAD,
	SOURCE_STAGE_CLEAN,
};

struct source {
	const char *const *heads; /* of its lines; the second in colour */
	struct ring ring;
	atomic_uint line_end;             /* the writer's: what was put, up to the last '\n' */
	bool has_lost;                    /* the writer's: the last message found no room */
	char last;                        /* the last character sent, of this line */
	bool is_broken_off;               /* line[] has been seen, and is to be repeated */
	bool is_painted;                  /* the terminal is not as it was: cursor, colours */
	bool was_painted;                 /* before the sequence it is in */
	bool has_screen;                  /* it has the terminal's alternate screen */
	uint32_t number;                  /* a sequence's last parameter */
	const char *prefix;               /* of this stage, what is still to be sent */
	char line[SOURCE_LINE_BYTES + 1]; /* of the open line, what text has been sent; NUL */
	uint32_t line_length;
	enum source_stage stage;
};

/* So full (half) that its guest may wait for room. */
static inline bool source_is_filling(const struct source *source)
{
	return ring_count(&source->ring) > RING_BYTES / 2;
}

/* Ends of line in the ring? */
bool source_has_end(const struct source *source);

/* Append; a character without room is dropped. */
void source_put(struct source *source, char c);

/* The source begins (or takes up again) a line: its head comes first, and before
 * that, if asked for, what makes the terminal clean. */
void source_open_line(struct source *source, bool is_clean);

/* The next character to send, '\n' ends the line; 0: one was taken that is not
 * sent; -1: none for now. Is it free to use the terminal? */
int source_next(struct source *source, bool is_free);

/* Somebody else is to speak: end the line on the wire; source_next() gives the
 * line end. What was sent of it is repeated when the source speaks again. False,
 * and nothing, while the head of a line (or its end) is being sent, or its end is
 * in the ring. */
bool source_break_line(struct source *source);

/* Nothing is in front of c, it is plain text, and the UART has room: it may go
 * there directly, past the ring. Only on core 0. */
bool source_pass(struct source *source, char c);
