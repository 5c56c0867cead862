// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hostile guest's operations; see hostile.h. Each leaves out only what would end
 * the game by its own rules, not by the hypervisor's.
 */
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"
#include "tests/target/hostile/hostile.h"

#define ALWAYS 0xe0000000u

/* ---- Loads and stores of every kind ---- */

/* mask: bits that the dice decide; the rest is as in `match`. Without the media
 * instructions: a BFI to the PC, which QEMU takes for a branch, led to our own start. */
struct space {
	uint32_t match;
	uint32_t mask;
	uint8_t is_thumb;
};

static const struct space spaces[] = {
	{ 0x04000000, 0x01ffffff, 0 }, /* LDR, STR and bytes, immediate */
	{ 0x06000000, 0x01ffffef, 0 }, /* and register */
	{ 0x01000090, 0x00ffff0f, 0 }, /* SWP, exclusives */
	{ 0x000000b0, 0x01ffff4f, 0 }, /* halfwords and doubles */
	{ 0x08000000, 0x01ff7fff, 0 }, /* LDM, STM, without the PC */
	{ 0x0c000a00, 0x03fff1ff, 0 }, /* VFP */
	{ 0x04000000, 0x03ffffff, 2 }, /* unconditional: NEON, PLD, RFE, SRS */
	{ 0xe8000000, 0x01ff7fff, 1 }, /* T32 LDM, LDRD, exclusives */
	{ 0xf8000000, 0x01ffffff, 1 }, /* T32 LDR ... */
	{ 0xf9000000, 0x00ffffff, 1 }, { 0x00005000, 0x00000fff, 1 }, /* T16 */
	{ 0x00006000, 0x00003fff, 1 }, { 0x0000c000, 0x00000fff, 1 }, { 0x0000b400, 0x00000aff, 1 },
};

/* A base that is the PC and written back: QEMU 7.2 ends itself over some of these. */
static uint32_t is_fatal(uint32_t encoding, const struct space *space)
{
	uint32_t writes_back = space->is_thumb == 1 ? encoding & 1u << 21 || encoding & 1u << 8
						    : encoding & 1u << 21 || !(encoding & 1u << 24);

	return (encoding >> 16 & 0xf) == 15 && writes_back;
}

void play_load_store(void)
{
	const struct space *space = &spaces[dice_below(sizeof(spaces) / sizeof(spaces[0]))];
	uint32_t encoding = space->match | (dice() & space->mask);

	if (is_fatal(encoding, space))
		return;
	if (space->is_thumb == 2)
		encoding |= 0xf0000000;
	else if (space->is_thumb == 0)
		encoding |= dice_below(4) ? ALWAYS : dice_below(15) << 28;
	play_instruction(encoding, space->is_thumb == 1, play_mode());
}

/* ---- Coprocessors ---- */

#define MCR_MRC   0x0e000010u /* opc1, L, CRn, Rt, coproc, opc2, CRm */
#define MCRR_MRRC 0x0c400000u
#define IS_LOAD   0x00100000u

static uint32_t coprocessor(void)
{
	uint32_t number = dice_below(8);

	return number < 5 ? 15 : number == 5 ? 14 : dice_below(16);
}

/* c12 c0 is VBAR: without vectors nothing goes on. c7 c0 4 is the old WFI. SCTLR is
 * another play's. c13 c0 0 is FCSEIDR, of which QEMU 7.2 adds any bits to addresses: it
 * ends up in code that is not there (a Cortex-A15 has none). */
static uint32_t is_forbidden(uint32_t encoding)
{
	uint32_t crn = encoding >> 16 & 0xf, crm = encoding & 0xf;
	uint32_t opc1 = encoding >> 21 & 7, opc2 = encoding >> 5 & 7;

	if ((encoding >> 8 & 0xf) != 15 || encoding & IS_LOAD || opc1 != 0)
		return 0;
	return (crn == 12 && crm == 0) || (crn == 7 && crm == 0 && opc2 == 4) ||
	       (crn == 13 && crm == 0 && opc2 == 0) || (crn == 1 && crm == 0 && opc2 == 0);
}

void play_coprocessor(void)
{
	uint32_t is_pair = dice_below(5) == 0;
	uint32_t encoding = ALWAYS | (is_pair ? MCRR_MRRC : MCR_MRC) | coprocessor() << 8;

	if (is_pair)
		encoding |= (dice() & 0x001f00ff) | dice_below(16) << 12;
	else
		encoding |= (dice() & 0x001f00ef) | dice_below(8) << 21 | dice_below(16) << 12;
	/* Mostly what exists: low numbers, and the timers. */
	if (!is_pair && dice_below(2))
		encoding &= ~0x00e00000u;
	/* Pairs with the PC: QEMU 7.2 ends itself when it counts instructions. */
	if (is_pair && ((encoding >> 12 & 0xf) == 15 || (encoding >> 16 & 0xf) == 15))
		return;
	if (is_forbidden(encoding))
		return;
	/* Thumb has the same encodings. */
	play_instruction(encoding, dice_below(2), play_mode());
}

/* ---- Calls ---- */

/* Sleeps until its own timer wakes it. */
static void arm_timer(uint32_t us)
{
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	gic_set_priority(PLATFORM_INTID_TIMER_VIRTUAL, 0);
	mmio_write32(PLATFORM_GICD + GICD_IGROUPR, 0);
	mmio_write32(PLATFORM_GICD + GICD_ICACTIVER, 0xffffffff);
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_us(us));
}

