// SPDX-License-Identifier: BSD-2-Clause
/*
 * Rows in which the hypervisor has nothing to do: system calls, the guest's own page
 * faults, acknowledging and ending interrupts, and time that passes while alone.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define SAMPLES       17u
#define SOON_TICKS    100u
#define ALONE_SECONDS 1u
#define ALONE_TURNS   100000u /* between two looks at the clock */

/* A flat map of 1 MiB sections (ARM ARM DDI 0406C, B3.5.1), all of it Strongly-ordered
 * with full access, so that no cache needs care. */
#define SECTIONS      4096u
#define SECTION       0x00000c02u
#define SECTION_SHIFT 20
#define TABLE_BYTES   (SECTIONS * 4)
#define UNMAPPED      0xfff00000u /* the last section: nothing of ours is there */
#define SCTLR_M       1u

static uint32_t table_room[2 * SECTIONS];

static void map_flat(void)
{
	uint32_t aligned = ((uint32_t)table_room + TABLE_BYTES - 1) & ~(TABLE_BYTES - 1);
	uint32_t *table = (uint32_t *)aligned;

	for (uint32_t i = 0; i < SECTIONS; i++)
		table[i] = i << SECTION_SHIFT | SECTION;
	table[UNMAPPED >> SECTION_SHIFT] = 0;
	cp15_write_TTBCR(0);
	cp15_write_TTBR0(aligned);
	cp15_write_DACR(1);
	cp15_write_TLBIALL(0);
	cpu_data_barrier();
	cpu_instruction_barrier();
	cp15_write_SCTLR(cp15_read_SCTLR() | SCTLR_M);
	cpu_instruction_barrier();
}

static void unmap(void)
{
	cp15_write_SCTLR(cp15_read_SCTLR() & ~SCTLR_M);
	cpu_instruction_barrier();
}

static void system_call(void)
{
	MARK_BEGIN(ROW_SYSCALL);
	__asm__ volatile("svc #0" ::: "lr", "memory");
	MARK_END();
}

static void page_fault(void)
{
	uint32_t before = bench_faults;

	MARK_BEGIN(ROW_GUEST_PAGE_FAULT);
	mmio_read32(UNMAPPED);
	board_end_sample(bench_faults == before + 1);
}

/* The timer's interrupt: hardware-linked, so that ending it ends the physical one. */
static void acknowledge_and_end(void)
{
	uint32_t iar;

	board_start_timer(SOON_TICKS);
	while (!(cp15_read_ISR() & CPU_CPSR_I))
		;
	MARK_BEGIN(ROW_ACK_EOI);
	iar = mmio_read32(board.gicc + GICC_IAR);
	cp15_write_CNTV_CTL(0);
	cpu_instruction_barrier();
	mmio_write32(board.gicc + GICC_EOIR, iar);
	board_end_sample(iar == board.timer_intid);
}

/* With another VM to run there would be slices. */
static void alone(void)
{
	uint64_t end = timer_read_virtual() + (uint64_t)cp15_read_CNTFRQ() * ALONE_SECONDS;

	MARK_BEGIN(ROW_TICK_ALONE);
	while (timer_read_virtual() < end)
		for (uint32_t i = 0; i < ALONE_TURNS; i++)
			__asm__ volatile("");
	MARK_END();
}

void rows_native(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++)
		system_call();
	for (uint32_t i = 0; i < SAMPLES; i++)
		acknowledge_and_end();
	map_flat();
	for (uint32_t i = 0; i < SAMPLES; i++)
		page_fault();
	unmap();
	alone();
}
