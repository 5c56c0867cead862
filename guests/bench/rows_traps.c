// SPDX-License-Identifier: BSD-2-Clause
/*
 * Rows in which one instruction of the guest's traps, or a call is made. Each sample
 * is one instruction between two marks; what it returned is checked behind it.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define SAMPLES 17u /* the first warms up */

#define CALL_UNKNOWN  0x86001234u /* a function that nobody has */
#define NOT_SUPPORTED 0xffffffffu
#define FIRST_SPI     32u

#define GICD_TYPER_LINES 0x1fu

enum { UARTDR = 0x00, UARTFR = 0x18, UARTIMSC = 0x38, UARTCR = 0x30 };

#define UARTFR_TXFE   0x80u
#define UARTFR_TXFF   0x20u
#define UARTCR_ENABLE 0x301u

/* A sample of one instruction, with r0 = in; returns r1. The registers are fixed, for
 * the path may depend on them. */
#define SAMPLE(row, instruction, in)                                    \
	({                                                              \
		register uint32_t r0 __asm__("r0") = in;                \
		register uint32_t r1 __asm__("r1") = SAMPLE_R1;         \
                                                                        \
		MARK_BEGIN(row);                                        \
		__asm__ volatile(".arch_extension virt\n\t" instruction \
				 : "+r"(r0), "+r"(r1)                   \
				 :                                      \
				 : "r2", "r3", "ip", "memory");         \
		r1;                                                     \
	})
#define SAMPLE_R1 0x2eu /* '.', when it is written */

static void hypercall(void)
{
	board_end_sample(SAMPLE(ROW_HYPERCALL, "hvc #0\n\tmov r1, r0", CALL_UNKNOWN) ==
			 NOT_SUPPORTED);
}

static void psci_version(void)
{
	board_end_sample(SAMPLE(ROW_PSCI_VERSION, "hvc #0\n\tmov r1, r0", PSCI_VERSION) !=
			 NOT_SUPPORTED);
}

static void cp15_trap(void)
{
	board_end_sample(SAMPLE(ROW_CP15_TRAP, "mrc p15, 0, r1, c1, c0, 1", 0) != SAMPLE_R1);
}

static void inject_abort(void)
{
	uint32_t before = bench_faults;

	SAMPLE(ROW_INJECT_ABORT, "ldr r1, [r0]", board.hole);
	board_end_sample(bench_faults == before + 1);
}

static void gicd_read(void)
{
	uint32_t value = SAMPLE(ROW_MMIO_GICD_READ, "ldr r1, [r0]", board.gicd + GICD_TYPER);

	board_end_sample((value & GICD_TYPER_LINES) != 0 && value != SAMPLE_R1);
}

/* Enables interrupts 33, 34, 35 and 37, which nothing raises. */
static void gicd_write(void)
{
	uint32_t word = FIRST_SPI / 32 * 4;

	mmio_write32(board.gicd + GICD_ICENABLER + word, 0xffffffff);
	SAMPLE(ROW_MMIO_GICD_WRITE, "str r1, [r0]", board.gicd + GICD_ISENABLER + word);
	MARK_END();
	if (mmio_read32(board.gicd + GICD_ISENABLER + word) != SAMPLE_R1)
		MARK_FAIL();
}

static void uart_read(void)
{
	uint32_t value = SAMPLE(ROW_MMIO_UART_READ, "ldr r1, [r0]", board.uart + UARTFR);

	board_end_sample((value & UARTFR_TXFE) && !(value & UARTFR_TXFF));
}

static void uart_write(void)
{
	while (!(mmio_read32(board.uart + UARTFR) & UARTFR_TXFE))
		;
	SAMPLE(ROW_MMIO_UART_WRITE, "str r1, [r0]", board.uart + UARTDR);
	MARK_END();
}

/* The form that the syndrome doesn't describe: r0 moves on. */
static void writeback(void)
{
	uint32_t value = SAMPLE(ROW_MMIO_WRITEBACK, "ldr r1, [r0], #4", board.gicd + GICD_TYPER);

	board_end_sample((value & GICD_TYPER_LINES) != 0 && value != SAMPLE_R1);
}

void rows_traps(void)
{
	static void (*const rows[])(void) = {
		hypercall,  psci_version, cp15_trap, inject_abort, gicd_read,
		gicd_write, uart_read,    writeback, uart_write,
	};

	mmio_write32(board.uart + UARTIMSC, 0);
	mmio_write32(board.uart + UARTCR, UARTCR_ENABLE);
	for (uint32_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		for (uint32_t sample = 0; sample < SAMPLES; sample++)
			rows[row]();
}
