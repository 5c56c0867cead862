// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's PL011, polled; see console.h. One byte an access, no interrupts:
 * it works in any state a guest can be in. CPU 0 only, no locks.
 */
#include "guests/lib/console.h"
#include "guests/lib/platform.h"

enum {
	UARTDR = 0x00,    /* data */
	UARTFR = 0x18,    /* flags */
	UARTLCR_H = 0x2c, /* line control */
	UARTCR = 0x30,    /* control */
	UARTIMSC = 0x38,  /* interrupt mask */
};

#define UARTFR_RXFE       0x10u /* receive FIFO empty */
#define UARTFR_TXFF       0x20u /* transmit FIFO full */
#define UARTLCR_H_8BIT    0x60u
#define UARTLCR_H_FEN     0x10u  /* FIFOs on */
#define UARTCR_ENABLE_ALL 0x301u /* UART, transmitter, receiver */

void console_enable(void)
{
	mmio_write32(PLATFORM_UART + UARTIMSC, 0);
	mmio_write32(PLATFORM_UART + UARTLCR_H, UARTLCR_H_8BIT | UARTLCR_H_FEN);
	mmio_write32(PLATFORM_UART + UARTCR, UARTCR_ENABLE_ALL);
}

void console_put(char byte)
{
	while (mmio_read32(PLATFORM_UART + UARTFR) & UARTFR_TXFF)
		;
	mmio_write32(PLATFORM_UART + UARTDR, (uint8_t)byte);
}

bool console_has_input(void)
{
	return !(mmio_read32(PLATFORM_UART + UARTFR) & UARTFR_RXFE);
}

char console_get(void)
{
	while (!console_has_input())
		;
	return (char)mmio_read32(PLATFORM_UART + UARTDR);
}
