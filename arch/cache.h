// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cache maintenance by address (ARM ARM DDI 0406C, B2.2.6 and B4.2.1). Each call
 * site names writer, reader and both sides' memory attributes.
 */
#pragma once

#include <stdint.h>

/* Write back and drop every line of [start, start + bytes), to the point of
 * coherency: what is written becomes visible to observers with caches off, and what
 * they wrote to us. */
void cache_clean_invalidate(const void *start, uint32_t bytes);

/* The same of an aligned word, or of part of one: no line is shorter. */
void cache_clean_invalidate_word(const volatile void *word);

/* Forget all instructions, and predictions made from them, on all cores. */
void cache_invalidate_instructions(void);

/* As long as the lines of the Cortex-A15's and A7's data caches are, at least. */
#define CACHE_LINE_BYTES_MIN 64u

/* Zero, and write back to the point of coherency: the reader is the guest, first with
 * its caches off. start: of a line; bytes: a multiple of 2048, not 0. Normal memory. */
void memory_scrub(void *start, uint32_t bytes);
