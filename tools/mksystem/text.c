// SPDX-License-Identifier: BSD-2-Clause
/*
 * The growing string of text.h, in arena memory. Called by the emitters.
 */
#include "tools/mksystem/text.h"
#include "tools/mksystem/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void text_reserve(struct text *text, size_t bytes)
{
	if (text->length + bytes <= text->capacity)
		return;

	size_t capacity = (text->length + bytes) * 2;
	char *larger = arena_alloc(capacity);

	if (text->length > 0)
		memcpy(larger, text->bytes, text->length);
	text->bytes = larger;
	text->capacity = capacity;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);

	text_reserve(text, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
}
