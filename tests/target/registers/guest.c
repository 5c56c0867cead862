// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fills every register that a world switch must keep with patterns of its own seed,
 * spins for a while, and checks that all are still there; for ever. Two of these
 * with different seeds share a core. Rounds in which the clock jumped were cut by a
 * switch (the VM has real time): enough of those, and it reports once that all is
 * well. A register that differs is named.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/timer.h"

#define ROUND_SPINS    300000u
#define WANTED_CUTS    100u
#define CUT_US         10000u
#define PROGRESS_EACH  5000u
#define MAX_FAILURES   20u
#define CYCLES_A_ROUND 20000000u /* far more than a round's, far less than a slice's */

/* As round.S has it. */
struct round {
	uint32_t usr[2];
	uint32_t svc[3];
	uint32_t abt[3];
	uint32_t und[3];
	uint32_t irq[3];
	uint32_t fiq[8];
	uint32_t general[13];
	uint32_t flags;
	uint32_t fpscr;
	uint32_t unused;
	uint32_t vfp[64];
};

_Static_assert(offsetof(struct round, fiq) == 56, "round.S: FIQ");
_Static_assert(offsetof(struct round, general) == 88, "round.S: GENERAL");
_Static_assert(offsetof(struct round, flags) == 140, "round.S: FLAGS");
_Static_assert(offsetof(struct round, vfp) == 152, "round.S: VFP");

#define ROUND_WORDS  (sizeof(struct round) / 4)
#define WORD(member) (offsetof(struct round, member) / 4)

void registers_round_r0(uint32_t spins, const struct round *in, struct round *out);
void registers_round_r12(uint32_t spins, const struct round *in, struct round *out);

static const char *const round_names[] = {
	"sp_usr",  "lr_usr",  "sp_svc",   "lr_svc", "spsr_svc", "sp_abt",   "lr_abt", "spsr_abt",
	"sp_und",  "lr_und",  "spsr_und", "sp_irq", "lr_irq",   "spsr_irq", "r8_fiq", "r9_fiq",
	"r10_fiq", "r11_fiq", "r12_fiq",  "sp_fiq", "lr_fiq",   "spsr_fiq", "r0",     "r1",
	"r2",      "r3",      "r4",       "r5",     "r6",       "r7",       "r8",     "r9",
	"r10",     "r11",     "r12",      "cpsr",   "fpscr",
};

/* SPSR: flags, GE and masks are ours to choose; the mode stays User's. */
#define SPSR_MASK  0xf80f01c0u
#define SPSR_MODE  0x10u
#define FLAGS_MASK 0x380f0000u /* C, V, Q, GE: the loop needs N and Z */
#define FPSCR_MASK 0xffc0009fu /* all but Len, Stride and trap enables */

static uint32_t seed;
static uint32_t failures;

static uint32_t pattern(uint32_t round, uint32_t index)
{
	uint32_t x = seed * 0x9e3779b9u ^ round * 0x85ebca6bu ^ index * 0xc2b2ae35u;

	x ^= x >> 16;
	x *= 0x7feb352du;
	x ^= x >> 15;
	x *= 0x846ca68bu;
	return x ^ x >> 16;
}

static void compare(uint32_t round, const char *name, uint64_t value, uint64_t expected)
{
	if (value == expected || failures >= MAX_FAILURES)
		return;
	failures++;
	printf("registers: FAILED: round %lu: %s = 0x%llx, expected 0x%llx\n", round, name, value,
	       expected);
}

/* ---- System registers ---- */

struct system_register {
	const char *name;
	uint32_t (*read)(void);
	void (*write)(uint32_t value);
	uint32_t mask;  /* bits that take a pattern, and must hold it */
	uint32_t fixed; /* bits that are always set */
};

#define REGISTER(name, mask, fixed)                                     \
	{                                                               \
#name, cp15_read_##name, cp15_write_##name, mask, fixed \
	}

