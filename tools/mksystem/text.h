// SPDX-License-Identifier: BSD-2-Clause
/*
 * A string that grows: every output file is first composed in one, so that
 * nothing is written unless all of them could be made.
 */
#ifndef BULKHEAD_MKSYSTEM_TEXT_H
#define BULKHEAD_MKSYSTEM_TEXT_H

#include <stddef.h>

struct text {
	char *bytes; /* NUL-terminated once something was added */
	size_t length;
	size_t capacity;
};

void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
