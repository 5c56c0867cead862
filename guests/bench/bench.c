// SPDX-License-Identifier: BSD-2-Clause
/*
 * The bench guest: does what each row of the table measures, between two marks.
 * Its boot arguments say which part it plays (`role=`, below). The results are the
 * counting plugin's: it prints nothing of its own, but for ROLE_CLOCK.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/bench/tree.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

enum role {
	ROLE_ALONE,    /* all rows of one VM */
	ROLE_SWITCHED, /* every register its own; is switched to and from */
	ROLE_MEASURED, /* the same, and this one's time is measured */
	ROLE_SLEEPER,  /* gives its slice away, and is woken */
	ROLE_BUSY,     /* runs while the sleeper sleeps, with the VFP */
	ROLE_CLOCK,    /* measures by the clock, and prints */
	ROLE_SENDER,   /* sends to its peer, ... */
	ROLE_RECEIVER, /* ... which sleeps until it does */
	ROLE_WORST,    /* gives the hypervisor as much to do as it can */
	ROLE_PAIR,     /* of two CPUs, which send each other interrupts */
};

#define FIRST_SPI   32u
#define FIRST_PPI   16u
#define HELD_SGI    3u
#define SPINS       40000000u /* of ROLE_MEASURED: 80 slices of 1 ms */
#define FOREVER     0xffffffffu
#define HOLE_OFFSET 0x00800000u

/* Called by start.S only. */
void bench_main(const void *tree);
void bench_interrupt(void);

struct board board;
volatile uint32_t bench_faults;
volatile uint32_t bench_interrupts;

void board_end_sample(bool is_right)
{
	if (is_right)
		MARK_END();
	else
		MARK_FAIL();
}

void board_start_timer(uint32_t ticks)
{
	cp15_write_CNTV_TVAL(ticks);
	cp15_write_CNTV_CTL(TIMER_CTL_ENABLE);
	cpu_instruction_barrier();
}

void board_enable(uint32_t intid)
{
	mmio_write32(board.gicd + GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

void board_hold_interrupt(void)
{
	cpu_disable_interrupts();
	board_enable(HELD_SGI);
	mmio_write32(board.gicd + GICD_SGIR, (uint32_t)GIC_SGI_SELF << 24 | HELD_SGI);
}

#define RTC_ICR 0x1cu

/* Quiets the source, so that the interrupt comes once. */
void bench_interrupt(void)
{
	uint32_t iar = mmio_read32(board.gicc + GICC_IAR);
	uint32_t intid = iar & GIC_IAR_INTID;

	bench_interrupts++;
	if (intid == board.timer_intid)
		cp15_write_CNTV_CTL(0);
	else if (intid == board.rtc_intid)
		mmio_write32(board.rtc + RTC_ICR, 1);
	if (intid != GIC_INTID_SPURIOUS)
		mmio_write32(board.gicc + GICC_EOIR, iar);
}

static void find_gic(void)
{
	static const char *const kinds[] = { "arm,cortex-a15-gic", "arm,gic-400",
					     "arm,cortex-a7-gic", "arm,cortex-a9-gic" };
	struct tree_node node;

	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !board.gicd; i++) {
		if (!tree_find(kinds[i], &node))
			continue;
		board.gicd = node.reg[0];
		board.gicc = node.reg[1];
	}
}

static void find_devices(void)
{
	struct tree_node node;

	find_gic();
	if (tree_find("arm,armv7-timer", &node))
		board.timer_intid = FIRST_PPI + node.interrupts[7]; /* the third: virtual */
	if (tree_find("arm,pl011", &node))
		board.uart = node.reg[0];
	if (tree_find("arm,pl031", &node)) {
		board.rtc = node.reg[0];
		board.rtc_intid = FIRST_SPI + node.interrupts[1];
	}
	/* Devices lie below RAM, and far from each other. */
	board.hole = board.gicd + HOLE_OFFSET;
}

static void enable_interrupts(void)
{
	mmio_write32(board.gicc + GICC_PMR, 0xff);
	mmio_write32(board.gicc + GICC_CTLR, 1);
	mmio_write32(board.gicd + GICD_CTLR, 1);
	board_enable(board.timer_intid);
}

static void run_alone(void)
{
	rows_traps();
	rows_interrupts();
	rows_native();
	MARK_FINISH();
}

/* The VFP's owner changes hands each time the sleeper wakes. */
static void run_busy(void)
{
	for (;;)
		__asm__ volatile(".fpu neon-vfpv4\n\tvmov.f64 d0, d1" ::: "memory");
}

void bench_main(const void *tree)
{
	tree_set(tree);
	find_devices();
	enable_interrupts();

	switch (tree_argument("role", ROLE_ALONE)) {
	case ROLE_ALONE:
		run_alone();
		break;
	case ROLE_SWITCHED:
		board_hold_interrupt();
		fill_and_run(1, FOREVER);
	case ROLE_MEASURED:
		board_hold_interrupt();
		MARK_BEGIN(ROW_WORLD_SWITCH);
		fill_and_run(2, SPINS);
	case ROLE_SLEEPER:
		fill_and_return(3);
		rows_yield();
		MARK_FINISH();
		break;
	case ROLE_BUSY:
		fill_and_return(4);
		run_busy();
		break;
	case ROLE_CLOCK:
		rows_clock();
		break;
	case ROLE_SENDER:
		rows_ivc_send();
		MARK_FINISH();
		break;
	case ROLE_RECEIVER:
		rows_ivc_receive();
		break;
	case ROLE_WORST:
		rows_worst();
		break;
	case ROLE_PAIR:
		rows_ipi();
	}
	for (;;)
		cpu_wait_for_interrupt();
}
