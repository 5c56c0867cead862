// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random loads and stores (forms.h), each run twice from the same state: once with
 * memory at its address, and once with a device that keeps what is written, at the
 * same address. What the core itself does with memory the hypervisor must have done
 * with the device: all registers, those of User mode as well, CPSR, contents. The
 * devices: the distributor's priorities (of five bits), and two words of the PL031.
 */
#include <stdio.h>
#include <string.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/probe.h"
#include "tests/target/transfer/forms.h"

/* One section of ours: code, clock, distributor, code. From the code a literal reaches
 * the clock (forwards) or the distributor (backwards). */
#define SECTION    0x60000000u
#define PAGE       0x1000u
#define CODE       SECTION
#define CLOCK      (SECTION + PAGE)
#define PRIORITIES (SECTION + 2 * PAGE + 0x400)
#define CODE_AFTER (SECTION + 3 * PAGE)
#define TRIES      1000u
#define CODE_BYTES 48u /* the instruction, and calls enough to leave an IT block */

#define CLOCK_PAGE       0x09010000u
#define DISTRIBUTOR_PAGE 0x08000000u

/* Small pages (B3.5.1): Normal as mmu.c has it; Device, execute-never. */
#define TABLE  1u
#define NORMAL 0x47eu
#define DEVICE 0x037u

#define SCTLR_A   (1u << 1)
#define CPSR_E    0x200u
#define CPSR_C    (1u << 29)
#define CPSR_IT   0x0600fc00u
#define CPSR_FREE 0xf80f01c0u /* flags, GE, A, I, F */

struct window {
	uint32_t first;
	uint32_t words;
	uint32_t mask; /* what a word of the device keeps */
};

static const struct window windows[] = {
	{ CLOCK + 4, 2, 0xffffffff }, /* RTCMR, RTCLR */
	{ PRIORITIES, 64, 0xf8f8f8f8 },
};

static uint32_t tables[2][256] __attribute__((section(".bss.table"), aligned(1024)));
static uint8_t pages[4][PAGE] __attribute__((aligned(4096)));
static bool is_guest; /* of ours: natively QEMU's PL031 knows words only */

enum side { MEMORY, DEVICES };

static void show(enum side side)
{
	mmu_set_section(SECTION, (uint32_t)tables[side] | TABLE);
}

static void make_tables(void)
{
	for (uint32_t i = 0; i < 4; i++)
		tables[MEMORY][i] = tables[DEVICES][i] = (uint32_t)pages[i] | NORMAL;
	tables[DEVICES][1] = CLOCK_PAGE | DEVICE;
	tables[DEVICES][2] = DISTRIBUTOR_PAGE | DEVICE;
	cpu_data_barrier();
}

/* ---- A draw: form, state, place ---- */

struct draw {
	struct form form;
	uint32_t row;
	uint32_t at; /* where the instruction stands */
	bool is_unaligned;
	struct probe_start start;
	uint32_t usr[2]; /* User mode's SP and LR, unless they are `start`'s */
};

static uint32_t *register_of(struct draw *draw, uint32_t n)
{
	return n < 13 ? &draw->start.r[n] : n == 13 ? &draw->start.sp : &draw->start.lr;
}

static uint32_t draw_mode(const struct form *form)
{
	static const uint8_t modes[] = { CPU_MODE_FIQ, CPU_MODE_IRQ, CPU_MODE_SVC, CPU_MODE_ABT,
					 CPU_MODE_UND, CPU_MODE_SYS, CPU_MODE_USR };

	return modes[dice_below(form->is_user_bank ? 5 : 7)];
}

/* Any place in an IT block, with any condition but AL (A2.5.2). */
static uint32_t draw_it(void)
{
	uint32_t it = dice_below(7) << 5 | (dice() & 0x1f);

	return (it & 0xf) == 0 ? 0 : (it & 3) << 25 | (it >> 2) << 10;
}

