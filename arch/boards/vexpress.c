// SPDX-License-Identifier: BSD-2-Clause
/*
 * Arm's Versatile Express: power, by the configuration bus of its motherboard (V2M-P1
 * TRM, DUI 0447, chapter 4). There is no firmware and no PSCI.
 */
#include "arch/boards/board.h"

#define SYS_CFGCTRL   ((volatile uint32_t *)0x1c0100a4u)
#define CFG_SHUT_DOWN 0xc0800000u /* start, write, function 8 */

void board_power_off(void)
{
	*SYS_CFGCTRL = CFG_SHUT_DOWN;
}
