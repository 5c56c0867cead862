// SPDX-License-Identifier: BSD-2-Clause
/*
 * A piece of an address space, 64 bits wide: the end of one that reaches 4 GiB
 * is a number too.
 */
#ifndef BULKHEAD_MKSYSTEM_RANGE_H
#define BULKHEAD_MKSYSTEM_RANGE_H

#include <stdbool.h>
#include <stdint.h>

struct range {
	uint64_t start;
	uint64_t bytes;
};

static inline uint64_t range_end(struct range range)
{
	return range.start + range.bytes;
}

static inline bool range_overlaps(struct range a, struct range b)
{
	return a.bytes > 0 && b.bytes > 0 && a.start < range_end(b) && b.start < range_end(a);
}

static inline bool range_contains(struct range outer, struct range inner)
{
	return outer.start <= inner.start && range_end(inner) <= range_end(outer);
}

/* `alignment`: a power of two. */
static inline uint64_t range_align_up(uint64_t address, uint64_t alignment)
{
	return (address + alignment - 1) & ~(alignment - 1);
}

static inline uint64_t range_align_down(uint64_t address, uint64_t alignment)
{
	return address & ~(alignment - 1);
}

#endif
