// SPDX-License-Identifier: BSD-2-Clause
/*
 * One source of console output: a ring of characters, and the line it has open
 * on the wire. Pure, but for console.c nobody calls it.
 */
#pragma once

#include "kernel/console.h"

/* A longer open line is not repeated whole when it was broken off. */
#define SOURCE_LINE_BYTES 128u

/* What comes before the ring's characters, in this order; or the end of a line
 * that is broken off. */
enum source_stage {
	SOURCE_STAGE_RING,
	SOURCE_STAGE_NAME,
	SOURCE_STAGE_SEPARATOR,
	SOURCE_STAGE_REPEAT,
	SOURCE_STAGE_BREAK,
};

struct source {
	const char *name;
	const char *separator;
	char ring[CONSOLE_RING_BYTES];
	uint32_t head;                /* characters ever put */
	uint32_t tail;                /* characters ever taken */
	uint32_t lines;               /* ends of line in the ring */
	char last;                    /* the last character sent, of this line */
	bool is_broken_off;           /* line[] has been seen, and is to be repeated */
	const char *prefix;           /* still to be sent before the ring: name, separator */
	uint32_t repeat;              /* ... and line[] from here */
	char line[SOURCE_LINE_BYTES]; /* of the open line, what has been sent */
	uint32_t line_length;
	enum source_stage stage;
};

void source_init(struct source *source, const char *name, const char *separator);

/* Room in the ring, characters. */
uint32_t source_room(const struct source *source);
bool source_is_empty(const struct source *source);

/* A whole line, or a ring so full (half) that its guest may wait for room. */
bool source_has_line(const struct source *source);

/* Append; a character without room is dropped. */
void source_put(struct source *source, char c);

/* The source begins (or takes up again) a line: its head comes first. */
void source_open_line(struct source *source);

/* The next character to send, '\n' ends the line; -1: none for now. */
int source_next(struct source *source);

/* Somebody else is to speak: end the line on the wire; source_next() gives the
 * line end. What was sent of it is repeated when the source speaks again. False,
 * and nothing, while the head of a line (or its end) is being sent, or its end is
 * in the ring. */
bool source_break_line(struct source *source);

/* Nothing is in front of c, it ends no line, and the UART has room: it may go
 * there directly, past the ring. */
bool source_pass(struct source *source, char c);
