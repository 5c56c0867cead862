// SPDX-License-Identifier: BSD-2-Clause
/*
 * "Did you mean ...?"
 */
#ifndef BULKHEAD_MKSYSTEM_SUGGEST_H
#define BULKHEAD_MKSYSTEM_SUGGEST_H

#include <stddef.h>

/* The name most like `word`, or NULL if none is near enough to be meant. */
const char *suggest_nearest(const char *word, const char *const *names, size_t count);

/* "did you mean 'x'?" or, if nothing is near, "known are: a, b, c". */
const char *suggest_remedy(const char *word, const char *const *names, size_t count);

#endif
