// SPDX-License-Identifier: BSD-2-Clause
/*
 * Marks for the counting plugin (tools/bench/plugin.c): which row of the table is
 * measured now. Each is one instruction, a hint that the architecture leaves
 * unallocated and executes as a NOP (ARM ARM DDI 0406C, A5.2.11): nothing traps.
 */
#ifndef GUESTS_BENCH_MARK_H
#define GUESTS_BENCH_MARK_H

/* The numbers are those of ROWS in tools/bench/rows.py. */
enum mark_row {
	ROW_SYSCALL = 0,
	ROW_GUEST_PAGE_FAULT = 1,
	ROW_ACK_EOI = 2,
	ROW_HYPERCALL = 3,
	ROW_PSCI_VERSION = 4,
	ROW_CP15_TRAP = 5,
	ROW_INJECT_ABORT = 6,
	ROW_MMIO_GICD_READ = 7,
	ROW_MMIO_GICD_WRITE = 8,
	ROW_MMIO_UART_READ = 9,
	ROW_MMIO_UART_WRITE = 10,
	ROW_MMIO_WRITEBACK = 11,
	ROW_IRQ_TIMER = 12,
	ROW_IRQ_DEVICE = 13,
	ROW_TICK_ALONE = 14,
	ROW_WORLD_SWITCH = 15,
	ROW_WORLD_SWITCH_WFI = 16,
	ROW_LAZY_FPU = 17,
	ROW_IVC_SEND = 18,
	ROW_IVC_RECEIVE = 19,
	/* Of WORST in tools/bench/worst.py. */
	ROW_WORST_PEND = 20,
	ROW_WORST_STM = 21,
	ROW_WORST_LDM = 22,
	ROW_WORST_SETTINGS = 23,
	ROW_WORST_INTERRUPT = 24,
	ROW_WORST_END = 25,
	ROW_WORST_CONSOLE = 26,
	ROW_WORST_FAULT = 27,
	ROW_WORST_RESET = 28,
	ROW_WORST_OFF = 29,
	/* Of two cores. */
	ROW_IPI_SEND = 30,
	ROW_IPI_RECEIVE = 31,
	/* Of two VMs: there and back. */
	ROW_IVC_PING_PONG = 32,
	ROW_IVC_BUFFER = 33,
};

#define MARK(number) __asm__ volatile(".inst 0xe320f080 + %c0" : : "i"(number) : "memory")

/* A sample of the row begins. */
#define MARK_BEGIN(row) MARK(row)
/* It ends. */
#define MARK_END() MARK(0x40)
/* It ended, and what should have happened didn't. */
#define MARK_FAIL() MARK(0x41)
/* The run ends: the plugin ends QEMU. */
#define MARK_FINISH() MARK(0x42)

#endif
