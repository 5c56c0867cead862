// SPDX-License-Identifier: BSD-2-Clause
/*
 * The flat map; see mmu.h. The table's writes and the walker's reads: the table is
 * filled with the MMU off, so in memory, and the walker reads through the caches
 * (TTBR0 says write-back); nothing stale can be cached, for the guest began with
 * its caches off and clean (the boot protocol of Arm Linux, which we share).
 */
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"

#define MMU_SECTION_BYTES 0x100000u

/* Section attributes without TEX remap (B3.8.2), AP = full access, domain 0. */
#define MMU_SECTION        0x00000002u
#define MMU_SECTION_XN     0x00000010u
#define MMU_SECTION_ACCESS 0x00000c00u
#define MMU_SECTION_DEVICE (MMU_SECTION | MMU_SECTION_ACCESS | MMU_SECTION_XN | 0x4u)
/* TEX = 1, C, B, S: write-back write-allocate, Shareable. */
#define MMU_SECTION_NORMAL (MMU_SECTION | MMU_SECTION_ACCESS | 0x1000cu | 0x1000u)

/* Inner and outer write-back write-allocate walks, Shareable (B4.1.154). */
#define MMU_TTBR_WALK    0x4au
#define MMU_SCTLR_ENABLE 0x1805u /* I, Z, C, M */

static uint32_t mmu_table[4096] __attribute__((section(".bss.table"), aligned(16384)));

void mmu_set_section(uint32_t address, uint32_t descriptor)
{
	mmu_table[address / MMU_SECTION_BYTES] = descriptor;
	cpu_data_barrier();
	cp15_write_TLBIALL(0);
	cp15_write_BPIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
}

void mmu_enable(void)
{
	for (uint32_t i = 0; i < 4096; i++) {
		uint32_t base = i * MMU_SECTION_BYTES;

		mmu_table[i] =
			base | (base < PLATFORM_RAM ? MMU_SECTION_DEVICE : MMU_SECTION_NORMAL);
	}
	cp15_write_TTBCR(0);
	cp15_write_TTBR0((uint32_t)mmu_table | MMU_TTBR_WALK);
	cp15_write_DACR(1); /* domain 0: check the permissions */
	cp15_write_ICIALLU(0);
	cp15_write_BPIALL(0);
	cp15_write_TLBIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
	cp15_write_SCTLR(cp15_read_SCTLR() | MMU_SCTLR_ENABLE);
	cpu_instruction_barrier();
}
