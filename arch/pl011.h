// SPDX-License-Identifier: BSD-2-Clause
/*
 * PrimeCell UART (PL011): offsets and bits of its registers (DDI 0183, table 3-1). For
 * the board's (uart.c) and for those that guests see (kernel/vdev/vpl011.c).
 */
#pragma once

enum {
	UARTDR = 0x000,    /* RW Data */
	UARTFR = 0x018,    /* RO Flag */
	UARTILPR = 0x020,  /* RW IrDA Low-Power Counter */
	UARTIBRD = 0x024,  /* RW Integer Baud Rate */
	UARTFBRD = 0x028,  /* RW Fractional Baud Rate */
	UARTLCR_H = 0x02c, /* RW Line Control */
	UARTCR = 0x030,    /* RW Control */
	UARTIFLS = 0x034,  /* RW Interrupt FIFO Level Select */
	UARTIMSC = 0x038,  /* RW Interrupt Mask Set/Clear */
	UARTRIS = 0x03c,   /* RO Raw Interrupt Status */
	UARTMIS = 0x040,   /* RO Masked Interrupt Status */
	UARTICR = 0x044,   /* WO Interrupt Clear */
	UARTDMACR = 0x048, /* RW DMA Control */
	UARTPeriphID0 = 0xfe0,
};

#define FR_BUSY (1u << 3)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)

#define LCRH_FEN       (1u << 4) /* FIFOs */
#define LCRH_EIGHT_BIT (3u << 5)

#define CR_UARTEN (1u << 0)
#define CR_LBE    (1u << 7) /* loopback */
#define CR_TXE    (1u << 8)
#define CR_RXE    (1u << 9)

#define INT_RX (1u << 4)
#define INT_TX (1u << 5)
#define INT_RT (1u << 6) /* something lies in the FIFO for a while */
