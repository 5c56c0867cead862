// SPDX-License-Identifier: BSD-2-Clause
/*
 * The nearest name by edit distance (insertions, deletions, replacements and
 * swapped neighbours). Called by schema.c for unknown names and words.
 */
#include "tools/mksystem/suggest.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/text.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST 32u

static size_t suggest_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t suggest_distance(const char *a, const char *b)
{
	size_t rows = strlen(a), columns = strlen(b);
	size_t cost[LONGEST + 1][LONGEST + 1];

	if (rows > LONGEST || columns > LONGEST)
		return rows + columns;
	for (size_t i = 0; i <= rows; i++)
		cost[i][0] = i;
	for (size_t j = 0; j <= columns; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= rows; i++) {
		for (size_t j = 1; j <= columns; j++) {
			size_t replace = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			size_t shift = suggest_least(cost[i - 1][j], cost[i][j - 1]) + 1;
			bool is_swap =
				i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];

			cost[i][j] = suggest_least(replace, shift);
			if (is_swap)
				cost[i][j] = suggest_least(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[rows][columns];
}

/* A name that was not written to its end ("slice" for "slice-ms") is near too. */
static size_t suggest_rate(const char *word, const char *name)
{
	size_t length = strlen(word);

	return length > 2 && strncmp(word, name, length) == 0 ? 1 : suggest_distance(word, name);
}

const char *suggest_nearest(const char *word, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t least = strlen(word) / 3 + 2; /* further away is another word */

	for (size_t i = 0; i < count; i++) {
		size_t distance = suggest_rate(word, names[i]);

		if (distance < least && distance < strlen(names[i])) {
			least = distance;
			nearest = names[i];
		}
	}
	return nearest;
}

const char *suggest_remedy(const char *word, const char *const *names, size_t count)
{
	const char *nearest = suggest_nearest(word, names, count);

	if (nearest != NULL)
		return arena_printf("did you mean '%s'?", nearest);
	if (count == 0)
		return "remove it";

	struct text text = { 0 };

	text_printf(&text, "known here are");
	for (size_t i = 0; i < count; i++)
		text_printf(&text, "%s %s", i == 0 ? ":" : ",", names[i]);
	return text.bytes;
}
