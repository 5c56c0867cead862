// SPDX-License-Identifier: BSD-2-Clause
/*
 * Counting and reporting for self-checking guests; see check.h. CPU 0 only.
 */
#include <stdio.h>
#include <stdlib.h>

#include "guests/lib/check.h"

static const char *check_name = "guest";
static uint32_t check_count;
static uint32_t check_failures;

#define CHECK_MAX_FAILURES 20u

void check_begin(const char *name)
{
	check_name = name;
	check_count = 0;
	check_failures = 0;
}

/* A guest that went astray is stopped before it fills the log. */
static void check_failed(void)
{
	check_failures++;
	if (check_failures < CHECK_MAX_FAILURES)
		return;
	printf("%s: too many failures\n", check_name);
	exit(check_end());
}

void check_that(const char *what, bool holds)
{
	check_count++;
	if (holds)
		return;
	printf("%s: FAILED: %s\n", check_name, what);
	check_failed();
}

void check_equal(const char *what, uint32_t value, uint32_t expected, uint32_t mask)
{
	check_count++;
	if ((value & mask) == (expected & mask))
		return;
	printf("%s: FAILED: %s: 0x%08lx, expected 0x%08lx (mask 0x%08lx)\n", check_name, what,
	       value, expected, mask);
	check_failed();
}

int check_end(void)
{
	printf("%s: %lu checks, %lu failed\n", check_name, check_count, check_failures);
	return check_failures == 0 ? 0 : 1;
}
