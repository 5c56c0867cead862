// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the compiler calls on its own; without the C library, which doesn't run at
 * any address.
 */
#include <stddef.h>

void *memset(void *to, int value, size_t bytes);
void *memcpy(void *to, const void *from, size_t bytes);

void *memset(void *to, int value, size_t bytes)
{
	char *at = to;

	while (bytes--)
		*at++ = (char)value;
	return to;
}

void *memcpy(void *to, const void *from, size_t bytes)
{
	char *at = to;
	const char *source = from;

	while (bytes--)
		*at++ = *source++;
	return to;
}
