// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's UART, a PL011 (PrimeCell UART, DDI 0183), passed through: never waited
 * for. Its interrupt stays off but while wire_set_wishes() says otherwise.
 */
#ifndef GUESTS_CONSOLE_SERVER_WIRE_H
#define GUESTS_CONSOLE_SERVER_WIRE_H

#include <stdbool.h>

/* Sets it up, and its interrupt; characters that it holds already stay. */
void wire_init(void);

bool wire_has_room(void);
void wire_put(char byte);

/* A character, or -1. */
int wire_get(void);

/* Which interrupts are wanted, until the next one: when there is room, when something
 * has come. */
void wire_set_wishes(bool on_room, bool on_input);

#endif
