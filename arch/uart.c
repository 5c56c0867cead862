// SPDX-License-Identifier: BSD-2-Clause
/*
 * See uart.h.
 */
#include "arch/uart.h"

#include "arch/pl011.h"
#include "generated/board.h"

#define UART(offset) (*(volatile uint32_t *)(BOARD_UART + (offset)))

/* clock / (16 * baud) in 64ths (DDI 0183, 3.3.6). */
#define BAUD          115200u
#define DIVISOR_64THS ((BOARD_UART_CLOCK_HZ * 4u + BAUD / 2) / BAUD)

void uart_init(void)
{
	UART(UARTCR) = 0;
	UART(UARTIBRD) = DIVISOR_64THS / 64;
	UART(UARTFBRD) = DIVISOR_64THS % 64;
	UART(UARTLCR_H) = LCRH_EIGHT_BIT | LCRH_FEN; /* latches the divisors */
	UART(UARTICR) = 0x7ff;
	UART(UARTCR) = CR_UARTEN | CR_TXE | CR_RXE;
	uart_set_interrupts(false, true);
}

bool uart_is_full(void)
{
	return (UART(UARTFR) & FR_TXFF) != 0;
}

void uart_put(char c)
{
	UART(UARTDR) = (uint8_t)c;
}

int uart_get(void)
{
	if (UART(UARTFR) & FR_RXFE)
		return -1;
	return (int)(UART(UARTDR) & 0xff);
}

void uart_set_interrupts(bool on_room, bool on_receive)
{
	UART(UARTIMSC) = (on_room ? INT_TX : 0) | (on_receive ? INT_RX | INT_RT : 0);
}
