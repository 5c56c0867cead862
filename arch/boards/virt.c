// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt": power through PSCI by SMC (DEN 0022, 5.1.9), served by QEMU when
 * it started us in hyp mode, by our own monitor when we came from reset.
 */
#include "arch/boards/board.h"

#include "arch/smc.h"

#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

void board_power_off(void)
{
	smc_call(PSCI_SYSTEM_OFF);
}

void board_reset(void)
{
	smc_call(PSCI_SYSTEM_RESET);
}
