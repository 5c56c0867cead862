// SPDX-License-Identifier: BSD-2-Clause
/*
 * Zeroing a VM's RAM: most of what there is to do before it starts.
 */
#pragma once

#include <stdint.h>

/* As long as the lines of the Cortex-A15's and A7's data caches are, at least. */
#define MEMORY_LINE_BYTES 64u

/* Zero, and write back to the point of coherency: the reader is the guest, first with
 * its caches off. start: of a line; bytes: a multiple of 1024, not 0. Normal memory. */
void memory_scrub(void *start, uint32_t bytes);
