// SPDX-License-Identifier: BSD-2-Clause
/*
 * See pmu.h. Register semantics: B6.1.
 */
#include "arch/pmu.h"

#include "arch/barrier.h"
#include "arch/cp15.h"

#define SELECT_CYCLES 31u

static uint32_t counters(void)
{
	uint32_t n = (read_PMCR() >> PMCR_N_SHIFT) & PMCR_N_MASK;

	return n < PMU_EVENT_COUNTERS ? n : PMU_EVENT_COUNTERS;
}

static void select_counter(uint32_t n)
{
	write_PMSELR(n);
	isb(); /* selected before the PMXEV registers are used */
}

#define SAVE(name, restored)    state->name = read_##name();
#define RESTORE(name, restored) write_##restored(state->name);

void pmu_save(struct pmu_state *state)
{
	PMU_REGISTERS(SAVE)
	for (uint32_t i = 0; i < counters(); i++) {
		select_counter(i);
		state->type[i] = read_PMXEVTYPER();
		state->count[i] = read_PMXEVCNTR();
	}
	select_counter(SELECT_CYCLES);
	state->cycle_type = read_PMXEVTYPER();
}

void pmu_restore(const struct pmu_state *state)
{
	write_PMCNTENCLR(UINT32_MAX);
	write_PMINTENCLR(UINT32_MAX);
	write_PMOVSR(UINT32_MAX); /* write one to clear */
	for (uint32_t i = 0; i < counters(); i++) {
		select_counter(i);
		write_PMXEVTYPER(state->type[i]);
		write_PMXEVCNTR(state->count[i]);
	}
	select_counter(SELECT_CYCLES);
	write_PMXEVTYPER(state->cycle_type);
	PMU_REGISTERS(RESTORE)
}

void pmu_freeze(struct pmu_state *state)
{
	state->PMCR = read_PMCR();
	write_PMCR(state->PMCR & ~PMCR_E);
}

void pmu_thaw(const struct pmu_state *state)
{
	write_PMCR(state->PMCR);
}
