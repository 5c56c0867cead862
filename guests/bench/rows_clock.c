// SPDX-License-Identifier: BSD-2-Clause
/*
 * Some rows once more by another method than the plugin's: with QEMU's -icount an
 * instruction is a nanosecond, so the counter tells how many a loop has taken, the
 * hypervisor's included. A line for each: name, turns, ticks with the instruction
 * that traps, ticks with a NOP in its place.
 *
 * Not for trapped CP15 accesses: QEMU's clock has then advanced by all of the block
 * that the instruction is in, and does so again for its rest.
 */
#include "guests/bench/board.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

#define TURNS 16384u

enum { UARTDR = 0x00, UARTFR = 0x18, UARTCR = 0x30 };

#define UARTFR_TXFF   0x20u
#define UARTCR_ENABLE 0x301u

/* Both loops are the same but for the one instruction. */
#define LOOP(name, instruction, argument)                                         \
	static void name(void)                                                    \
	{                                                                         \
		uint32_t turns = TURNS;                                           \
                                                                                  \
		__asm__ volatile(".arch_extension virt\n"                         \
				 "1:	mov r0, %1\n"                                \
				 "	" instruction "\n"                        \
				 "	subs %0, %0, #1\n"                             \
				 "	bne 1b"                                        \
				 : "+r"(turns)                                    \
				 : "r"(argument)                                  \
				 : "r0", "r1", "r2", "r3", "ip", "cc", "memory"); \
	}

LOOP(empty, "nop", 0)
LOOP(hypercall, "hvc #0", 0x86001234u)
LOOP(psci_version, "hvc #0", PSCI_VERSION)
LOOP(mmio_gicd_read, "ldr r1, [r0]", board.gicd + GICD_TYPER)
LOOP(mmio_uart_read, "ldr r1, [r0]", board.uart + UARTFR)
LOOP(mmio_writeback, "ldr r1, [r0], #4", board.gicd + GICD_TYPER)

static void print(const char *text)
{
	for (; *text != '\0'; text++) {
		while (mmio_read32(board.uart + UARTFR) & UARTFR_TXFF)
			;
		mmio_write32(board.uart + UARTDR, (uint8_t)*text);
	}
}

static void print_number(uint32_t number)
{
	char text[12];
	uint32_t at = sizeof(text) - 1;

	text[at] = '\0';
	do {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	print(" ");
	print(text + at);
}

static uint32_t ticks_of(void (*loop)(void))
{
	uint64_t start = timer_read_virtual();

	loop();
	return (uint32_t)(timer_read_virtual() - start);
}

void rows_clock(void)
{
	static const struct {
		const char *name;
		void (*loop)(void);
	} loops[] = {
		{ "hypercall", hypercall },           { "psci_version", psci_version },
		{ "mmio_gicd_read", mmio_gicd_read }, { "mmio_uart_read", mmio_uart_read },
		{ "mmio_writeback", mmio_writeback },
	};

	mmio_write32(board.uart + UARTCR, UARTCR_ENABLE);
	for (uint32_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		uint32_t with = ticks_of(loops[i].loop);
		uint32_t without = ticks_of(empty);

		print("clock ");
		print(loops[i].name);
		print_number(TURNS);
		print_number(with);
		print_number(without);
		print("\n");
	}
	__asm__ volatile(".arch_extension virt\n\tmov r0, %0\n\thvc #0"
			 :
			 : "r"(PSCI_SYSTEM_OFF)
			 : "r0", "memory");
}
