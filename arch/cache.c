// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cache maintenance by address. See cache.h.
 */
#include "arch/cache.h"

#include "arch/barrier.h"
#include "arch/cp15.h"

void cache_clean_invalidate(const void *start, uint32_t bytes)
{
	const uint32_t line = CACHE_LINE_BYTES_MIN;
	uintptr_t end = (uintptr_t)start + bytes;

	for (uintptr_t at = (uintptr_t)start & ~(uintptr_t)(line - 1); at < end; at += line)
		write_DCCIMVAC(at);
	dsb(); /* complete before the reader is let go */
}

void cache_clean_invalidate_word(const volatile void *word)
{
	write_DCCIMVAC((uintptr_t)word);
	dsb(); /* complete before it is read */
}

void cache_invalidate_instructions(void)
{
	write_ICIALLUIS(0);
	write_BPIALLIS(0);
	dsb(); /* complete before ... */
	isb(); /* ... the next fetch */
}
