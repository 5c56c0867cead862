// SPDX-License-Identifier: BSD-2-Clause
/*
 * See uart.h.
 */
#include "arch/uart.h"

#include <stddef.h>

#include "generated/board.h"

/* PrimeCell UART registers (DDI 0183, table 3-1). */
struct uart {
	uint32_t DR;  /* 0x000 RW Data */
	uint32_t RSR; /* 0x004 RW Receive Status / Error Clear */
	uint32_t reserved_008[4];
	uint32_t FR; /* 0x018 RO Flag */
	uint32_t reserved_01c;
	uint32_t ILPR; /* 0x020 RW IrDA Low-Power Counter */
	uint32_t IBRD; /* 0x024 RW Integer Baud Rate */
	uint32_t FBRD; /* 0x028 RW Fractional Baud Rate */
	uint32_t LCRH; /* 0x02c RW Line Control */
	uint32_t CR;   /* 0x030 RW Control */
	uint32_t IFLS; /* 0x034 RW Interrupt FIFO Level Select */
	uint32_t IMSC; /* 0x038 RW Interrupt Mask Set/Clear */
	uint32_t RIS;  /* 0x03c RO Raw Interrupt Status */
	uint32_t MIS;  /* 0x040 RO Masked Interrupt Status */
	uint32_t ICR;  /* 0x044 WO Interrupt Clear */
};

_Static_assert(offsetof(struct uart, ICR) == 0x44, "DDI 0183, table 3-1");

#define UART ((volatile struct uart *)BOARD_UART)

#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)

#define LCRH_FIFOS     (1u << 4)
#define LCRH_EIGHT_BIT (3u << 5)

#define CR_ENABLE   (1u << 0)
#define CR_TRANSMIT (1u << 8)
#define CR_RECEIVE  (1u << 9)

#define INT_RX (1u << 4)
#define INT_TX (1u << 5)
#define INT_RT (1u << 6) /* something lies in the FIFO for a while */

/* clock / (16 * baud) in 64ths (DDI 0183, 3.3.6). */
#define BAUD          115200u
#define DIVISOR_64THS ((BOARD_UART_CLOCK_HZ * 4u + BAUD / 2) / BAUD)

void uart_init(void)
{
	UART->CR = 0;
	UART->IBRD = DIVISOR_64THS / 64;
	UART->FBRD = DIVISOR_64THS % 64;
	UART->LCRH = LCRH_EIGHT_BIT | LCRH_FIFOS; /* latches the divisors */
	UART->ICR = 0x7ff;
	UART->CR = CR_ENABLE | CR_TRANSMIT | CR_RECEIVE;
	uart_set_interrupts(false, true);
}

bool uart_is_full(void)
{
	return (UART->FR & FR_TXFF) != 0;
}

void uart_put(char c)
{
	UART->DR = (uint8_t)c;
}

int uart_get(void)
{
	if (UART->FR & FR_RXFE)
		return -1;
	return (int)(UART->DR & 0xff);
}

void uart_set_interrupts(bool on_room, bool on_receive)
{
	UART->IMSC = (on_room ? INT_TX : 0) | (on_receive ? INT_RX | INT_RT : 0);
}
