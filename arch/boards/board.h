// SPDX-License-Identifier: BSD-2-Clause
/*
 * What differs from board to board and is not a mere address: a file each in
 * arch/boards/, the manifest says which.
 */
#ifndef BULKHEAD_ARCH_BOARDS_BOARD_H
#define BULKHEAD_ARCH_BOARDS_BOARD_H

/* Switch the machine off, or reset it. Return only if that fails. */
void board_power_off(void);
void board_reset(void);

#endif
