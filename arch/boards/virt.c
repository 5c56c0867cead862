// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt": power and cores through PSCI by SMC (DEN 0022, 5.1), served by QEMU
 * when it started us in hyp mode, by our own monitor when we came from reset.
 */
#include "arch/boards/board.h"

#include "arch/smc.h"

#define PSCI_CPU_ON       0x84000003u
#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

void board_power_off(void)
{
	smc_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void board_reset(void)
{
	smc_call(PSCI_SYSTEM_RESET, 0, 0, 0);
}

bool board_start_core(uint32_t mpidr, void (*entry)(void), void *argument)
{
	return smc_call(PSCI_CPU_ON, mpidr, (uint32_t)entry, (uint32_t)argument) == 0;
}
