// SPDX-License-Identifier: BSD-2-Clause
/*
 * A ticket lock: first come, first served, so each waits for the short bounded
 * sections of those before it and no longer. Interrupts are masked in hyp, so
 * nothing comes in between. With one core there is nobody to wait for: nothing.
 *
 * Who holds one lock never takes another.
 */
#pragma once

#include "generated/board.h"
#include "kernel/types.h"

struct lock {
	atomic_uint next;    /* the ticket for who comes now */
	atomic_uint serving; /* whose turn it is */
};

static inline void lock_take(struct lock *lock)
{
	unsigned int ticket;

	if (CONFIG_CORE_COUNT == 1)
		return;
	ticket = atomic_fetch_add_explicit(&lock->next, 1, memory_order_relaxed);
	while (atomic_load_explicit(&lock->serving, memory_order_acquire) != ticket)
		;
}

static inline void lock_release(struct lock *lock)
{
	unsigned int served;

	if (CONFIG_CORE_COUNT == 1)
		return;
	served = atomic_load_explicit(&lock->serving, memory_order_relaxed);
	atomic_store_explicit(&lock->serving, served + 1, memory_order_release);
}
