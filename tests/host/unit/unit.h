// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the unit tests share: repeatable random numbers, a trail of what a test
 * did, and a check that prints both when it fails. All deterministic: a test
 * runs the same seeds each time; UNIT_SEED=n runs only this one.
 */
#ifndef BULKHEAD_UNIT_H
#define BULKHEAD_UNIT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* 0 .. n - 1; true once in n. */
uint32_t unit_below(uint32_t n);
bool unit_once_in(uint32_t n);
uint32_t unit_word(void);

/* Calls `run` after seeding with 1, 2, ... count. */
void unit_each_seed(uint32_t count, void (*run)(void));

/* The same, each in a process of its own: for code whose state can't be reset.
 * There, only unit_check() tells of a failure. */
void unit_each_seed_alone(uint32_t count, void (*run)(void));

/* Remember a step; the last ones are printed when a check fails. */
void unit_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fails the test, with seed, trail and the message, unless is_good. */
void unit_check(bool is_good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* In main(): run them; with an argument, only the tests of that name. */
#define unit_run(argc, argv, tests)                                \
	((argc) > 1 ? cmocka_set_test_filter((argv)[1]) : (void)0, \
	 cmocka_run_group_tests(tests, NULL, NULL))

#endif
