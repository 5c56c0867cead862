// SPDX-License-Identifier: BSD-2-Clause
/*
 * What lies in a VM's RAM when it starts (kernel/vm.c): zeroes, then images of any size,
 * at any place, also where words don't begin; in pieces that lie within a window.
 */
#include <string.h>

#include "arch/cache.h"
#include "arch/stage1.h"
#include "kernel/sched.h"
#include "kernel/vm.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

#define SEEDS     200u
#define RAM_PA    0x40200000u
#define RAM_BYTES (1u << 20)
#define IMAGES    3u
#define MIN_SCRUB 2048u /* arch/cache.h */

static uint8_t ram[RAM_BYTES] __attribute__((aligned(BLOCK_BYTES)));
static uint8_t expected[RAM_BYTES];
static uint8_t source[RAM_BYTES] __attribute__((aligned(64)));
static struct vm_fill fills[1 + IMAGES];
static const struct vm_config config = { .fills = fills, .fill_count = 1 + IMAGES };
static struct core core;
static struct vm vm = { .config = &config };
static struct vcpu vcpu = { .vm = &vm, .core = &core };
static const uint8_t *written, *written_end;
static bool is_open, is_loaded;

void *stage1_window_open(uint32_t number, pa_t pa)
{
	assert_int_equal(number, core.index);
	unit_check(pa.raw - RAM_PA < RAM_BYTES, "0x%x is written", pa.raw);
	is_open = true;
	written = ram + (pa.raw - RAM_PA);
	return ram + (pa.raw - RAM_PA);
}

void stage1_window_close(uint32_t number)
{
	assert_int_equal(number, core.index);
	is_open = false;
}

static void take(const void *start, uint32_t bytes)
{
	unit_check(is_open && start == written, "what was not written is cleaned");
	unit_check(bytes && bytes <= VM_LOAD_BYTES, "a piece of %u bytes", bytes);
	written_end = written + bytes;
	unit_check((uintptr_t)written / VM_LOAD_BYTES ==
			   (uintptr_t)(written_end - 1) / VM_LOAD_BYTES,
		   "a piece may go on behind its window");
}

void cache_clean_invalidate(const void *start, uint32_t bytes)
{
	take(start, bytes);
}

void memory_scrub(void *start, uint32_t bytes)
{
	assert_int_equal(bytes % MIN_SCRUB, 0);
	memset(start, 0, bytes);
	take(start, bytes);
}

/* ---- The end of loading --------------------------------------------------------------- */

void cache_invalidate_instructions(void)
{
}

void world_forget_translations(UNUSED const struct vm *of)
{
}

void vgic_reset(UNUSED struct vm *of)
{
}

void vcpu_reset(UNUSED struct vcpu *of, UNUSED uint32_t pc, UNUSED const uint32_t r[3])
{
}

void sched_set_state(UNUSED struct vcpu *of, UNUSED uint32_t state)
{
	is_loaded = true;
}

/* ---- Random images ---------------------------------------------------------------------- */

static void choose_image(struct vm_fill *fill)
{
	uint32_t bytes = 1 + unit_below(unit_once_in(2) ? 300 : 3 * VM_LOAD_BYTES);
	uint32_t step = unit_once_in(2) ? 4 : 1; /* words, or whatever */
	uint32_t at = unit_below((RAM_BYTES - bytes) / step) * step;
	uint32_t from = unit_below((RAM_BYTES - bytes) / step) * step;

	*fill = (struct vm_fill){ { RAM_PA + at }, bytes, source + from };
	unit_log("0x%x, %u bytes from 0x%x", fill->pa.raw, bytes, from);
	memcpy(expected + at, source + from, bytes);
}

static void load(void)
{
	for (uint32_t i = 0; i < RAM_BYTES; i += 4)
		*(uint32_t *)(source + i) = unit_word();
	memset(ram, 0xee, sizeof(ram));
	memset(expected, 0, sizeof(expected));
	fills[0] = (struct vm_fill){ { RAM_PA }, RAM_BYTES, NULL };
	for (uint32_t i = 0; i < IMAGES; i++)
		choose_image(&fills[1 + i]);
	vm.load = (struct vm_load){ 0, 0 };
	is_loaded = false;
	for (uint32_t n = 0; !is_loaded; n++) {
		unit_check(n < 40, "pieces without an end");
		vm_load_piece(&vcpu);
		unit_check(!is_open, "a window is left open");
	}
	for (uint32_t i = 0; i < RAM_BYTES; i++)
		unit_check(ram[i] == expected[i], "0x%x is at 0x%x, not 0x%x", ram[i], RAM_PA + i,
			   expected[i]);
}

static void random_images(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, load);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_images),
	};

	return unit_run(argc, argv, tests);
}
