// SPDX-License-Identifier: BSD-2-Clause
/*
 * Opens an exclusive access (LDREX), spins, and closes it (STREX); for ever. When the
 * clock jumped in between, another VM has had the core: then the monitor must have
 * been cleared, and the store must fail (ARM ARM DDI 0406C, A3.4.5). Without a jump
 * it mostly succeeds. The clock is real time. Reports now and then.
 */
#include <stdint.h>
#include <stdio.h>

#include "guests/lib/timer.h"

#define SPINS     1000000u
#define CUT_US    10000u
#define CUTS_EACH 10u

/* STREX's result after a spin: 0 stored, 1 refused. */
static uint32_t store_after(uint32_t *word, uint32_t spins)
{
	uint32_t value, result;

	__asm__ volatile("ldrex %0, [%3]\n"
			 "1: subs %2, %2, #1\n\t"
			 "bne 1b\n\t"
			 "strex %1, %0, [%3]"
			 : "=&r"(value), "=&r"(result), "+r"(spins)
			 : "r"(word)
			 : "cc", "memory");
	return result;
}

int main(void)
{
	static uint32_t word;
	uint32_t cuts = 0, refused = 0, whole = 0, stored = 0;

	for (;;) {
		uint64_t start = timer_read_virtual();
		uint32_t result = store_after(&word, SPINS);

		if (timer_us_from_ticks(timer_read_virtual() - start) > CUT_US) {
			cuts++;
			refused += result;
		} else {
			whole++;
			stored += !result;
		}
		if (cuts < CUTS_EACH)
			continue;
		printf("exclusive: %lu of %lu refused after a switch, %lu of %lu stored without\n",
		       refused, cuts, stored, whole);
		cuts = refused = whole = stored = 0;
	}
}
