// SPDX-License-Identifier: BSD-2-Clause
/*
 * One list of all allocations, freed together. Called by every part of
 * mksystem; no other part calls malloc.
 */
#include "tools/mksystem/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct chunk {
	struct chunk *next;
	max_align_t bytes[];
};

static struct chunk *chunks;

void *arena_alloc(size_t bytes)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + bytes);

	if (chunk == NULL) {
		fprintf(stderr, "mksystem: out of memory (%zu bytes)\n", bytes);
		exit(2);
	}
	chunk->next = chunks;
	chunks = chunk;
	return chunk->bytes;
}

char *arena_printf(const char *format, ...)
{
	char first[256]; /* nearly always enough */
	va_list arguments;

	va_start(arguments, format);
	size_t bytes = (size_t)vsnprintf(first, sizeof(first), format, arguments) + 1;
	va_end(arguments);

	char *string = arena_alloc(bytes);

	va_start(arguments, format);
	vsnprintf(string, bytes, format, arguments);
	va_end(arguments);
	return string;
}

void arena_free(void)
{
	while (chunks != NULL) {
		struct chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
}
