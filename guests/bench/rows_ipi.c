// SPDX-License-Identifier: BSD-2-Clause
/*
 * One CPU sends an SGI to the other, both of this VM, each on a core of its own: what
 * the sender's access costs, and what its arrival costs the other. Caches and MMU are
 * off, so what the two share is in memory at once.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define SAMPLES     65u /* each core at its own pace: the median counts */
#define IPI_SGI     5u
#define SECOND      1u /* MPIDR affinity */
#define WAIT_TURNS  100000000u
#define STACK_WORDS 512u

/* start.S begins the second CPU here, and with this stack. */
void bench_second(void);
uint32_t bench_second_stack[STACK_WORDS] __attribute__((aligned(8)));
extern char bench_second_entry[];

static volatile uint32_t ready; /* samples that the receiver has begun */
static volatile uint32_t done;  /* and ended */

static bool wait_for(const volatile uint32_t *count, uint32_t value)
{
	for (uint32_t i = 0; i < WAIT_TURNS; i++)
		if (*count == value)
			return true;
	return false;
}

static uint32_t call(uint32_t function, uint32_t a1, uint32_t a2)
{
	register uint32_t r0 __asm__("r0") = function;
	register uint32_t r1 __asm__("r1") = a1;
	register uint32_t r2 __asm__("r2") = a2;

	__asm__ volatile(".arch_extension virt\n\thvc #0"
			 : "+r"(r0), "+r"(r1), "+r"(r2)
			 :
			 : "r3", "memory");
	return r0;
}

static void ipi_send(uint32_t sample)
{
	/* The registers are fixed, for the path may depend on them. */
	register uint32_t r0 __asm__("r0") = board.gicd + GICD_SGIR;
	register uint32_t r1 __asm__("r1") = 1u << (16 + SECOND) | IPI_SGI;

	wait_for(&ready, sample);
	MARK_BEGIN(ROW_IPI_SEND);
	__asm__ volatile("str r1, [r0]" : : "r"(r0), "r"(r1) : "memory");
	MARK_END();
	wait_for(&done, sample);
}

/* Its interrupt is counted by bench_interrupt(); the sender has none. */
static void ipi_receive(uint32_t sample)
{
	uint32_t before = bench_interrupts;
	bool came;

	MARK_BEGIN(ROW_IPI_RECEIVE);
	ready = sample;
	came = wait_for(&bench_interrupts, before + 1);
	board_end_sample(came);
	done = sample;
}

void rows_ipi(void)
{
	if (call(PSCI_CPU_ON, SECOND, (uint32_t)bench_second_entry) == PSCI_SUCCESS)
		for (uint32_t sample = 1; sample <= SAMPLES; sample++)
			ipi_send(sample);
	MARK_FINISH();
}

void bench_second(void)
{
	mmio_write32(board.gicc + GICC_PMR, 0xff);
	mmio_write32(board.gicc + GICC_CTLR, 1);
	mmio_write32(board.gicd + GICD_ISENABLER, 1u << IPI_SGI);
	cpu_enable_interrupts();
	for (uint32_t sample = 1; sample <= SAMPLES; sample++)
		ipi_receive(sample);
	for (;;)
		cpu_wait_for_interrupt();
}
