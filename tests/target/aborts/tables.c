// SPDX-License-Identifier: BSD-2-Clause
/*
 * See tables.h. Writer: here, with the MMU off or on a mapping as cacheable as the
 * walks are (write-back, Shareable); each change ends with a barrier and a flush.
 */
#include "tests/target/aborts/tables.h"

#include <string.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/platform.h"

#define PAGE_BYTES 4096u
#define SCTLR_M    1u
#define TTBCR_EAE  (1u << 31)
#define TTBR_WALK  0x4au /* short: inner and outer write-back, Shareable */
#define TCR_WALKS  0x35003500u

/* Short sections: full access; Device, or Normal write-back. */
#define SECTION_DEVICE 0xc06u
#define SECTION_NORMAL 0x11c0eu
#define SHORT_TABLE    1u
#define SHORT_PAGE     0x47eu /* Normal, write-back, full access, Shareable */

/* Long blocks: AF, inner shareable, all may read and write; MAIR index 0 or 1. */
#define BLOCK_DEVICE 0x741u
#define BLOCK_NORMAL 0x745u
#define LONG_PAGE    0x747u
#define LONG_TABLE   3u
#define MAIR_VALUE   0xff04u

static uint32_t short_low[2048] __attribute__((section(".bss.table"), aligned(16384)));
static uint32_t short_high[4096] __attribute__((section(".bss.table"), aligned(16384)));
static uint32_t short_leaf[256] __attribute__((section(".bss.table"), aligned(1024)));
static uint64_t long_low[4] __attribute__((section(".bss.table"), aligned(32)));
static uint64_t long_high[4] __attribute__((section(".bss.table"), aligned(32)));
static uint64_t long_middle[512] __attribute__((section(".bss.table"), aligned(4096)));
static uint64_t long_broken[512] __attribute__((section(".bss.table"), aligned(4096)));
static uint64_t long_leaf[512] __attribute__((section(".bss.table"), aligned(4096)));
static char page[PAGE_BYTES] __attribute__((section(".bss.table"), aligned(4096)));

static uint32_t high_t1sz;

static void flush(void)
{
	cpu_data_barrier();
	cp15_write_TLBIALL(0);
	cp15_write_ICIALLU(0);
	cp15_write_BPIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
}

static void set_mmu(uint32_t on)
{
	cp15_write_SCTLR((cp15_read_SCTLR() & ~SCTLR_M) | on);
	cpu_instruction_barrier();
}

void tables_enable_short(void)
{
	set_mmu(0);
	for (uint32_t i = 0; i < 2048; i++)
		short_low[i] = i << 20 | (i << 20 < PLATFORM_RAM ? SECTION_DEVICE : SECTION_NORMAL);
	memset(short_high, 0, sizeof(short_high));
	cp15_write_TTBCR(1); /* N: TTBR1 from 2 GiB on */
	cpu_instruction_barrier();
	cp15_write_TTBR0((uint32_t)short_low | TTBR_WALK);
	cp15_write_TTBR1((uint32_t)short_high | TTBR_WALK);
	cp15_write_DACR(1);
	flush();
	set_mmu(SCTLR_M);
}

void tables_enable_long(uint32_t t1sz)
{
	set_mmu(0);
	high_t1sz = t1sz;
	long_low[0] = BLOCK_DEVICE;
	long_low[1] = PLATFORM_RAM | BLOCK_NORMAL;
	memset(long_high, 0, sizeof(long_high));
	long_high[TABLES_BEYOND >> 30] = 1ull << 32 | BLOCK_DEVICE;
	memset(long_middle, 0, sizeof(long_middle));
	memset(long_broken, 0, sizeof(long_broken));
	/* T0SZ = 1: 2 GiB below; above, what T1SZ says. */
	cp15_write_TTBCR(TTBCR_EAE | TCR_WALKS | t1sz << 16 | 1);
	cpu_instruction_barrier();
	cp15_write_TTBR0_64((uint32_t)long_low);
	cp15_write_TTBR1_64(t1sz < 2 ? (uint32_t)long_high : (uint32_t)long_middle);
	cp15_write_PRRR(MAIR_VALUE); /* it is MAIR0 now */
	cp15_write_NMRR(0);
	flush();
	set_mmu(SCTLR_M);
}

void tables_map_page(uint32_t address, const char *code, uint32_t bytes)
{
	memcpy(page, code, bytes);
	if (cp15_read_TTBCR() & TTBCR_EAE) {
		long_high[address >> 30] = (uint32_t)long_middle | LONG_TABLE;
		long_middle[address >> 21 & 511] = (uint32_t)long_leaf | LONG_TABLE;
		long_leaf[address >> 12 & 511] = (uint32_t)page | LONG_PAGE;
	} else {
		short_high[address >> 20] = (uint32_t)short_leaf | SHORT_TABLE;
		short_leaf[address >> 12 & 255] = (uint32_t)page | SHORT_PAGE;
	}
	flush();
}

void tables_break_short(uint32_t level)
{
	short_high[TABLES_BROKEN >> 20] = TABLES_HOLE | SHORT_TABLE;
	cp15_write_TTBR1((level == 1 ? TABLES_HOLE : (uint32_t)short_high) | TTBR_WALK);
	flush();
}

void tables_break_long(uint32_t level)
{
	uint32_t root = high_t1sz < 2 ? (uint32_t)long_high : (uint32_t)long_middle;

	long_high[TABLES_BROKEN >> 30] =
		(level == 2 ? TABLES_HOLE : (uint32_t)long_broken) | LONG_TABLE;
	long_broken[TABLES_BROKEN >> 21 & 511] = TABLES_HOLE | LONG_TABLE;
	cp15_write_TTBR1_64(level == 1 ? TABLES_HOLE : root);
	flush();
}
