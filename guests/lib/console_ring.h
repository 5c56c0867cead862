// SPDX-License-Identifier: BSD-2-Clause
/*
 * The rings of a console page (ivc/console_page.h), for servers and clients. The other
 * side's index is never believed: no count is larger than a ring, no index leaves it.
 */
#ifndef GUESTS_LIB_CONSOLE_RING_H
#define GUESTS_LIB_CONSOLE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "ivc/console_page.h"

/* A count that another may change, once; later accesses come later. */
static inline uint32_t console_ring_load(const uint32_t *count)
{
	return __atomic_load_n(count, __ATOMIC_ACQUIRE);
}

/* ... and what is changed before is seen by who sees it. */
static inline void console_ring_store(uint32_t *count, uint32_t value)
{
	__atomic_store_n(count, value, __ATOMIC_SEQ_CST);
}

/* The characters from `tail` to `head`, as far as there can be any. */
static inline uint32_t console_ring_between(uint32_t head, uint32_t tail)
{
	return head - tail < CONSOLE_PAGE_RING ? head - tail : CONSOLE_PAGE_RING;
}

static inline uint32_t console_ring_count(const struct console_page_ring *ring)
{
	return console_ring_between(console_ring_load(&ring->head), console_ring_load(&ring->tail));
}

static inline char console_ring_at(const struct console_page_ring *ring, uint32_t n)
{
	return (char)*(volatile const uint8_t *)&ring->data[n % CONSOLE_PAGE_RING];
}

/* The writer: false, and nothing, if it is full. */
static inline bool console_ring_put(struct console_page_ring *ring, char c)
{
	uint32_t head = console_ring_load(&ring->head);

	if (console_ring_count(ring) == CONSOLE_PAGE_RING)
		return false;
	*(volatile uint8_t *)&ring->data[head % CONSOLE_PAGE_RING] = (uint8_t)c;
	console_ring_store(&ring->head, head + 1);
	return true;
}

/* The reader: a character, or -1. */
static inline int console_ring_get(struct console_page_ring *ring)
{
	uint32_t count = console_ring_count(ring);
	uint32_t at = console_ring_load(&ring->head) - count;
	int c;

	if (count == 0)
		return -1;
	c = (uint8_t)console_ring_at(ring, at);
	console_ring_store(&ring->tail, at + 1);
	return c;
}

#endif
