// SPDX-License-Identifier: BSD-2-Clause
/*
 * Rows in which an interrupt comes: to a guest that runs, and to one that sleeps
 * while another runs.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define SAMPLES    17u
#define SOON_TICKS 100u
#define WAIT_TURNS 1000000u
#define SLEEP_MS   3u

enum { RTC_DR = 0x00, RTC_MR = 0x04, RTC_CR = 0x0c, RTC_IMSC = 0x10 };

/* Runs until the next interrupt; false if none comes. */
static bool run_until_interrupt(uint32_t before)
{
	for (uint32_t i = 0; i < WAIT_TURNS; i++)
		if (bench_interrupts != before)
			return true;
	return false;
}

static void irq_timer(void)
{
	uint32_t before = bench_interrupts;
	bool came;

	cpu_enable_interrupts();
	MARK_BEGIN(ROW_IRQ_TIMER);
	board_start_timer(SOON_TICKS);
	came = run_until_interrupt(before);
	board_end_sample(came);
	cpu_disable_interrupts();
}

/* An alarm that is due at once: the device is the guest's own, so nothing traps. */
static void irq_device(void)
{
	uint32_t before = bench_interrupts;
	bool came;

	mmio_write32(board.rtc + RTC_CR, 1);
	mmio_write32(board.rtc + RTC_IMSC, 1);
	cpu_enable_interrupts();
	MARK_BEGIN(ROW_IRQ_DEVICE);
	mmio_write32(board.rtc + RTC_MR, mmio_read32(board.rtc + RTC_DR));
	came = run_until_interrupt(before);
	board_end_sample(came);
	cpu_disable_interrupts();
}

void rows_interrupts(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++)
		irq_timer();
	if (board.rtc)
		board_enable(board.rtc_intid);
	for (uint32_t i = 0; i < SAMPLES && board.rtc; i++)
		irq_device();
}

/* Sleeps until the timer wakes it, whose interrupt is not taken yet. */
static void sleep(void)
{
	board_start_timer(cp15_read_CNTFRQ() / 1000 * SLEEP_MS);
	cpu_wait_for_interrupt();
}

static void take_interrupt(void)
{
	cpu_enable_interrupts();
	cpu_instruction_barrier();
	cpu_disable_interrupts();
}

/* Its first path is the switch away, the rest the way back. The other VM has the VFP
 * all the time. */
static void world_switch_wfi(void)
{
	MARK_BEGIN(ROW_WORLD_SWITCH_WFI);
	sleep();
	MARK_END();
	take_interrupt();
}

/* The other VM has used the VFP while this one slept. */
static void lazy_fpu(void)
{
	sleep();
	MARK_BEGIN(ROW_LAZY_FPU);
	__asm__ volatile(".fpu neon-vfpv4\n\tvmov.f64 d0, d1" ::: "memory");
	MARK_END();
	take_interrupt();
}

void rows_yield(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++)
		world_switch_wfi();
	for (uint32_t i = 0; i < SAMPLES; i++)
		lazy_fpu();
}