static void draw_state(struct draw *draw)
{
	for (uint32_t n = 0; n < 15; n++)
		*register_of(draw, n) = dice();
	for (uint32_t i = 0; i < 5; i++)
		draw->start.r8_usr[i] = dice();
	draw->usr[0] = dice();
	draw->usr[1] = dice();
	draw->start.cpsr = draw_mode(&draw->form) | (dice() & CPSR_FREE);
	if (dice_below(4) == 0)
		draw->start.cpsr |= CPSR_E;
	if (draw->form.is_thumb)
		draw->start.cpsr |= CPU_CPSR_T | (dice_below(2) ? draw_it() : 0);
	/* An index is mostly small, to no end: the address comes out right anyway. */
	if (draw->form.index < 15 && dice_below(2))
		*register_of(draw, draw->form.index) = dice_below(64);
}

/* The distributor has no halfwords; natively the clock has nothing else than words. */
static const struct window *draw_window(const struct form *form, uint32_t bytes)
{
	bool is_clock = bytes <= 8 && dice_below(2);

	if (form->bytes == 2)
		is_clock = is_guest;
	else if (form->bytes == 1)
		is_clock = is_clock && is_guest;
	return &windows[!is_clock];
}

/* The base is what it must be; or if that is the PC, the place is. */
static bool aim(struct draw *draw)
{
	const struct form *form = &draw->form;
	uint32_t bytes = form->bytes * (uint32_t)__builtin_popcount(form->moved);
	const struct window *window = draw_window(form, bytes);
	uint32_t places = (window->words * 4 - bytes) / form->bytes + 1;
	uint32_t target = window->first + dice_below(places) * form->bytes;
	uint32_t index = form->index < 15 ? *register_of(draw, form->index) : 0;
	uint32_t offset = form_offset(form, index, draw->start.cpsr & CPSR_C);

	if (form->base != FORM_PC) {
		draw->at = CODE + PAGE / 2 + dice_below(64) * 4;
		draw->is_unaligned = form->bytes > 1 && dice_below(16) == 0;
		*register_of(draw, form->base) = target - offset + draw->is_unaligned;
		return true;
	}
	draw->at = target - offset - (form->is_thumb ? 4 : 8);
	if (draw->at % 4)
		return false;
	if (form->is_thumb)
		draw->at += dice_below(2) * 2;
	return draw->at - CODE <= PAGE - CODE_BYTES || draw->at - CODE_AFTER <= PAGE - CODE_BYTES;
}

/* False if no device has a place for it: of a few, natively. */
static bool draw_one(struct draw *draw, uint32_t row)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		*draw = (struct draw){ .row = row };
		if (!form_draw(&draw->form, row))
			continue;
		draw_state(draw);
		if (!aim(draw))
			continue;
		draw->start.pc = draw->at;
		return true;
	}
	return false;
}

/* ---- Running it ---- */

static void write_code(const struct draw *draw)
{
	uint32_t insn = draw->form.encoding;
	uint16_t *at = (uint16_t *)draw->at;

	if (!draw->form.is_thumb) {
		*at++ = (uint16_t)insn;
		*at++ = (uint16_t)(insn >> 16);
	} else {
		if (draw->form.is_wide)
			*at++ = (uint16_t)(insn >> 16);
		*at++ = (uint16_t)insn;
	}
	while ((uint32_t)at < draw->at + CODE_BYTES - 4) {
		*at++ = draw->form.is_thumb ? 0xdf00 : 0;
		*at++ = draw->form.is_thumb ? 0xdf00 : 0xef00;
	}
	for (uint32_t i = 0; i < CODE_BYTES; i += 4) /* DCCMVAU */
		__asm__ volatile("mcr p15, 0, %0, c7, c11, 1" ::"r"(draw->at + i) : "memory");
	cpu_data_barrier();
	cp15_write_ICIALLU(0);
	cp15_write_BPIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
}

struct outcome {
	struct probe_result result;
	uint32_t usr[2];
	uint32_t words[66];
};

static void read_windows(uint32_t *words)
{
	for (uint32_t w = 0; w < 2; w++)
		for (uint32_t i = 0; i < windows[w].words; i++)
			*words++ = mmio_read32(windows[w].first + 4 * i);
}

/* User mode's SP and LR are System mode's. */
static void write_usr(const uint32_t *usr)
{
	__asm__ volatile("cps #0x1f\n ldr sp, [%0]\n ldr lr, [%0, #4]\n cps #0x13" ::"l"(usr)
			 : "memory");
}

static void read_usr(uint32_t *usr)
{
	__asm__ volatile("cps #0x1f\n str sp, [%0]\n str lr, [%0, #4]\n cps #0x13" ::"l"(usr)
			 : "memory");
}

