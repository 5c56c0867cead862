// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's UART behind arch/uart.h: a PL011 (DDI 0183) with 16 places to send
 * and 32 to receive, at any speed. Keys wait outside while it is full.
 */
#ifndef BULKHEAD_UNIT_UART_MODEL_H
#define BULKHEAD_UNIT_UART_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* ticks_per_char 0: what is sent is gone at once. */
void uart_model_init(uint32_t ticks_per_char);

/* The other end of the wire takes nothing; or, one character at each look at the
 * flags now and then: for who polls. */
void uart_model_stall(bool is_stalled);
void uart_model_poll(bool is_polled);

/* Send and receive what is due by now; when there is something due again. */
void uart_model_pass(void);
uint64_t uart_model_next(void);

/* Does an interrupt ask that is not masked? Is one waited for that won't come?
 * Are keys taken at all? */
bool uart_model_is_pending(void);
bool uart_model_is_stuck(void);
bool uart_model_wants_room(void);
bool uart_model_wants_keys(void);

/* Characters that the hypervisor has given and taken, ever. */
uint32_t uart_model_moves(void);

void uart_model_type(char c);
uint32_t uart_model_waiting(void); /* keys */

#endif
