// SPDX-License-Identifier: BSD-2-Clause
/*
 * An address space in which everything has one owner: the board's physical
 * addresses, and each VM's intermediate physical addresses.
 */
#ifndef BULKHEAD_MKSYSTEM_SPACE_H
#define BULKHEAD_MKSYSTEM_SPACE_H

#include "tools/mksystem/range.h"
#include "tools/mksystem/report.h"

#include <stddef.h>

struct claim {
	struct range range;
	struct place place; /* who wants it */
	const char *what;   /* "RAM" */
};

struct space {
	const char *name; /* "PA" or "IPA" */
	struct claim *claims;
	size_t count;
	size_t capacity;
};

/* Take `claim.range`; reports each claim before it that overlaps, with both
 * places, and takes it all the same. False if there was one. */
bool space_claim(struct space *space, struct claim claim, const char *remedy);

/* The lowest (highest) free address in `within` for this many bytes, aligned.
 * False if there is none. */
bool space_find_lowest(const struct space *space, struct range within, uint64_t bytes,
		       uint64_t alignment, uint64_t *address);
bool space_find_highest(const struct space *space, struct range within, uint64_t bytes,
			uint64_t alignment, uint64_t *address);

#endif
