// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fills every register with canaries of its own seed, is switched away from, and looks
 * whether all are as it left them; then restarts itself, and looks for anything that
 * is not as after a reset. Two of these share a core: what one finds of the other's is
 * a leak. The canaries differ in every bit that can differ.
 */
#include <stdio.h>

#include "arch/switch.h"
#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "tests/target/leak/registers.h"

#define ALL    0xffffffffu
#define ROUNDS 20u
#define SPINS  400000u /* more than a slice */

extern uint32_t leak_entry_general[20];
extern uint32_t leak_entry_vfp[64];
void leak_record(void);
void leak_hold(uint32_t spins, const uint32_t in[3], uint32_t out[3]);

/* ---- Access ---- */

#define BANKED_ACCESS(name, mask, kept, reset)                                  \
	static uint64_t read_##name(void)                                       \
	{                                                                       \
		uint32_t value;                                                 \
		__asm__ volatile("mrs %0, " #name : "=r"(value));               \
		return value;                                                   \
	}                                                                       \
	static void write_##name(uint64_t value)                                \
	{                                                                       \
		__asm__ volatile("msr " #name ", %0" : : "r"((uint32_t)value)); \
	}
LEAK_BANKED(BANKED_ACCESS)

CP15_BOTH(FCSEIDR, 0, c13, c0, 0)
#define cp15_read_TEECR   cp14_read_TEECR
#define cp15_write_TEECR  cp14_write_TEECR
#define cp15_read_TEEHBR  cp14_read_TEEHBR
#define cp15_write_TEEHBR cp14_write_TEEHBR
#define cp15_read_PAR     cp15_read_PAR_64
#define cp15_write_PAR    cp15_write_PAR_64
#define cp15_read_TTBR0   cp15_read_TTBR0_64
#define cp15_write_TTBR0  cp15_write_TTBR0_64
#define cp15_read_TTBR1   cp15_read_TTBR1_64
#define cp15_write_TTBR1  cp15_write_TTBR1_64

/* Set and clear are two registers. */
#define SET_AND_CLEAR(name)                           \
	static uint32_t cp15_read_##name(void)        \
	{                                             \
		return cp15_read_##name##SET();       \
	}                                             \
	static void cp15_write_##name(uint32_t value) \
	{                                             \
		cp15_write_##name##CLR(ALL);          \
		cp15_write_##name##SET(value);        \
	}
SET_AND_CLEAR(PMCNTEN)
SET_AND_CLEAR(PMINTEN)

static uint32_t cp15_read_GICC_PMR(void)
{
	return mmio_read32(PLATFORM_GICC + GICC_PMR);
}

static void cp15_write_GICC_PMR(uint32_t value)
{
	mmio_write32(PLATFORM_GICC + GICC_PMR, value);
}

static uint32_t cp15_read_GICC_BPR(void)
{
	return mmio_read32(PLATFORM_GICC + GICC_BPR);
}

static void cp15_write_GICC_BPR(uint32_t value)
{
	mmio_write32(PLATFORM_GICC + GICC_BPR, value | 4); /* 2 is the least */
}

#define CP15_ACCESS(name, mask, kept, reset)        \
	static uint64_t read_##name(void)           \
	{                                           \
		return cp15_read_##name();          \
	}                                           \
	static void write_##name(uint64_t value)    \
	{                                           \
		cp15_write_##name((uint32_t)value); \
		cpu_instruction_barrier();          \
	}
#define CP15_ACCESS_64(name, mask, kept, reset)  \
	static uint64_t read_##name(void)        \
	{                                        \
		return cp15_read_##name();       \
	}                                        \
	static void write_##name(uint64_t value) \
	{                                        \
		cp15_write_##name(value);        \
		cpu_instruction_barrier();       \
	}
LEAK_CP15_32(CP15_ACCESS)
LEAK_CP15_64(CP15_ACCESS_64)

/* ---- The table ---- */

struct leak_register {
	const char *name;
	uint64_t (*read)(void);
	void (*write)(uint64_t value);
	uint64_t mask;
	uint64_t kept;
	uint64_t reset;
};

#define ROW(name, mask, kept, reset) { #name, read_##name, write_##name, mask, kept, reset },
static const struct leak_register registers[] = { LEAK_BANKED(ROW) LEAK_CP15_32(ROW)
							  LEAK_CP15_64(ROW) };
#define COUNT (sizeof(registers) / sizeof(registers[0]))

/* Each register that the hypervisor switches is in our lists (or in entry.S): else
 * this does not compile. */
#define NUMBER(name, mask, kept, reset) LEAK_##name,
enum {
	LEAK_BANKED(NUMBER) LEAK_CP15_32(NUMBER) LEAK_CP15_64(NUMBER) LEAK_SP_svc,
	LEAK_LR_svc,
	LEAK_SPSR_svc,
	LEAK_CPACR,
	LEAK_VMPIDR
};
#define KNOWN(slot, name) _Static_assert(LEAK_##name >= 0, #name);
SWITCH_BANKED(KNOWN)
SWITCH_CP15_32(KNOWN)
SWITCH_CP15_64(KNOWN)

/* ---- At the start ---- */

/* In .data: there is no .bss yet when it is filled. */
static uint64_t at_entry[COUNT] __attribute__((section(".data")));
static uint32_t mpidr_at_entry __attribute__((section(".data")));

void leak_record(void)
{
	for (uint32_t i = 0; i < COUNT; i++)
		at_entry[i] = registers[i].read();
	mpidr_at_entry = cp15_read_MPIDR();
}

static void check(const char *when, const char *name, uint64_t value, uint64_t expected)
{
	char text[80];

	snprintf(text, sizeof(text), "%s: %s", when, name);
	check_equal(text, (uint32_t)value, (uint32_t)expected, ALL);
	if (value >> 32 || expected >> 32)
		check_equal(text, value >> 32, expected >> 32, ALL);
}

static void check_start(void)
{
	static const char *const names[] = { "r0",       "r1",    "r2",    "r3",     "r4",
					     "r5",       "r6",    "r7",    "r8",     "r9",
					     "r10",      "r11",   "r12",   "SP_svc", "LR_svc",
					     "SPSR_svc", "CPACR", "FPEXC", "FPSCR" };

	for (uint32_t i = 3; i < 19; i++)
		check("at the start", names[i], leak_entry_general[i], 0);
	for (uint32_t i = 0; i < 64; i++)
		check("at the start", "a VFP register", leak_entry_vfp[i], 0);
	for (uint32_t i = 0; i < COUNT; i++)
		/* VMSA leaves bits of CTLs open; ISTATUS of a timer that is off, too. */
		check("at the start", registers[i].name,
		      at_entry[i] & (registers[i].mask | registers[i].kept | registers[i].reset),
		      registers[i].reset);
	check("at the start", "MPIDR", mpidr_at_entry, 0x80000000);
}

/* ---- Canaries ---- */

static uint32_t seed;

/* Seed 1's are the complement of seed 0's. */
static uint64_t canary(uint32_t round, uint32_t i)
{
	uint64_t x = (round + 1) * 0x9e3779b97f4a7c15ull ^ (i + 1) * 0xc2b2ae3d27d4eb4full;

	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 32;
	return seed ? ~x : x;
}

static uint64_t value_of(uint32_t round, uint32_t i)
{
	return (canary(round, i) & registers[i].mask) | registers[i].kept;
}

static void plant_vfp(uint32_t round)
{
	uint32_t values[64];

	for (uint32_t i = 0; i < 64; i++)
		values[i] = (uint32_t)canary(round, 100 + i);
	__asm__ volatile(".fpu neon-vfpv4\n\t"
			 "vldmia %0, {d0-d15}\n\t"
			 "add r3, %0, #128\n\t"
			 "vldmia r3, {d16-d31}"
			 :
			 : "r"(values)
			 : "r3", "memory");
}

static void check_vfp(uint32_t round)
{
	uint32_t values[64];

	__asm__ volatile(".fpu neon-vfpv4\n\t"
			 "vstmia %0, {d0-d15}\n\t"
			 "add r3, %0, #128\n\t"
			 "vstmia r3, {d16-d31}"
			 :
			 : "r"(values)
			 : "r3", "memory");
	for (uint32_t i = 0; i < 64; i++)
		check("after a switch", "a VFP register", values[i],
		      (uint32_t)canary(round, 100 + i));
}

static void play_round(uint32_t round)
{
	uint32_t in[3], out[3];
	uint64_t found[COUNT];

	/* TTBCR before the TTBRs: it says how wide they are. */
	for (uint32_t i = 0; i < COUNT; i++)
		registers[i].write(value_of(round, i));
	plant_vfp(round);
	in[0] = (uint32_t)canary(round, 200);
	in[1] = (uint32_t)canary(round, 201);
	in[2] = ((uint32_t)canary(round, 202) & 0xf80f01c0) | 0x10;
	leak_hold(SPINS, in, out);
	for (uint32_t i = 0; i < COUNT; i++)
		found[i] = registers[i].read() & (registers[i].mask | registers[i].kept);
	check("after a switch", "SP_svc", out[0], in[0]);
	check("after a switch", "LR_svc", out[1], in[1]);
	check("after a switch", "SPSR_svc", out[2], in[2]);
	check_vfp(round);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint64_t expected = value_of(round, i);

		/* FCSE is optional: then it reads as zero (B4.1.62). */
		if (registers[i].read == read_FCSEIDR && found[i] == 0)
			continue;
		if (registers[i].read == read_GICC_BPR)
			expected |= 4;
		check("after a switch", registers[i].name, found[i], expected);
	}
}

int main(void)
{
	char name[16];

	seed = devicetree_argument("seed", 0);
	snprintf(name, sizeof(name), "leak-%lu", seed);
	check_begin(name);
	check_start();
	/* The two restart at different times, often enough in each other's midst. */
	for (uint32_t round = 0; round < ROUNDS + seed * 3; round++)
		play_round(round);
	check_end();
	psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	printf("leak: FAILED: SYSTEM_RESET returned\n");
	return 1;
}
