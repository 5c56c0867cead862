// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's PL011 UART, polled: below printf, and usable directly.
 * PrimeCell UART (PL011) manual, DDI 0183. Needs no interrupts and no MMU.
 */
#ifndef GUESTS_LIB_CONSOLE_H
#define GUESTS_LIB_CONSOLE_H

#include <stdbool.h>

/* Turns on the transmitter and receiver, 8 bits, FIFOs on, interrupts masked. */
void console_enable(void);

/* Sends one byte as it is; waits while the transmit FIFO is full. */
void console_put(char byte);

/* Waits for a byte and returns it. */
char console_get(void);

/* True if console_get would not wait. */
bool console_has_input(void);

#endif
