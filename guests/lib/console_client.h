// SPDX-License-Identifier: BSD-2-Clause
/*
 * A console for a guest without a UART: a client of the VM that serves the consoles, by
 * ivc/console_page.h. The page and the server's number come from the device tree. CPU 0
 * only; the interrupt of ivc.h may be on or off: nobody sleeps here but
 * console_client_wait().
 */
#ifndef GUESTS_LIB_CONSOLE_CLIENT_H
#define GUESTS_LIB_CONSOLE_CLIENT_H

#include <stdbool.h>

struct console_page;

/* Finds page and server, and opens this VM's channels. NULL: there is none. Map it as
 * Normal memory, write-back, if there is an MMU on. */
struct console_page *console_client_open(void);

/* Sends a character. False, and nothing, while there is no room. */
bool console_client_put(char c);

/* A character that was typed, or -1. */
int console_client_get(void);

/* Sleeps until the server may have made room, or something may have been typed: an
 * interrupt, which must be enabled at the distributor and masked at the CPU. */
void console_client_wait(void);

#endif
