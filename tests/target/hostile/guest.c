// SPDX-License-Identifier: BSD-2-Clause
/*
 * A hostile guest: `ops` random operations, by `seed` the same in each run: accesses
 * of all widths and forms to its devices and to holes, coprocessor instructions,
 * hypercalls, modes, tables that lead nowhere, timers, sleep. Whatever it does to
 * itself it repairs; that it gets to its last line, and its neighbours don't notice,
 * is the test. It never asks to be switched off or reset: that is the last line's.
 */
#include <stdio.h>

#include "guests/lib/console.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/platform.h"
#include "tests/target/hostile/hostile.h"

#define REPORTS 10u

/* A device access of the plain kind: no form that needs decoding. */
static void play_access(void)
{
	static const uint32_t loads[] = { 0xe5912000, 0xe1d120b0, 0xe5d12000, 0xe1d120d0 };
	static const uint32_t stores[] = { 0xe5812000, 0xe1c120b0, 0xe5c12000 };

	if (dice_below(2))
		play_instruction(loads[dice_below(4)], 0, CPU_MODE_SVC);
	else
		play_instruction(stores[dice_below(3)], 0, CPU_MODE_SVC);
}

static void (*const plays[])(void) = {
	play_access,      play_access,     play_access,      play_load_store,
	play_load_store,  play_load_store, play_coprocessor, play_coprocessor,
	play_coprocessor, play_call,       play_state,       play_walk,
};

#define PLAYS      (sizeof(plays) / sizeof(plays[0]))
#define SLEEP_EACH 2048u /* for each sleep costs a slice of the others */

static void play(void)
{
	if (dice_below(SLEEP_EACH) == 0)
		play_sleep();
	else
		plays[dice_below(PLAYS)]();
	play_restore();
}

int main(void)
{
	uint32_t ops = devicetree_argument("ops", 100000);
	uint32_t seed = devicetree_argument("seed", 1);

	printf("hostile: seed %lu, %lu operations\n", seed, ops);
	dice_seed(seed);
	play_init();
	for (uint32_t i = 1; i <= ops; i++) {
		play();
		if (i % (ops / REPORTS) == 0 || i == ops) {
			console_enable();
			printf("\nhostile: %lu operations\n", i);
		}
	}
	printf("hostile: done %lu operations\n", ops);
	printf("hostile: went well %lu, undefined %lu, fetch aborts %lu, data aborts %lu, "
	       "interrupts %lu\n",
	       outcomes[2], outcomes[1], outcomes[3], outcomes[4], outcomes[6] + outcomes[7]);
	return 0;
}