static void run(const struct draw *draw, enum side side, struct outcome *outcome)
{
	struct probe probe = { .start = draw->start };
	uint32_t sctlr = cp15_read_SCTLR();

	show(side);
	cp15_write_SCTLR(draw->is_unaligned ? sctlr | SCTLR_A : sctlr);
	write_usr(draw->usr);
	cpu_instruction_barrier();
	probe_run(&probe);
	cp15_write_SCTLR(sctlr);
	cpu_instruction_barrier();
	read_usr(outcome->usr);
	outcome->result = probe.result;
	read_windows(outcome->words);
}

/* Memory is what the device is, and both are something new here and there. */
static void refresh(void)
{
	uint32_t words[66], *word = words;

	show(DEVICES);
	for (uint32_t w = 0; w < 2; w++) {
		uint32_t i = dice_below(windows[w].words);

		mmio_write32(windows[w].first + 4 * i, dice());
	}
	read_windows(words);
	show(MEMORY);
	for (uint32_t w = 0; w < 2; w++)
		for (uint32_t i = 0; i < windows[w].words; i++)
			mmio_write32(windows[w].first + 4 * i, *word++);
}

/* Natively all bits of a priority may be there: then there is no mask to be seen. */
static bool agree(struct outcome *memory, struct outcome *device)
{
	for (uint32_t i = 2; i < 66; i++) {
		memory->words[i] &= windows[1].mask;
		device->words[i] &= windows[1].mask;
	}
	return memcmp(memory, device, sizeof(*memory)) == 0;
}

static void report(const struct draw *draw, struct outcome *memory, struct outcome *device)
{
	const uint32_t *a = (const uint32_t *)memory, *b = (const uint32_t *)device;

	printf("random: row %lu: 0x%08lx %s at 0x%08lx, cpsr 0x%08lx\n", draw->row,
	       draw->form.encoding, draw->form.is_thumb ? "Thumb" : "A32", draw->at,
	       draw->start.cpsr);
	for (uint32_t i = 0; i < sizeof(*memory) / 4; i++)
		if (a[i] != b[i])
			printf("random: word %lu: memory 0x%08lx, device 0x%08lx\n", i, a[i], b[i]);
}

/* Did it do anything, with memory? If its condition failed it did not. */
static bool has_effect(const struct draw *draw, const struct outcome *memory, const uint32_t *words)
{
	return memcmp(memory->result.r, draw->start.r, sizeof(draw->start.r)) ||
	       memory->result.sp != draw->start.sp || memcmp(memory->words, words, 66 * 4);
}

static bool has_aborted(const struct outcome *outcome)
{
	return outcome->result.vector == EXCEPTION_DATA_ABORT && (outcome->result.dfsr & 0xf) == 1;
}

static bool compare_one(uint32_t row)
{
	static struct outcome memory, device;
	static struct draw draw;
	uint32_t words[66];
	uint32_t expected = EXCEPTION_SUPERVISOR_CALL;

	if (!draw_one(&draw, row))
		return false;
	show(MEMORY);
	write_code(&draw);
	refresh();
	read_windows(words);
	run(&draw, MEMORY, &memory);
	run(&draw, DEVICES, &device);
	if (draw.is_unaligned && has_aborted(&memory))
		expected = EXCEPTION_DATA_ABORT; /* unless its condition failed */
	check_equal("the form runs on memory", memory.result.vector, expected, ~0u);
	bool is_same = agree(&memory, &device);
	check_that("a device is as memory", is_same);
	if (!is_same || memory.result.vector != expected)
		report(&draw, &memory, &device);
	return has_effect(&draw, &memory, words);
}

int main(void)
{
	uint32_t rounds = devicetree_argument("rounds", 20);
	uint32_t fewest = ~0u;

	is_guest = devicetree_argument("guest", 0) != 0;
	dice_seed(devicetree_argument("seed", 1));
	check_begin("random");
	make_tables();
	mmu_enable();
	for (uint32_t row = 0; row < form_rows; row++) {
		uint32_t effects = 0;

		for (uint32_t i = 0; i < rounds; i++)
			effects += compare_one(row);
		if (effects < fewest)
			fewest = effects;
	}
	printf("random: of each form %lu of %lu had an effect\n", fewest, rounds);
	return check_end();
}
