// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whose character comes next on the wire: lines of all clients, each headed by its name
 * and never split; the one in focus, which somebody looks at, also as it goes. An open
 * line may keep others waiting for a while; then it is broken off, and comes again.
 */
#ifndef GUESTS_CONSOLE_SERVER_MUX_H
#define GUESTS_CONSOLE_SERVER_MUX_H

#include <stdbool.h>
#include <stdint.h>

#include "guests/console-server/client.h"

#define MUX_NEVER UINT64_MAX

/* Takes up `count` clients, whose names and pages are set. */
void mux_begin(struct client *clients, uint32_t count);

/* Who has the focus (of the clients): its line is shown as it goes. */
void mux_set_focus(struct client *client);

/* Sends so many characters at most. True: there is more to do, or was. */
bool mux_send(uint32_t most);

/* When it wants to be called again at the latest: virtual counter, or MUX_NEVER; and is
 * the wire what it waits for? */
uint64_t mux_deadline(void);
bool mux_waits_for_wire(void);

#endif
