// SPDX-License-Identifier: BSD-2-Clause
/*
 * The generic timer as a guest sees it (ARM ARM DDI 0406C, B8): the virtual timer
 * (PPI 27) with its counter, and the physical one (PPI 30). Times are in ticks of
 * CNTFRQ unless the name says otherwise. Interrupts are level: they stay pending
 * until the timer is set anew or stopped.
 */
#ifndef GUESTS_LIB_TIMER_H
#define GUESTS_LIB_TIMER_H

#include <stdint.h>

#include "guests/lib/cp15.h"

#define TIMER_CTL_ENABLE  0x1u
#define TIMER_CTL_IMASK   0x2u
#define TIMER_CTL_ISTATUS 0x4u

/* The virtual counter; not read ahead of earlier instructions. */
static inline uint64_t timer_read_virtual(void)
{
	__asm__ volatile("isb" ::: "memory");
	return cp15_read_CNTVCT();
}

/* The physical counter; likewise. */
static inline uint64_t timer_read_physical(void)
{
	__asm__ volatile("isb" ::: "memory");
	return cp15_read_CNTPCT();
}

/* Ticks in so many milliseconds or microseconds, and back. */
uint64_t timer_ticks_from_ms(uint32_t ms);
uint64_t timer_ticks_from_us(uint32_t us);
uint32_t timer_us_from_ticks(uint64_t ticks);

/* Waits so long, by the virtual counter, without sleeping. */
void timer_wait_ms(uint32_t ms);

/* Starts the timer: it fires when its counter reaches `at`. */
void timer_start_virtual(uint64_t at);
void timer_start_physical(uint64_t at);

/* Stops it and with it its interrupt. */
void timer_stop_virtual(void);
void timer_stop_physical(void);

#endif
