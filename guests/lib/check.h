// SPDX-License-Identifier: BSD-2-Clause
/*
 * Self-checking guests: each check counts, and prints only if it fails; the test
 * on the host waits for the last line, "<name>: <n> checks, <m> failed".
 */
#ifndef GUESTS_LIB_CHECK_H
#define GUESTS_LIB_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* Names the guest; before the first check. */
void check_begin(const char *name);

/* Counts a check; if it does not hold, prints what should have held. */
void check_that(const char *what, bool holds);

/* Counts a check that value, under a mask, is as expected; prints both if not. */
void check_equal(const char *what, uint32_t value, uint32_t expected, uint32_t mask);

/* Prints the last line. Returns 0 if nothing failed, else 1: for main(). */
int check_end(void);

#endif
