// SPDX-License-Identifier: BSD-2-Clause
/*
 * See filter.h. Pure.
 */
#include "guests/console-server/filter.h"

#include <string.h>

#define BELL '\007'
#define CAN  '\030' /* ends a sequence that has begun (ECMA-48, 8.3.6) */
#define ESC  '\033'
#define DEL  '\177'

static char filter_text(struct filter *filter, char c, enum filter_right right)
{
	if (c == ESC) {
		filter->state = FILTER_ESCAPE;
		return right == FILTER_ALL ? c : 0;
	}
	if (c == '\t' || (c >= ' ' && c != DEL))
		return c;
	return right != FILTER_PLAIN && (c == '\r' || c == '\b' || c == BELL) ? c : 0;
}

static char filter_sequence(struct filter *filter, char c)
{
	enum filter_state state = filter->state;

	if (state == FILTER_CSI && c >= ' ' && c < DEL) {
		if (c < '@')
			return c;
		filter->state = FILTER_TEXT;
		/* Moves within a line, erasing, and asking for the cursor leave nothing. */
		filter->is_painted |= strchr("ABCDGJKPX@n", c) == NULL;
		return c == 't' ? CAN : c;
	}
	if (state == FILTER_ESCAPE && c >= ' ' && c < '0')
		return c;
	filter->state = FILTER_TEXT;
	if (c < ' ' || c >= DEL)
		return CAN;
	if (c == '[')
		filter->state = FILTER_CSI;
	else if (strchr("]PX^_", c) != NULL)
		filter->state = FILTER_STRING;
	else
		filter->is_painted = true;
	return filter->state == FILTER_STRING ? CAN : c;
}

/* Nothing of it is sent; it ends with a bell, or with ESC and what follows. */
static char filter_string(struct filter *filter, char c)
{
	if (filter->state == FILTER_STRING_END || c == BELL)
		filter->state = FILTER_TEXT;
	else if (c == ESC)
		filter->state = FILTER_STRING_END;
	return 0;
}

char filter_character(struct filter *filter, char c, enum filter_right right)
{
	if (filter->state == FILTER_TEXT)
		return filter_text(filter, c, right);
	if (filter->state >= FILTER_STRING)
		return filter_string(filter, c);
	c = filter_sequence(filter, c);
	return right == FILTER_ALL ? c : 0;
}
