// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hypervisor's stage-1 tables, long-descriptor format (ARM ARM DDI 0406C, B3.6):
 * one level-1 table, four level-2 tables of 2 MiB blocks, both made by mksystem, and one
 * level-3 table for the block that holds text, read-only data and data.
 *
 * That one is built by the boot core before the MMU is on; afterwards only a core's own
 * window entry changes, by that core.
 */
#include "arch/stage1.h"

#include "arch/barrier.h"
#include "arch/cache.h"
#include "arch/cp15.h"
#include "generated/board.h"

#define ENTRIES 512u

/* Descriptors (B3.6.1, B3.6.2). In hyp AP[1] is always one (B3.7.1). */
#define DESC_BLOCK     0x001u
#define DESC_PAGE      0x003u
#define DESC_NORMAL    (1u << 2) /* AttrIndx into HMAIR0 */
#define DESC_AP1       (1u << 6)
#define DESC_READ_ONLY (1u << 7)
#define DESC_SH_INNER  (3u << 8)
#define DESC_AF        (1u << 10)
#define DESC_XN        (1ull << 54)

#define MAP_TEXT   (DESC_AP1 | DESC_AF | DESC_SH_INNER | DESC_NORMAL | DESC_READ_ONLY)
#define MAP_RODATA (MAP_TEXT | DESC_XN)
#define MAP_DATA   (DESC_AP1 | DESC_AF | DESC_SH_INNER | DESC_NORMAL | DESC_XN)

/* The windows: one block a core, at the top of the address space. */
#define WINDOW_BASE 0xf0000000u

extern uint64_t stage1_level1[4], stage1_level2[4 * ENTRIES];
uint64_t stage1_level3[ENTRIES] __attribute__((aligned(4096)));

/* The section borders of linker.ld. */
extern char hyp_text_start[], hyp_text_end[], hyp_rodata_end[];

_Static_assert(HYP_BYTES == BLOCK_BYTES, "level3 describes the one block HYP_BASE");
_Static_assert(HYP_IMAGES + HYP_IMAGES_BYTES <= WINDOW_BASE, "images below the windows");

static void map_pages(const char *start, const char *end, uint64_t attributes)
{
	for (uint32_t page = (uint32_t)start; page < (uint32_t)end; page += PAGE_BYTES)
		stage1_level3[page / PAGE_BYTES % ENTRIES] = page | attributes | DESC_PAGE;
}

void stage1_init(void)
{
	map_pages(hyp_text_start, hyp_text_end, MAP_TEXT);
	map_pages(hyp_text_end, hyp_rodata_end, MAP_RODATA);
	map_pages(hyp_rodata_end, (const char *)HYP_BASE + HYP_BYTES, MAP_DATA);
	/* Writer: this code and who placed the image, caches off. Reader: the table
	 * walker, through the caches (HTCR). A stale line, if firmware left any, would
	 * hide what was written: drop it. */
	cache_clean_invalidate(stage1_level1, sizeof(stage1_level1));
	cache_clean_invalidate(stage1_level2, sizeof(stage1_level2));
	cache_clean_invalidate(stage1_level3, sizeof(stage1_level3));
}

static volatile uint64_t *window_entry(uint32_t core)
{
	return &stage1_level2[WINDOW_BASE / BLOCK_BYTES + core];
}

EVERYWHERE_IN_LINE void *stage1_window_open(uint32_t core, pa_t pa)
{
	uint32_t offset = pa.raw % BLOCK_BYTES;

	*window_entry(core) = (pa.raw - offset) | MAP_DATA | DESC_BLOCK;
	dsb(); /* the walker sees the entry ... */
	isb(); /* ... before the next access; no TLB holds an invalid one (B3.9) */
	return (void *)(WINDOW_BASE + core * BLOCK_BYTES + offset);
}

EVERYWHERE_IN_LINE void stage1_window_close(uint32_t core)
{
	*window_entry(core) = 0;
	dsb(); /* the walker sees the entry before the old one is forgotten */
	write_TLBIMVAH(WINDOW_BASE + core * BLOCK_BYTES);
	dsb();
	isb(); /* and both before the next access */
}
