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
