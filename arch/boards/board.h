// SPDX-License-Identifier: BSD-2-Clause
/*
 * What differs from board to board and is not a mere address: a file each in
 * arch/boards/, the manifest says which.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Switch the machine off. Returns only if that fails. */
void board_power_off(void);

/* Have the core of this MPIDR[23:0] enter at an address in hyp mode, with r0 =
 * argument. False: the board refuses. */
bool board_start_core(uint32_t mpidr, void (*entry)(void), void *argument);

/* In assembly: board_init_secure. Called from reset by the boot core, in secure SVC when
 * the image is in RAM: what the board needs done there. May use r0 to r3. */
