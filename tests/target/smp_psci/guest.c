// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest with several CPUs can ask of PSCI (Arm DEN 0022). The boot arguments
 * choose what it does:
 *
 *   role=0 (check): codes, states at entry, CPU_SUSPEND, `rounds` races of CPU_ON.
 *   role=1 (reset): all CPUs do something nasty, then one of them resets the system;
 *       checks that each life begins as the first.
 *   role=2 (off): the same once, ending in SYSTEM_OFF.
 *   role=3 (steady): counts seconds, whatever the others do.
 *
 * Natively all of them pass; there QEMU leaves some parameters unchecked, and its
 * CPU_ON must not be raced.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/mmu.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "guests/lib/timer.h"
#include "tests/target/smp_psci/parts.h"

enum { ROLE_CHECK, ROLE_RESET, ROLE_OFF, ROLE_STEADY };

uint32_t ask(uint32_t function, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return (uint32_t)psci_call_hvc(function, a1, a2, a3);
}

static int check(bool is_native)
{
	uint32_t count = smp_count();

	check_begin("smp_psci");
	printf("smp_psci: %lu CPUs\n", count);
	mmu_enable();
	check_codes(count, is_native);
	check_entries(count);
	check_suspend(count);
	check_races(count, devicetree_argument("rounds", 1000), is_native);
	return check_end();
}

static void steady(void)
{
	uint64_t next = timer_read_virtual();

	for (uint32_t seconds = 1;; seconds++) {
		next += timer_ticks_from_ms(1000);
		while (timer_read_virtual() < next)
			;
		printf("steady: %lu s\n", seconds);
	}
}

int main(void)
{
	bool is_native = devicetree_find_native();

	switch (devicetree_argument("role", ROLE_CHECK)) {
	case ROLE_CHECK:
		return check(is_native);
	case ROLE_RESET:
		live(smp_count(), PSCI_SYSTEM_RESET);
		break;
	case ROLE_OFF:
		live(smp_count(), PSCI_SYSTEM_OFF);
		break;
	default:
		steady();
	}
	return 1;
}
