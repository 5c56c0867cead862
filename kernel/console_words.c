// SPDX-License-Identifier: BSD-2-Clause
/*
 * What reports and panics print through either console. Any core.
 */
#include "kernel/console.h"

RARELY_RUN void console_print_words(const char *name, const uint32_t *words, uint32_t count)
{
	for (uint32_t i = 0; i + 3 < count; i += 4)
		console_print("  %s%-3lu %08lx %08lx %08lx %08lx", name, i, words[i], words[i + 1],
			      words[i + 2], words[i + 3]);
}
