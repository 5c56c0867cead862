// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's PL011 (PrimeCell UART, DDI 0183), the hypervisor's console. Used
 * by kernel/console.c and, polled, by a panic.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* 115200 baud, 8N1, FIFOs on, receive interrupts on. */
void uart_init(void);

/* Transmit FIFO full? If not, uart_put() sends a character. */
bool uart_is_full(void);
void uart_put(char c);

/* One that is full at so many looks is broken: who waits for it gives up. */
#define UART_LOOKS_MAX 100000000u

/* A received character, or -1 if there is none. */
int uart_get(void);

/* Interrupts wanted: when there is room to send, when something came. */
void uart_set_interrupts(bool on_room, bool on_receive);
