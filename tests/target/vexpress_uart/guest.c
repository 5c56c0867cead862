// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's second UART (PL011, DDI 0183), passed through beside the emulated one that
 * is the console: what comes in, by interrupt, goes out again with every bit turned over.
 * Boot argument `bytes`.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

#define INTID     38u
#define UART      0x1c0a0000u
#define UARTDR    (UART + 0x00)
#define UARTFR    (UART + 0x18)
#define UARTLCR_H (UART + 0x2c)
#define UARTCR    (UART + 0x30)
#define UARTIMSC  (UART + 0x38)
#define UARTMIS   (UART + 0x40)
#define UARTICR   (UART + 0x44)

#define FR_RXFE       0x10u
#define FR_TXFF       0x20u
#define LCR_H_8BIT    0x60u
#define LCR_H_FEN     0x10u
#define CR_ENABLE_ALL 0x301u
#define INT_RX        0x10u
#define INT_TIMEOUT   0x40u

static volatile uint32_t bytes, interrupts, strange;

static void hear(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	interrupts++;
	if (iar != INTID || !mmio_read32(UARTMIS))
		strange++;
	if ((iar & GIC_IAR_INTID) == GIC_INTID_SPURIOUS)
		return;
	mmio_write32(UARTICR, INT_TIMEOUT);
	for (; !(mmio_read32(UARTFR) & FR_RXFE); bytes++) {
		uint32_t byte = mmio_read32(UARTDR);

		while (mmio_read32(UARTFR) & FR_TXFF)
			;
		mmio_write32(UARTDR, ~byte & 0xff);
	}
	gic_end(iar);
}

int main(void)
{
	uint32_t wanted = devicetree_argument("bytes", 1);

	mmio_write32(UARTLCR_H, LCR_H_8BIT | LCR_H_FEN);
	mmio_write32(UARTCR, CR_ENABLE_ALL);
	mmio_write32(UARTIMSC, INT_RX | INT_TIMEOUT);
	exception_set_handler(EXCEPTION_IRQ, hear);
	gic_enable();
	gic_enable_interrupt(INTID);
	puts("uart: listens");
	while (bytes < wanted) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	printf("uart: %lu bytes, %lu strange interrupts of %lu\n", bytes, strange, interrupts);
	return 0;
}
