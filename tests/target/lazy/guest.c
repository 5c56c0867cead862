// SPDX-License-Identifier: BSD-2-Clause
/*
 * Spins, with a VFP instruction in each turn (role=0) or without one (role=1), and
 * tells every few hundred milliseconds how often the other VM has had the core since:
 * the clock is real time and jumps then.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/timer.h"

#define CUT_US    10000u
#define CUTS_EACH 10u

static void use_vfp(void)
{
	__asm__ volatile(".fpu vfpv3\n\tvmov.f32 s0, s1");
}

static void enable_vfp(void)
{
	cp15_write_CPACR(0x00f00000);
	cpu_instruction_barrier();
	__asm__ volatile(".fpu vfpv3\n\tvmsr fpexc, %0" : : "r"(1u << 30));
}

int main(void)
{
	bool uses_vfp = devicetree_argument("role", 0) == 0;
	uint64_t last = timer_read_virtual();
	uint32_t cuts = 0;

	if (uses_vfp)
		enable_vfp();
	for (;;) {
		uint64_t now = timer_read_virtual();

		if (uses_vfp)
			use_vfp();
		cuts += timer_us_from_ticks(now - last) > CUT_US;
		last = now;
		if (cuts < CUTS_EACH)
			continue;
		printf("lazy: %lu switches\n", cuts);
		cuts = 0;
	}
}