/* With the MMU off none of these changes what the code does. Masks leave out what is
 * reserved, reads as zero on a Cortex-A15, or needs to stay as it is. */
static const struct system_register system_registers[] = {
	REGISTER(CONTEXTIDR, 0xffffffff, 0),
	REGISTER(TPIDRURW, 0xffffffff, 0),
	REGISTER(TPIDRURO, 0xffffffff, 0),
	REGISTER(TPIDRPRW, 0xffffffff, 0),
	REGISTER(VBAR, 0xffffffe0, 0),
	REGISTER(DACR, 0xffffffff, 0),
	REGISTER(DFAR, 0xffffffff, 0),
	REGISTER(IFAR, 0xffffffff, 0),
	REGISTER(DFSR, 0x00003cff, 0),
	REGISTER(IFSR, 0x0000140f, 0),
	REGISTER(PRRR, 0xff0fffff, 0),
	REGISTER(NMRR, 0xffffffff, 0),
	REGISTER(CSSELR, 0x00000003, 0),
	REGISTER(SCTLR, 0x30000000, 0x00c50078), /* AFE, TRE; the rest as at reset */
	REGISTER(CNTKCTL, 0x000003ff, 0),
	{ "TEECR", cp14_read_TEECR, cp14_write_TEECR, 0x00000001, 0 },
	{ "TEEHBR", cp14_read_TEEHBR, cp14_write_TEEHBR, 0xfffffffc, 0 },
};

/* The performance monitors, counters stopped. */
static const struct system_register pmu_registers[] = {
	REGISTER(PMCCNTR, 0xffffffff, 0),    REGISTER(PMSELR, 0x00000003, 0),
	REGISTER(PMXEVTYPER, 0x000000ff, 0), /* of the counter selected before */
	REGISTER(PMXEVCNTR, 0xffffffff, 0),  REGISTER(PMUSERENR, 0x00000001, 0),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void write_table(const struct system_register *table, uint32_t count, uint32_t salt,
			uint32_t round)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct system_register *row = &table[i];

		row->write((pattern(round, salt + i) & row->mask) | row->fixed);
		cpu_instruction_barrier();
	}
}

static void check_table(const struct system_register *table, uint32_t count, uint32_t salt,
			uint32_t round)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct system_register *row = &table[i];
		uint32_t mask = row->mask | row->fixed;

		compare(round, row->name, row->read() & mask,
			(pattern(round, salt + i) & row->mask) | row->fixed);
	}
}

/* ---- What has 64 bits, or a companion ---- */

#define SALT_SYSTEM 1000u
#define SALT_PMU    1100u
#define SALT_WIDE   1200u

#define TTBCR_EAE      0x80000000u
#define TTBR_MASK      0xffffc07bu
#define TTBR_64_MASK   0x00ff00ffffffffe0u
#define TIMER_CVAL_TOP 0x7fffffff00000000u /* not in our lifetime */

static uint64_t wide_pattern(uint32_t round, uint32_t index)
{
	return (uint64_t)pattern(round, SALT_WIDE + index) << 32 |
	       pattern(round, SALT_WIDE + 50 + index);
}

/* Every other round uses the long-descriptor format's registers. */
static bool is_long(uint32_t round)
{
	return round % 2 != 0;
}

static uint64_t cval_pattern(uint32_t round)
{
	return TIMER_CVAL_TOP | pattern(round, SALT_WIDE + 9);
}

/* VFP for privileged code, and in some rounds for all: cp10 and cp11 alike. */
static uint32_t cpacr_pattern(uint32_t round)
{
	return 0x00500000 | (pattern(round, SALT_WIDE + 8) & 1 ? 0x00a00000 : 0);
}

