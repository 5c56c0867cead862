// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's second dual timer (SP804, DDI 0271), passed through: one of its timers
 * interrupts, the other one counts microseconds on its own and keeps a number through a
 * restart of the VM, of which the device hears nothing.
 */
#ifndef TESTS_VEXPRESS_TIMER_DUAL_H
#define TESTS_VEXPRESS_TIMER_DUAL_H

#include <stdbool.h>
#include <stdint.h>

#define DUAL_INTID 35u

/* Interrupts each `us`, or once after so many. */
void dual_start_periodic(uint32_t us);
void dual_start_once(uint32_t us);
void dual_stop(void);

/* Has it something to say; and does its interrupt say so, unless it is masked? */
bool dual_is_raised(void);
bool dual_is_heard(void);
void dual_clear(void);
void dual_mask(bool is_masked);

/* Waits until it has something to say. */
void dual_wait_raised(void);

/* The device's own count of microseconds; starts at 0. */
void dual_count_start(void);
uint32_t dual_count(void);

/* A number that outlives the guest: 0 when the board starts. */
uint32_t dual_life(void);
void dual_set_life(uint32_t life);

#endif
