// SPDX-License-Identifier: BSD-2-Clause
/*
 * What of a client's characters may go to the terminal. Without focus: text, tabs and
 * ends of line. With it also return, backspace, bell and escape sequences (ECMA-48), but
 * no strings: titles, clipboard; and no window reports.
 */
#ifndef GUESTS_CONSOLE_SERVER_FILTER_H
#define GUESTS_CONSOLE_SERVER_FILTER_H

#include <stdbool.h>

enum filter_state {
	FILTER_TEXT,
	FILTER_ESCAPE,
	FILTER_CSI,
	FILTER_STRING,
	FILTER_STRING_END,
};

struct filter {
	enum filter_state state;
	bool is_painted; /* colours, modes or the cursor are not as they were */
};

/* What may be done: text; also controls within the line; also sequences. */
enum filter_right { FILTER_PLAIN, FILTER_CONTROLS, FILTER_ALL };

/* The character to send, or 0. */
char filter_character(struct filter *filter, char c, enum filter_right right);

/* Makes a painted terminal fit for lines again: a sequence unfinished, modes, the
 * alternate screen, the scrolling region, colours, the character set; the last line. */
#define FILTER_CLEAN                                                           \
	"\030\033[!p\033[?47l\033[?25h\033[?7h\033[?1000;1002;1003;1006;2004l" \
	"\0337\033[r\0338\033[m\033(B\017\033[999B\r"

#endif
