// SPDX-License-Identifier: BSD-2-Clause
/*
 * A VM's stage-2 translation table, as numbers.
 */
#ifndef BULKHEAD_MKSYSTEM_STAGE2_H
#define BULKHEAD_MKSYSTEM_STAGE2_H

#include "arch/stage2.h"
#include "tools/mksystem/descriptor.h"
#include "tools/mksystem/model.h"

struct stage2_leaf {
	unsigned block; /* which 2 MiB of IPA */
	uint64_t pages[STAGE2_LEAF_ENTRIES];
	struct stage2_leaf *next; /* of a higher block */
};

struct stage2 {
	uint64_t blocks[STAGE2_ROOT_ENTRIES]; /* 0 where there is a leaf */
	struct stage2_leaf *leaves;           /* ascending */
};

/* Build it from a VM that was found free of errors. */
struct stage2 *stage2_build(const struct vm_model *vm, const struct board *board);

/* The leaf for one 2 MiB of IPA, or NULL. */
const struct stage2_leaf *stage2_find_leaf(const struct stage2 *stage2, unsigned block);

/* A page of console_pages[]: the linker adds where they are. */
#define STAGE2_CONSOLE (1ull << 62)

#endif
