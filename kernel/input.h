// SPDX-License-Identifier: BSD-2-Clause
/*
 * Console input: to the VM in focus, but for what follows the escape key. When
 * that VM's UART is full, characters stay in ours, and the sender waits.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Ctrl-]: terminals and QEMU leave it alone. */
#define INPUT_ESCAPE 0x1d

/* The VM (index) that input goes to. */
uint32_t input_focus(void);

/* Take what the UART has received. */
void input_drain(void);

/* Is there room for more; or must the receive interrupt stay off? */
bool input_wants_more(void);

/* The focus VM's UART has room again. */
void input_resume(void);

/* How long a full UART may keep input waiting: physical counter, or
 * TIMEOUT_NEVER; and what happens then. */
uint64_t input_deadline(void);
void input_timeout(void);
