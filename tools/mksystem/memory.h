// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who has which memory: PA of the board, IPA of each VM.
 */
#ifndef BULKHEAD_MKSYSTEM_MEMORY_H
#define BULKHEAD_MKSYSTEM_MEMORY_H

#include "tools/mksystem/model.h"

#define IMAGE_ALIGNMENT 64u /* a cache line of the Cortex-A15 */

/* Give the hypervisor, its images and every VM their PA; check that nothing
 * overlaps, that all RAM exists, and that each VM's IPA have one meaning. */
void memory_allocate(struct model *model);

/* After that: pages for what `node` describes; reports if there is no room. */
uint64_t memory_allocate_shared(struct model *model, struct node node, uint64_t bytes);

#endif