void play_call(void)
{
	uint32_t function = dice();

	switch (dice_below(4)) {
	case 0:
		function = 0x84000000 | dice_below(0x20);
		break;
	case 1:
		function = (dice() & 0xff000000) | dice_below(0x40);
		break;
	case 2:
		function = 0x80000000 | dice_below(0x10) << 28 | (dice() & 0xffff);
		break;
	}
	/* CPU_SUSPEND, CPU_OFF, SYSTEM_OFF, SYSTEM_RESET, SYSTEM_RESET2: not this way. */
	if (function == 0x84000001 || function == 0x84000002 || function == 0x84000008 ||
	    function == 0x84000009 || function == 0x84000012)
		return;
	if (dice_below(2))
		psci_call_hvc(function, dice(), dice(), dice());
	else
		psci_call_smc(function, dice(), dice(), dice());
	/* From anywhere, with any immediate: r0 is an address, so no function. */
	play_instruction(dice_below(2) ? 0xe1400070 | (dice() & 0x000fff0f)
				       : 0xe1600070 | dice_below(16),
			 0, play_mode());
}

/* ---- The state of the processor ---- */

#define SCTLR_RANDOM 0x30201c02u /* A, Z, I, RR, FI?, TRE, AFE: not M, V, EE, TE */
#define SCTLR_SW     0x400u

void play_state(void)
{
	switch (dice_below(6)) {
	case 0: /* MSR CPSR or SPSR, any fields, from a register that is anything */
		play_instruction(0xe120f000 | dice_below(2) << 22 | dice_below(16) << 16 |
					 dice_below(13),
				 0, play_mode());
		break;
	case 1: /* CPS: any mode, also those that don't exist */
		play_instruction(0xf1020000 | dice_below(4) << 18 | (dice() & 0x1ff), 0,
				 play_mode());
		break;
	case 2: /* banked MRS and MSR */
		play_instruction(0xe1000200 | (dice() & 0x006ff10f) | dice_below(2) << 21, 0,
				 play_mode());
		break;
	case 3: /* SETEND, and what is near */
		play_instruction(0xf1010000 | dice_below(2) << 9, 0, play_mode());
		break;
	case 4:
		cp15_write_SCTLR(cp15_read_SCTLR() ^ (dice() & SCTLR_RANDOM));
		cpu_instruction_barrier();
		play_load_store();
		break;
	default: /* exception returns and SRS, on devices */
		play_instruction(0xf8000000 | (dice() & 0x01ff0fff), 0, play_mode());
	}
}

/* ---- Tables that lead to devices, holes and nonsense ---- */

static uint32_t table[2048] __attribute__((section(".bss.table"), aligned(16384)));

static void walk_short(uint32_t root)
{
	for (uint32_t i = 0; i < 2048; i++)
		table[i] = i << 20 | (i << 20 < PLATFORM_RAM ? 0xc06 : 0x11c0e);
	cp15_write_TTBCR(1);
	cpu_instruction_barrier();
	cp15_write_TTBR0((uint32_t)table | 0x4a);
	cp15_write_TTBR1(root);
	cp15_write_DACR(dice_below(2) ? 0xffffffff : 0x55555555);
}

static void walk_long(uint32_t root)
{
	uint64_t *entries = (uint64_t *)table;

	entries[0] = 0x741;
	entries[1] = PLATFORM_RAM | 0x745;
	cp15_write_TTBCR(0xb5003501u | dice_below(8) << 16);
	cpu_instruction_barrier();
	cp15_write_TTBR0_64((uint32_t)table);
	cp15_write_TTBR1_64(root | (uint64_t)(dice_below(4) ? 0 : dice() & 0xff) << 32);
	cp15_write_PRRR(0xff04);
}

/* Descriptors of all kinds, but none that leads to our RAM: that has bit 30 set, be it
 * a block of 1 GiB. */
static uint32_t make_nonsense(void)
{
	static uint32_t nonsense[4096] __attribute__((section(".bss.table"), aligned(16384)));

	if (nonsense[0] == 0)
		for (uint32_t i = 0; i < 4096; i++)
			nonsense[i] = (dice_address() ^ dice_below(0x1000)) & ~PLATFORM_RAM;
	return (uint32_t)nonsense;
}

void play_walk(void)
{
	static const uint32_t forms[] = { 0xe5912000, 0xe5812000, 0xe4912004,
					  0xe1c120d0, 0xe8910006, 0xe12fff11 };
	uint32_t root = dice_below(3) ? dice_address() : make_nonsense();

	if (dice_below(2))
		walk_short(root & 0xffffc07b);
	else
		walk_long(root & ~0x1fu);
	cpu_data_barrier();
	cp15_write_TLBIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
	cp15_write_SCTLR(cp15_read_SCTLR() | 1);
	cpu_instruction_barrier();
	dice_high = 0x80000000;
	play_instruction(forms[dice_below(6)], 0, play_mode());
	dice_high = 0;
}

/* ---- Sleep, and a storm of it ---- */

void play_sleep(void)
{
	uint32_t count = dice_below(20);

	cpu_disable_interrupts();
	for (uint32_t i = 0; i < count; i++) {
		arm_timer(dice_below(50));
		if (dice_below(8))
			cpu_wait_for_interrupt();
		else
			psci_call_hvc(PSCI_CPU_SUSPEND, dice() & 0x0101ffff, dice(), dice());
		timer_stop_virtual();
		if (dice_below(4))
			gic_end(gic_acknowledge());
	}
}
