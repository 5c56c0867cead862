// SPDX-License-Identifier: BSD-2-Clause
/*
 * See format.h.
 */
#include "kernel/format.h"

struct writer {
	char *at;
	char *end; /* the place of the last NUL */
};

static void put(struct writer *out, char c)
{
	if (out->at < out->end)
		*out->at++ = c;
}

static void put_string(struct writer *out, const char *s)
{
	while (*s && out->at < out->end)
		put(out, *s++);
}

/* At least `digits` digits, at most the twenty of 64 bits (on a host). */
static void put_number(struct writer *out, unsigned long value, uint32_t base, uint32_t digits)
{
	char reversed[20];
	uint32_t n = 0;

	do {
		reversed[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value || n < digits);
	while (n)
		put(out, reversed[--n]);
}

uint32_t format_text(char *buffer, uint32_t bytes, const char *format, va_list arguments)
{
	struct writer out = { .at = buffer, .end = buffer + bytes - 1 };

	for (; *format; format++) {
		uint32_t digits = 1;

		if (*format != '%') {
			put(&out, *format);
			continue;
		}
		format++;
		if (format[0] == '0' && format[1] == '8') {
			digits = 8;
			format += 2;
		}
		if (*format == 'l')
			format++;
		switch (*format) {
		case 's':
			put_string(&out, va_arg(arguments, const char *));
			break;
		case 'c':
			put(&out, (char)va_arg(arguments, int));
			break;
		case 'u':
			put_number(&out, va_arg(arguments, unsigned long), 10, digits);
			break;
		case 'x':
			put_number(&out, va_arg(arguments, unsigned long), 16, digits);
			break;
		default:
			put(&out, *format);
			break;
		}
	}
	*out.at = '\0';
	return (uint32_t)(out.at - buffer);
}
