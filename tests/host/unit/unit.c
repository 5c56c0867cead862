// SPDX-License-Identifier: BSD-2-Clause
/*
 * See unit.h.
 */
#include "tests/host/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRAIL_LINES 80u
#define LINE_BYTES  120u

static uint64_t state; /* xorshift64*: never zero */
static uint32_t seed;
static char trail[TRAIL_LINES][LINE_BYTES];
static uint32_t steps;
static bool is_alone; /* in a process of one seed */

uint32_t unit_word(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)(state * 0x2545f4914f6cdd1du >> 32);
}

uint32_t unit_below(uint32_t n)
{
	return unit_word() % n;
}

bool unit_once_in(uint32_t n)
{
	return unit_below(n) == 0;
}

static void run_seed(uint32_t n, void (*run)(void))
{
	seed = n;
	state = n * 0x9e3779b97f4a7c15u;
	steps = 0;
	run();
}

static void run_seed_alone(uint32_t n, void (*run)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		is_alone = true;
		run_seed(n, run);
		_exit(EXIT_SUCCESS);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void each_seed(uint32_t count, void (*run)(void),
		      void (*run_one)(uint32_t n, void (*run)(void)))
{
	const char *only = getenv("UNIT_SEED");

	if (only) {
		run_one((uint32_t)strtoul(only, NULL, 0), run);
		return;
	}
	for (uint32_t n = 1; n <= count; n++)
		run_one(n, run);
}

void unit_each_seed(uint32_t count, void (*run)(void))
{
	each_seed(count, run, run_seed);
}

void unit_each_seed_alone(uint32_t count, void (*run)(void))
{
	each_seed(count, run, run_seed_alone);
}

void unit_log(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(trail[steps++ % TRAIL_LINES], LINE_BYTES, format, arguments);
	va_end(arguments);
}

void unit_check(bool is_good, const char *format, ...)
{
	va_list arguments;

	if (is_good)
		return;
	for (uint32_t i = steps > TRAIL_LINES ? steps - TRAIL_LINES : 0; i < steps; i++)
		print_error("%5u  %s\n", i, trail[i % TRAIL_LINES]);
	print_error("seed %u, step %u: ", seed, steps);
	va_start(arguments, format);
	vprint_error(format, arguments);
	va_end(arguments);
	print_error("\n");
	if (is_alone)
		_exit(EXIT_FAILURE);
	fail();
}
