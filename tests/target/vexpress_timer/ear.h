// SPDX-License-Identifier: BSD-2-Clause
/*
 * How a guest of one CPU hears its dual timer: a handler that counts, does what the test
 * wants done in it, and ends the interrupt unless the test does that itself.
 */
#ifndef TESTS_VEXPRESS_TIMER_EAR_H
#define TESTS_VEXPRESS_TIMER_EAR_H

#include <stdbool.h>
#include <stdint.h>

/* In the handler; true: the interrupt has been ended, or is not to be. */
typedef bool (*ear_action)(uint32_t iar);

extern volatile uint32_t ear_came;    /* of the dual timer */
extern volatile uint32_t ear_strange; /* spurious, or with nothing to say */

/* Lets interrupts in; the generic timer's, for waiting, before all others. */
void ear_open(void);

void ear_set_action(ear_action action);

/* The usual one: the device is made quiet. */
bool ear_clear(uint32_t iar);

/* Sleeps until so many have come, `us` at most: have they? */
bool ear_wait(uint32_t count, uint32_t us);

/* One more comes, within 100 ms; none comes, for 200 us. */
void ear_expect_one(const char *what);
void ear_expect_none(const char *what);

#endif
