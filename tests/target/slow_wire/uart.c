// SPDX-License-Identifier: BSD-2-Clause
/*
 * In place of arch/uart.c: the board's PL011 (DDI 0183) as if its wire had 9600 baud, for
 * QEMU's has no speed. Characters go to QEMU at once, but take their time: 32 fit into the
 * FIFO, and the interrupt comes when half of them are gone. It is that of the physical
 * timer (CNTP, PPI 30), which the hypervisor uses only beside a deaf GIC; flood.dts says
 * so. Nothing is received.
 */
#include "arch/cp15.h"
#include "arch/pl011.h"
#include "arch/uart.h"
#include "generated/board.h"

COPROC_64(CNTP_CVAL, p15, 2, c14)

#define CTL_ENABLE (1u << 0)
#define CTL_IMASK  (1u << 1)

/* A start bit, eight of data, a stop bit. */
#define CHARACTER_TICKS (BOARD_COUNTER_HZ * 10u / 9600u)
#define FIFO_TICKS      (32u * CHARACTER_TICKS)

static uint64_t idle_at; /* when the last character will be on the wire */

void uart_init(void)
{
	*(volatile uint32_t *)(BOARD_UART + UARTCR) = CR_UARTEN | CR_TXE;
	uart_set_interrupts(false, false);
}

bool uart_is_full(void)
{
	return idle_at > read_CNTPCT() + FIFO_TICKS - CHARACTER_TICKS;
}

void uart_put(char c)
{
	uint64_t now = read_CNTPCT();

	*(volatile uint32_t *)(BOARD_UART + UARTDR) = (uint8_t)c;
	idle_at = (idle_at > now ? idle_at : now) + CHARACTER_TICKS;
	write_CNTP_CVAL(idle_at - FIFO_TICKS / 2);
}

int uart_get(void)
{
	return -1;
}

void uart_set_interrupts(bool on_room, bool on_receive)
{
	(void)on_receive;
	write_CNTP_CTL(on_room ? CTL_ENABLE : CTL_ENABLE | CTL_IMASK);
}
