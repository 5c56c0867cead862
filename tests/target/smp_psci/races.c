// SPDX-License-Identifier: BSD-2-Clause
/*
 * Several CPUs start the same one at once. While it stays on, exactly one of them is
 * told SUCCESS and its context is what arrives; while it goes off again at once, there
 * are as many arrivals by a CPU's context as SUCCESSes it was told.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "tests/target/smp_psci/parts.h"

#define NOBODY 0xffu

static struct smp_boot boots[SMP_MAX_CPUS]; /* by caller */
static struct smp_barrier barrier;
static volatile uint32_t arrived[SMP_MAX_CPUS]; /* by caller whose context it was */
static volatile int32_t results[SMP_MAX_CPUS];
static volatile uint32_t successes[SMP_MAX_CPUS];
static volatile uint32_t may_leave;
static volatile uint32_t strange; /* answers that must not be */
static uint32_t target, callers, race_rounds;

static uint32_t dice(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static void arrive(uint32_t caller)
{
	smp_prepare_nap();
	arrived[caller]++;
	while (!may_leave)
		smp_relax();
}

static int32_t call_plainly(uint32_t caller)
{
	return psci_call_hvc(PSCI_CPU_ON, target, (uint32_t)smp_entry, (uint32_t)&boots[caller]);
}

/* QEMU 7.2 says SUCCESS to all who ask before the CPU is there: one after the other,
 * then. Everything else about the race stays. */
static int32_t call_in_turn(uint32_t caller)
{
	static struct smp_lock lock;
	int32_t result;

	boots[caller].has_begun = 0;
	smp_lock(&lock);
	result = call_plainly(caller);
	while (result == PSCI_SUCCESS && !*(volatile uint32_t *)&boots[caller].has_begun)
		smp_relax();
	smp_unlock(&lock);
	return result;
}

/* Which of them it is. */
static int32_t (*call)(uint32_t caller);

static uint32_t arrivals(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < SMP_MAX_CPUS; i++)
		sum += arrived[i];
	return sum;
}

/* On CPU 0, when all have their answers; the target is on, or is coming. */
static void judge_round(uint32_t before)
{
	uint32_t winner = NOBODY, winners = 0;

	for (uint32_t cpu = 0; cpu < callers; cpu++) {
		if (results[cpu] == PSCI_SUCCESS) {
			winner = cpu;
			winners++;
		} else if (results[cpu] != PSCI_ALREADY_ON && results[cpu] != PSCI_ON_PENDING) {
			strange++;
		}
	}
	check_equal("one race has one winner", winners, 1, ALL);
	if (winners == 0)
		return;
	while (arrivals() == before)
		smp_relax();
	successes[winner]++;
	check_equal("the winner's context arrives", arrived[winner], successes[winner], ALL);
	check_equal("AFFINITY_INFO of who has arrived", ask(PSCI_AFFINITY_INFO, target, 0, 0),
		    PSCI_AFFINITY_ON, ALL);
}

static void race(uint32_t unused)
{
	uint32_t cpu = smp_cpu(), state = cpu + 1;

	(void)unused;
	smp_prepare_nap();
	for (uint32_t round = 0; round < race_rounds; round++) {
		uint32_t before = arrivals();

		smp_barrier_wait(&barrier, callers);
		for (uint32_t turns = dice(&state) % 64; turns; turns--)
			cpu_yield();
		results[cpu] = call(cpu);
		smp_barrier_wait(&barrier, callers);
		if (cpu == 0) {
			judge_round(before);
			may_leave = 1;
			smp_wait_off(target);
			may_leave = 0;
		}
	}
}

/* Again and again, as the target goes off at once. */
static void race_with_off(uint32_t unused)
{
	uint32_t cpu = smp_cpu();

	(void)unused;
	smp_prepare_nap();
	smp_barrier_wait(&barrier, callers);
	while (successes[cpu] < race_rounds) {
		int32_t result = call(cpu);
		uint32_t state;

		if (result == PSCI_SUCCESS)
			successes[cpu]++;
		else if (result != PSCI_ALREADY_ON && result != PSCI_ON_PENDING)
			strange++;
		state = ask(PSCI_AFFINITY_INFO, target, 0, 0);
		if (state > PSCI_AFFINITY_ON_PENDING)
			strange++;
	}
}

static void run(smp_function function, uint32_t rounds)
{
	strange = 0;
	race_rounds = rounds;
	for (uint32_t cpu = 0; cpu < SMP_MAX_CPUS; cpu++)
		arrived[cpu] = successes[cpu] = 0;
	for (uint32_t cpu = 1; cpu < callers; cpu++)
		smp_start(cpu, function, 0);
	function(0);
	for (uint32_t cpu = 1; cpu <= target; cpu++)
		smp_wait_off(cpu);
	check_equal("answers that CPU_ON does not have", strange, 0, ALL);
	for (uint32_t cpu = 0; cpu < callers; cpu++)
		check_equal("as many arrivals as SUCCESSes", arrived[cpu], successes[cpu], ALL);
}

void check_races(uint32_t count, uint32_t rounds, bool is_native)
{
	if (count < 2)
		return;
	call = is_native ? call_in_turn : call_plainly;
	target = count - 1;
	callers = count - 1;
	for (uint32_t cpu = 0; cpu < callers; cpu++)
		smp_prepare(&boots[cpu], target, arrive, cpu);
	may_leave = 0;
	smp_let_nap(true);
	run(race, rounds);
	may_leave = 1;
	run(race_with_off, rounds);
	smp_let_nap(false);
	printf("smp_psci: %lu races of %lu CPUs\n", rounds, callers);
}
