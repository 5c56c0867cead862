// SPDX-License-Identifier: BSD-2-Clause
/*
 * The performance monitors (ARM ARM DDI 0406C, chapter B6): one VM's at a time,
 * exchanged when another VM first touches them, frozen while their VM is away.
 */
#pragma once

#include <stdint.h>

#define PMU_EVENT_COUNTERS 6u /* Cortex-A15; a Cortex-A7 has 4 */

/* X(register, what restores it), in the order of that: what counts or interrupts last. */
/* clang-format off */
#define PMU_REGISTERS(X) \
	X(PMCCNTR, PMCCNTR) X(PMOVSR, PMOVSSET) X(PMUSERENR, PMUSERENR) \
	X(PMSELR, PMSELR) X(PMCNTENSET, PMCNTENSET) X(PMINTENSET, PMINTENSET)
/* clang-format on */

struct pmu_state {
#define PMU_FIELD(name, restored) uint32_t name;
	PMU_REGISTERS(PMU_FIELD)
#undef PMU_FIELD
	uint32_t PMCR;
	uint32_t cycle_type; /* PMXEVTYPER31 */
	uint32_t type[PMU_EVENT_COUNTERS];
	uint32_t count[PMU_EVENT_COUNTERS];
};

/* All but the master switch, which stays off. */
void pmu_save(struct pmu_state *state);
void pmu_restore(const struct pmu_state *state);

/* The master switch, PMCR.E, as the owner goes and comes. */
void pmu_freeze(struct pmu_state *state);
void pmu_thaw(const struct pmu_state *state);
