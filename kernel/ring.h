// SPDX-License-Identifier: BSD-2-Clause
/*
 * A ring of characters with one writer and one reader, who may be on different
 * cores: no lock. Each changes its own count and then looks at the other's, so
 * of two who meet at a full or an empty ring at least one sees it.
 */
#pragma once

#include "generated/board.h"
#include "kernel/types.h"

#include <stdatomic.h> /* newlib's wants stdint.h before it */

#define RING_BYTES 1024u /* a power of two */

/* Two cores that meet need the full order; one core sees its own accesses. */
#define RING_ORDER (CONFIG_CORE_COUNT == 1 ? memory_order_relaxed : memory_order_seq_cst)

struct ring {
	atomic_uint head; /* characters ever put: the writer's */
	atomic_uint tail; /* characters ever taken: the reader's */
	char data[RING_BYTES];
};

ON_FAST_PATH uint32_t ring_count(const struct ring *ring)
{
	return atomic_load_explicit(&ring->head, RING_ORDER) -
	       atomic_load_explicit(&ring->tail, RING_ORDER);
}

/* The writer: there must be room. */
ON_FAST_PATH void ring_put(struct ring *ring, char c)
{
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	ring->data[head % RING_BYTES] = c;
	atomic_store_explicit(&ring->head, head + 1, RING_ORDER);
}

/* The reader: there must be one. */
ON_FAST_PATH char ring_first(const struct ring *ring)
{
	return ring->data[atomic_load_explicit(&ring->tail, memory_order_relaxed) % RING_BYTES];
}

ON_FAST_PATH void ring_drop(struct ring *ring, uint32_t count)
{
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	atomic_store_explicit(&ring->tail, tail + count, RING_ORDER);
}
