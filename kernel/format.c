// SPDX-License-Identifier: BSD-2-Clause
/*
 * See format.h.
 */
#include "kernel/format.h"

#include <stdbool.h>

struct writer {
	char *at;
	char *end; /* the place of the last NUL */
};

static void fill(struct writer *out, char c, uint32_t count)
{
	for (; count && out->at < out->end; count--)
		*out->at++ = c;
}

/* width: at least so many characters; the rest is `pad`, behind the text if is_left. */
static void put(struct writer *out, const char *text, uint32_t width, char pad, bool is_left)
{
	uint32_t length = 0, rest;

	while (text[length])
		length++;
	rest = length < width ? width - length : 0;
	fill(out, pad, is_left ? 0 : rest);
	while (*text)
		fill(out, *text++, 1);
	fill(out, pad, is_left ? rest : 0);
}

/* `end` is the place of the NUL; returns the first digit's. */
static const char *digits(char *end, unsigned long value, uint32_t base)
{
	*end = '\0';
	do
		*--end = "0123456789abcdef"[value % base];
	while (value /= base);
	return end;
}

uint32_t format_text(char *buffer, uint32_t bytes, const char *format, va_list arguments)
{
	struct writer out = { .at = buffer, .end = buffer + bytes - 1 };
	char text[21]; /* 64 bits on a host */
	bool is_left;
	char pad;

	for (; *format; format++) {
		uint32_t width = 0;

		if (*format != '%') {
			fill(&out, *format, 1);
			continue;
		}
		is_left = format[1] == '-';
		format += is_left ? 2 : 1;
		pad = *format == '0' ? '0' : ' ';
		while (*format >= '0' && *format <= '9')
			width = width * 10 + (uint32_t)(*format++ - '0');
		format += *format == 'l';
		if (*format == 's')
			put(&out, va_arg(arguments, const char *), width, pad, is_left);
		else if (*format == 'u' || *format == 'x')
			put(&out,
			    digits(text + 20, va_arg(arguments, unsigned long),
				   *format == 'u' ? 10 : 16),
			    width, pad, is_left);
		else
			fill(&out, *format == 'c' ? (char)va_arg(arguments, int) : *format, 1);
	}
	*out.at = '\0';
	return (uint32_t)(out.at - buffer);
}
