// SPDX-License-Identifier: BSD-2-Clause
/*
 * See hostile.h: dice, single instructions, and repair.
 */
#include <string.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/probe.h"
#include "tests/target/hostile/hostile.h"

#define RTC       0x09010000u
#define HOLE      0x0b000000u
#define RAM_MASK  0xff000000u /* what is ours, and more: left alone */
#define CPSR_A    0x100u
#define CPSR_E    0x200u
#define CPSR_FREE 0xf80f03c0u /* flags, GE, E, A, I, F */
#define SVC_T32   0xdf00u
#define SVC_A32   0xef000000u

uint32_t outcomes[8];

static uint32_t state;

void dice_seed(uint32_t seed)
{
	state = seed * 2654435761u + 1;
}

uint32_t dice(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

uint32_t dice_below(uint32_t limit)
{
	return (uint32_t)((uint64_t)dice() * limit >> 32);
}

uint32_t dice_high;

uint32_t dice_address(void)
{
	static const uint32_t places[] = {
		PLATFORM_GICD, PLATFORM_GICD, PLATFORM_GICD, PLATFORM_GICC, PLATFORM_GICC + 0x1000,
		PLATFORM_UART, PLATFORM_UART, RTC,           HOLE,
	};
	uint32_t place = dice_below(sizeof(places) / 4 + 1);
	uint32_t address = dice();

	if (place < sizeof(places) / 4)
		/* Mostly registers, sometimes off them, sometimes near the end. */
		return (places[place] + (dice_below(8) ? address & 0xffc : address & 0xfff)) |
		       dice_high;
	address |= dice_high;
	return (address & RAM_MASK) == PLATFORM_RAM ? HOLE : address;
}

uint32_t play_mode(void)
{
	static const uint32_t modes[] = { CPU_MODE_USR, CPU_MODE_USR, CPU_MODE_SYS,
					  CPU_MODE_SVC, CPU_MODE_SVC, CPU_MODE_FIQ,
					  CPU_MODE_IRQ, CPU_MODE_ABT, CPU_MODE_UND };

	return modes[dice_below(sizeof(modes) / 4)];
}

/* An instruction stands in the midst of two pages that are all SVC: whatever it
 * branches to relative to the PC, it ends; what it writes there is soon put right. */
#define CODE_WORDS   2048u
#define CODE_AT      1024u
#define REPAIR_WORDS 64u
static uint32_t code[2][CODE_WORDS] __attribute__((aligned(4096)));

static uint32_t filler(uint32_t is_thumb)
{
	return is_thumb ? SVC_T32 << 16 | SVC_T32 : SVC_A32;
}

static void repair_code(uint32_t is_thumb)
{
	static uint32_t at[2];

	for (uint32_t i = 0; i < REPAIR_WORDS; i++)
		code[is_thumb][at[is_thumb]++ % CODE_WORDS] = filler(is_thumb);
}

static uint32_t write_code(uint32_t encoding, uint32_t is_thumb)
{
	uint32_t *at = &code[is_thumb][CODE_AT];

	repair_code(is_thumb);
	at[1] = at[2] = filler(is_thumb);
	if (!is_thumb)
		at[0] = encoding;
	else if (encoding >> 16)
		at[0] = encoding << 16 | encoding >> 16;
	else
		at[0] = SVC_T32 << 16 | encoding;
	cpu_data_barrier();
	cp15_write_ICIALLU(0);
	cpu_instruction_barrier();
	return (uint32_t)at;
}

/* The offset of LDR and STR, as A8.4.3 shifts it. */
static uint32_t shifted(uint32_t value, uint32_t type, uint32_t amount, uint32_t carry)
{
	switch (type) {
	case 0:
		return value << amount;
	case 1:
		return amount ? value >> amount : 0;
	case 2:
		return (uint32_t)((int32_t)value >> (amount ? amount : 31));
	default:
		return amount ? value >> amount | value << (32 - amount) : value >> 1 | carry << 31;
	}
}

static uint32_t value_of(const struct probe_start *start, uint32_t n)
{
	const uint32_t others[] = { start->sp, start->lr, start->pc };

	return n < 13 ? start->r[n] : others[n - 13];
}

/* Two registers may add up to an address of our own RAM: the guest would only harm
 * itself, and be blamed for it. */
static uint32_t reaches_ram(const struct probe_start *start, uint32_t encoding, uint32_t is_thumb)
{
	uint32_t base = encoding >> 16 & 0xf, index = encoding & 0xf;
	uint32_t type = encoding >> 5 & 3, amount = encoding >> 7 & 0x1f;

	if (is_thumb) {
		type = 0;
		amount = encoding >> 16 ? encoding >> 4 & 3 : 0;
		base = encoding >> 16 ? base : encoding >> 3 & 7;
		index = encoding >> 16 ? index : encoding >> 6 & 7;
	} else if (!(encoding & 0x06000000)) {
		type = amount = 0; /* halfwords and doubles */
	}
	index = shifted(value_of(start, index), type, amount, start->cpsr >> 29 & 1);
	base = value_of(start, base);
	return ((base + index) & RAM_MASK) == PLATFORM_RAM ||
	       ((base - index) & RAM_MASK) == PLATFORM_RAM;
}

void play_instruction(uint32_t encoding, uint32_t is_thumb, uint32_t mode)
{
	static struct probe probe;
	struct probe_start *start = &probe.start;

	for (uint32_t i = 0; i < 8; i++)
		start->r[i] = dice_address();
	for (uint32_t i = 8; i < 13; i++)
		start->r[i] = dice_below(64);
	start->sp = dice_address();
	start->lr = dice_address();
	start->pc = write_code(encoding, is_thumb);
	start->cpsr = mode | (dice() & CPSR_FREE) | (is_thumb ? CPU_CPSR_T : 0);
	if (dice_below(4))
		start->cpsr &= ~CPSR_E;
	if (reaches_ram(start, encoding, is_thumb))
		return;
	probe_run(&probe);
	outcomes[probe.result.vector & 7]++;
}

/* What may not be left as a play has left it. */
static uint32_t sctlr, cpacr, vbar;

void play_init(void)
{
	sctlr = cp15_read_SCTLR();
	cpacr = cp15_read_CPACR();
	vbar = cp15_read_VBAR();
	for (uint32_t i = 0; i < CODE_WORDS / REPAIR_WORDS; i++) {
		repair_code(0);
		repair_code(1);
	}
}

static void end_interrupts(void)
{
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t iar = gic_acknowledge();

		if ((iar & GIC_IAR_INTID) >= 1020)
			return;
		gic_end(iar);
	}
}

void play_restore(void)
{
	cp15_write_SCTLR(sctlr);
	cpu_instruction_barrier();
	cp15_write_TTBCR(0);
	cp15_write_CPACR(cpacr);
	cp15_write_VBAR(vbar);
	cp15_write_TLBIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
	/* Now and then let the interrupts that it has made go. */
	if (dice_below(16))
		return;
	cp15_write_CNTV_CTL(0);
	cp15_write_CNTP_CTL(0);
	end_interrupts();
}
