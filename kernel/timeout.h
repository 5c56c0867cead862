// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timeouts of one core on its hyp timer (CNTHP; ARM ARM DDI 0406C, B8.1.5):
 * the ends of slices and windows, the timers of idle vCPUs, the console's patience. Times
 * are values of the physical counter.
 */
#pragma once

#include "config/system.h"

#define TIMEOUT_NEVER UINT64_MAX

/* milliseconds in counter ticks; valid after timeout_init(). */
uint64_t timeout_ticks(uint32_t milliseconds);

/* Each core: the hyp timer's interrupt on, nothing armed. */
void timeout_init(void);

/* Arm the timer for the earliest timeout; after any of them has changed. */
void timeout_program(struct core *core);

/* Have the core take some interrupt within a slice, even if nothing is due. */
void timeout_look_again(struct core *core);

/* The hyp timer's interrupt: serve what is due. */
void timeout_irq(struct core *core, uint32_t intid);