static void write_wide(uint32_t round)
{
	cp15_write_CPACR(cpacr_pattern(round));
	cp15_write_TTBCR(is_long(round) ? TTBCR_EAE : pattern(round, SALT_WIDE) & 7);
	cpu_instruction_barrier();
	if (is_long(round)) {
		cp15_write_TTBR0_64(wide_pattern(round, 1) & TTBR_64_MASK);
		cp15_write_TTBR1_64(wide_pattern(round, 2) & TTBR_64_MASK);
	} else {
		cp15_write_TTBR0(pattern(round, SALT_WIDE + 1) & TTBR_MASK);
		cp15_write_TTBR1(pattern(round, SALT_WIDE + 2) & TTBR_MASK);
	}
	cp15_write_PAR_64(wide_pattern(round, 3));
	cp15_write_CNTV_CVAL(cval_pattern(round));
	cp15_write_CNTV_CTL(TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
}

static void check_wide(uint32_t round)
{
	compare(round, "CPACR", cp15_read_CPACR(), cpacr_pattern(round));
	compare(round, "TTBCR", cp15_read_TTBCR(),
		is_long(round) ? TTBCR_EAE : pattern(round, SALT_WIDE) & 7);
	if (is_long(round)) {
		compare(round, "TTBR0 (64)", cp15_read_TTBR0_64(),
			wide_pattern(round, 1) & TTBR_64_MASK);
		compare(round, "TTBR1 (64)", cp15_read_TTBR1_64(),
			wide_pattern(round, 2) & TTBR_64_MASK);
	} else {
		compare(round, "TTBR0", cp15_read_TTBR0(),
			pattern(round, SALT_WIDE + 1) & TTBR_MASK);
		compare(round, "TTBR1", cp15_read_TTBR1(),
			pattern(round, SALT_WIDE + 2) & TTBR_MASK);
	}
	compare(round, "PAR", cp15_read_PAR_64(), wide_pattern(round, 3));
	compare(round, "CNTV_CVAL", cp15_read_CNTV_CVAL(), cval_pattern(round));
	compare(round, "CNTV_CTL", cp15_read_CNTV_CTL(), TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
}

/* ---- The performance monitors: stopped, running, or left alone in turn ---- */

#define PMCR_E      0x1u
#define PMCNTEN_CCR 0x80000000u

enum pmu_use { PMU_PATTERNS, PMU_COUNTS, PMU_ALONE };

static enum pmu_use pmu_use(uint32_t round)
{
	/* Stretches longer than a slice, so that a lazy switch is lazy; seeds 1 and 2
	 * are in different ones, so that one counts while the other lets it be. */
	uint32_t stretch = (round / 200 + seed) % 4;

	return stretch == 0 ? PMU_PATTERNS : stretch == 1 ? PMU_COUNTS : PMU_ALONE;
}

static void write_pmu(uint32_t round)
{
	switch (pmu_use(round)) {
	case PMU_PATTERNS:
		cp15_write_PMCR(0);
		cp15_write_PMCNTENSET(PMCNTEN_CCR | 5);
		cp15_write_PMINTENSET(6);
		/* Selected before the pattern for PMSELR comes: counter 0..3. */
		write_table(pmu_registers, COUNT(pmu_registers), SALT_PMU, round);
		return;
	case PMU_COUNTS:
		cp15_write_PMCNTENSET(PMCNTEN_CCR);
		cp15_write_PMCCNTR(0);
		cp15_write_PMCR(PMCR_E);
		return;
	case PMU_ALONE:
		return;
	}
}

static void check_pmu(uint32_t round)
{
	uint32_t cycles;

	switch (pmu_use(round)) {
	case PMU_PATTERNS:
		compare(round, "PMCNTENSET", cp15_read_PMCNTENSET(), PMCNTEN_CCR | 5);
		compare(round, "PMINTENSET", cp15_read_PMINTENSET(), 6);
		compare(round, "PMCR.E", cp15_read_PMCR() & PMCR_E, 0);
		check_table(pmu_registers, COUNT(pmu_registers), SALT_PMU, round);
		cp15_write_PMINTENCLR(0xffffffff);
		cp15_write_PMCNTENCLR(0xffffffff);
		return;
	case PMU_COUNTS:
		cycles = cp15_read_PMCCNTR();
		cp15_write_PMCR(0);
		compare(round, "PMCCNTR counts", cycles != 0, 1);
		/* It must not have counted the other VM's time. */
		if (cycles >= CYCLES_A_ROUND)
			compare(round, "PMCCNTR: cycles of one round", cycles, 0);
		return;
	case PMU_ALONE:
		return;
	}
}

/* ---- A round ---- */

static uint32_t round_mask(uint32_t word)
{
	if (word == WORD(svc[2]) || word == WORD(abt[2]) || word == WORD(und[2]) ||
	    word == WORD(irq[2]) || word == WORD(fiq[7]))
		return SPSR_MASK;
	if (word == WORD(flags))
		return FLAGS_MASK;
	if (word == WORD(fpscr))
		return FPSCR_MASK;
	return 0xffffffff;
}

static void fill_round(struct round *in, uint32_t round)
{
	uint32_t *words = (uint32_t *)in;

	for (uint32_t i = 0; i < ROUND_WORDS; i++) {
		words[i] = pattern(round, i) & round_mask(i);
		if (round_mask(i) == SPSR_MASK)
			words[i] |= SPSR_MODE;
	}
}

static void check_round(const struct round *in, const struct round *out, uint32_t round)
{
	static const uint32_t counter[2] = { WORD(general[0]), WORD(general[12]) };
	const uint32_t *expected = (const uint32_t *)in;
	const uint32_t *found = (const uint32_t *)out;

	for (uint32_t i = 0; i < WORD(unused); i++) {
		/* The counter must have reached 0, no more and no less. */
		uint32_t want = i == counter[round % 2] ? 0 : expected[i] & round_mask(i);

		compare(round, round_names[i], found[i] & round_mask(i), want);
	}
	for (uint32_t i = 0; i < 64; i++) {
		char name[8];

		if (out->vfp[i] == in->vfp[i])
			continue;
		snprintf(name, sizeof(name), "s%lu", i); /* d16.. have no such name: s32.. */
		compare(round, name, out->vfp[i], in->vfp[i]);
	}
}

/* One round; true if it was cut by a switch. */
static bool run_round(uint32_t round)
{
	static struct round in, out;
	uint32_t vbar = cp15_read_VBAR();
	uint32_t sctlr = cp15_read_SCTLR();
	uint64_t start;
	uint32_t us;

	fill_round(&in, round);
	write_table(system_registers, COUNT(system_registers), SALT_SYSTEM, round);
	write_wide(round);
	write_pmu(round);
	start = timer_read_virtual();
	if (round % 2 == 0)
		registers_round_r0(ROUND_SPINS, &in, &out);
	else
		registers_round_r12(ROUND_SPINS, &in, &out);
	us = timer_us_from_ticks(timer_read_virtual() - start);

	check_pmu(round);
	check_wide(round);
	check_table(system_registers, COUNT(system_registers), SALT_SYSTEM, round);
	cp15_write_VBAR(vbar);
	cp15_write_SCTLR(sctlr);
	cpu_instruction_barrier();
	check_round(&in, &out, round);
	return us > CUT_US;
}

int main(void)
{
	uint32_t cuts = 0;

	seed = devicetree_argument("seed", 0);
	printf("registers: seed %lu\n", seed);
	for (uint32_t round = 1;; round++) {
		bool was_cut = run_round(round);

		cuts += was_cut;
		if (was_cut && cuts == WANTED_CUTS && failures == 0)
			printf("registers: ok %lu rounds, %lu cut by a switch\n", round, cuts);
		if (round % PROGRESS_EACH == 0)
			printf("registers: %lu rounds, %lu cut, %lu failures\n", round, cuts,
			       failures);
	}
}
