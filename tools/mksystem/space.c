// SPDX-License-Identifier: BSD-2-Clause
/*
 * Claims on an address space, and the search for free places. Called by
 * memory.c (PA and IPA) and by image.c (what lies in guest RAM at boot).
 */
#include "tools/mksystem/space.h"
#include "tools/mksystem/arena.h"

#include <inttypes.h>
#include <string.h>

static void space_append(struct space *space, struct claim claim)
{
	if (space->count == space->capacity) {
		size_t capacity = space->capacity * 2 + 16;
		struct claim *larger = arena_alloc(capacity * sizeof(*larger));

		if (space->count > 0)
			memcpy(larger, space->claims, space->count * sizeof(*larger));
		space->claims = larger;
		space->capacity = capacity;
	}
	space->claims[space->count++] = claim;
}

bool space_claim(struct space *space, struct claim claim, const char *remedy)
{
	bool is_free = true;

	for (size_t i = 0; i < space->count; i++) {
		const struct claim *other = &space->claims[i];

		if (!range_overlaps(other->range, claim.range))
			continue;
		is_free = false;
		report_conflict(claim.place, other->place, remedy,
				"%s (%s 0x%08" PRIx64 "..0x%08" PRIx64 ") overlaps %s "
				"(0x%08" PRIx64 "..0x%08" PRIx64 ")",
				claim.what, space->name, claim.range.start,
				range_end(claim.range) - 1, other->what, other->range.start,
				range_end(other->range) - 1);
	}
	space_append(space, claim);
	return is_free;
}

static const struct claim *space_find_overlap(const struct space *space, struct range range)
{
	for (size_t i = 0; i < space->count; i++) {
		if (range_overlaps(space->claims[i].range, range))
			return &space->claims[i];
	}
	return NULL;
}

bool space_find_lowest(const struct space *space, struct range within, uint64_t bytes,
		       uint64_t alignment, uint64_t *address)
{
	struct range try = { .start = range_align_up(within.start, alignment), .bytes = bytes };

	while (range_end(try) <= range_end(within)) {
		const struct claim *overlap = space_find_overlap(space, try);

		if (overlap == NULL) {
			*address = try.start;
			return true;
		}
		try.start = range_align_up(range_end(overlap->range), alignment);
	}
	return false;
}

bool space_find_highest(const struct space *space, struct range within, uint64_t bytes,
			uint64_t alignment, uint64_t *address)
{
	uint64_t end = range_end(within);

	while (end >= within.start + bytes) {
		struct range try = { .start = range_align_down(end - bytes, alignment),
				     .bytes = bytes };
		const struct claim *overlap = space_find_overlap(space, try);

		if (try.start < within.start)
			return false;
		if (overlap == NULL) {
			*address = try.start;
			return true;
		}
		end = overlap->range.start;
	}
	return false;
}
