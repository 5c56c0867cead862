// SPDX-License-Identifier: BSD-2-Clause
/*
 * Messages: what format_text() knows, compared with the C library; what does not
 * fit is cut off, and nothing is written behind the buffer.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "kernel/format.h"
#include "tests/host/unit/unit.h"

#define SEEDS        200u
#define BUFFER_BYTES 64u

__attribute__((format(printf, 2, 3))) static void check(uint32_t bytes, const char *format, ...)
{
	char got[BUFFER_BYTES + 1], want[BUFFER_BYTES + 1];
	va_list arguments;
	uint32_t length;

	memset(got, '#', sizeof(got));
	memset(want, '#', sizeof(want));
	va_start(arguments, format);
	length = format_text(got, bytes, format, arguments);
	va_end(arguments);
	va_start(arguments, format);
	vsnprintf(want, bytes, format, arguments);
	va_end(arguments);
	unit_check(length == strlen(want), "'%s' for %u bytes: length %u, not %u", format, bytes,
		   length, (uint32_t)strlen(want));
	want[length + 1] = got[length + 1]; /* behind the NUL within the buffer: anything */
	unit_check(memcmp(got, want, length + 1) == 0, "'%s' gives '%s', not '%s'", format, got,
		   want);
	for (uint32_t i = bytes; i < sizeof(got); i++)
		unit_check(got[i] == '#', "'%s' writes behind %u bytes", format, bytes);
}

static unsigned long any_number(void)
{
	static const unsigned long edges[] = { 0, 9, 10, 15, 16, 0xfffffff, 0x10000000, ULONG_MAX };

	return unit_once_in(3) ? edges[unit_below(8)] : unit_word() >> unit_below(32);
}

static void run_random(void)
{
	unsigned long a = any_number(), b = any_number();

	for (uint32_t bytes = 1; bytes <= BUFFER_BYTES; bytes++) {
		check(bytes, "plain words");
		check(bytes, "%s: %lu and 0x%lx", "name", a, b);
		check(bytes, "[%08lx] %c%c 100%%", a, 'x', (int)(' ' + unit_below(90)));
		check(bytes, "%s%s%lx", "", "a name that is rather long, longer than the buffer",
		      b);
	}
}

static void it_is_as_the_c_library(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_random);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_as_the_c_library),
	};

	return unit_run(argc, argv, tests);
}
