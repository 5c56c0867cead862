// SPDX-License-Identifier: BSD-2-Clause
/*
 * Console input: to the VM in focus, but for what follows the escape key. When
 * that VM's ring is full, characters stay in the board's UART, and the sender
 * waits. On core 0; only input_focus() is called on any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Ctrl-]: terminals and QEMU leave it alone. */
#define INPUT_ESCAPE 0x1d

/* The VM (index) that input goes to; CONFIG_VM_COUNT: the menu. */
uint32_t input_focus(void);

/* The menu opens (CONFIG_VM_COUNT), or is left: input goes to this VM, or where it
 * went before (UINT32_MAX). */
void input_set_focus(uint32_t vm);

/* The terminal is asked: its answer within a second is none of a VM's keys. */
void input_ask(void);

/* Take a little of what the UART has received; true if there may be more. */
bool input_drain(void);

/* Is there room for more; or must the receive interrupt stay off? */
bool input_wants_more(void);

/* A full ring has kept input waiting for long enough: CONSOLE_DEAF. */
void input_timeout(void);
