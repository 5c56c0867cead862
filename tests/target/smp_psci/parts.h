// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the files of the PSCI guest share. CPU 0 is the director, and does the checking.
 */
#ifndef TESTS_SMP_PSCI_PARTS_H
#define TESTS_SMP_PSCI_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#define ALL 0xffffffffu

/* What entry.S finds where CPU_ON enters. */
struct entry_record {
	uint32_t set; /* 0: nobody came; 1: A32, 2: T32 */
	uint32_t context;
	uint32_t cpsr;
	uint32_t sctlr;
	uint32_t ttbcr;
	uint32_t cntv_ctl;
	uint32_t mpidr;
	uint32_t unused[9];
};
extern volatile struct entry_record entry_record;
void entry_a32(void);
void entry_t32(void);

/* One call, its result unsigned for check_equal(). */
uint32_t ask(uint32_t function, uint32_t a1, uint32_t a2, uint32_t a3);

/* The parts of the check: all other CPUs are off before and after each. */
void check_codes(uint32_t count, bool is_native);
void check_entries(uint32_t count);
void check_suspend(uint32_t count);
void check_races(uint32_t count, uint32_t rounds, bool is_native);

/* One life that ends in a reset or a power-off, by some CPU while all are at work. */
void live(uint32_t count, uint32_t last_call);

#endif
