// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/barrier.h for the host: one thread and no real device, so nothing to
 * order. Found before the real one by the unit tests' include path.
 */
#ifndef BULKHEAD_UNIT_BARRIER_H
#define BULKHEAD_UNIT_BARRIER_H

static inline void dsb(void)
{
}

static inline void dmb(void)
{
}

static inline void isb(void)
{
}

static inline void clrex(void)
{
}

/* The test decides what happens while the core sleeps. */
void wfi(void);

#endif
