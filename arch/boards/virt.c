// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt": power and cores through PSCI by SMC (DEN 0022, 5.1), served by QEMU
 * when it started us in hyp mode, by our own monitor when we came from reset.
 */
#include "arch/boards/board.h"

#define PSCI_CPU_ON     0x84000003u
#define PSCI_SYSTEM_OFF 0x84000008u

/* A Secure Monitor Call (SMCCC, DEN 0028, 2.4): r0 function and result, r1-r3
 * arguments, which are lost. */
static uint32_t smc_call(uint32_t function, uint32_t a, uint32_t b, uint32_t c)
{
	register uint32_t r0 __asm__("r0") = function;
	register uint32_t r1 __asm__("r1") = a;
	register uint32_t r2 __asm__("r2") = b;
	register uint32_t r3 __asm__("r3") = c;

	__asm__ volatile(".arch_extension sec\n\tsmc #0"
			 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			 :
			 : "memory");
	return r0;
}

void board_power_off(void)
{
	smc_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

bool board_start_core(uint32_t mpidr, void (*entry)(void), void *argument)
{
	return smc_call(PSCI_CPU_ON, mpidr, (uint32_t)entry, (uint32_t)argument) == 0;
}
