// SPDX-License-Identifier: BSD-2-Clause
/*
 * Runs whenever it is let, and tells how many rounds it made in each 20 ms of real time:
 * whatever others, or the hypervisor for them, take shows.
 */
#include <stdio.h>

#include "guests/lib/timer.h"

#define WINDOW_US 20000u

int main(void)
{
	uint64_t end = timer_read_virtual();

	for (;;) {
		uint32_t rounds = 0;

		for (end += timer_ticks_from_us(WINDOW_US); timer_read_virtual() < end;)
			rounds++;
		printf("witness: %lu rounds\n", rounds);
	}
}
