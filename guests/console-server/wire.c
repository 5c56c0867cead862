// SPDX-License-Identifier: BSD-2-Clause
/*
 * See wire.h. Baud rate and format are as guests/lib/console.c, or firmware, left them.
 */
#include "guests/console-server/wire.h"

#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

enum {
	UARTDR = 0x00,
	UARTFR = 0x18,
	UARTIMSC = 0x38,
};

#define FR_RXFE 0x10u
#define FR_TXFF 0x20u
#define INT_RX  0x10u
#define INT_TX  0x20u
#define INT_RT  0x40u

void wire_init(void)
{
	wire_set_wishes(false, false);
	gic_set_targets(PLATFORM_INTID_UART, 1);
	gic_enable_interrupt(PLATFORM_INTID_UART);
}

bool wire_has_room(void)
{
	return !(mmio_read32(PLATFORM_UART + UARTFR) & FR_TXFF);
}

void wire_put(char byte)
{
	mmio_write32(PLATFORM_UART + UARTDR, (uint8_t)byte);
}

int wire_get(void)
{
	if (mmio_read32(PLATFORM_UART + UARTFR) & FR_RXFE)
		return -1;
	return (int)(mmio_read32(PLATFORM_UART + UARTDR) & 0xff);
}

void wire_set_wishes(bool on_room, bool on_input)
{
	mmio_write32(PLATFORM_UART + UARTIMSC,
		     (on_room ? INT_TX : 0) | (on_input ? INT_RX | INT_RT : 0));
}
