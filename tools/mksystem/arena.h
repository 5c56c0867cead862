// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that lives until the program ends: mksystem runs once over one
 * manifest, so nothing is freed before, and nobody needs to know who owns what.
 * Running out of memory ends the program.
 */
#ifndef BULKHEAD_MKSYSTEM_ARENA_H
#define BULKHEAD_MKSYSTEM_ARENA_H

#include <stddef.h>

/* Zeroed, aligned for any type; never NULL. */
void *arena_alloc(size_t bytes);

char *arena_printf(const char *format, ...) __attribute__((format(printf, 1, 2), nonnull(1)));

/* Give everything back: at the end of main(). */
void arena_free(void);

#endif
