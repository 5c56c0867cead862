// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls to the firmware, or to what stands in for it: PSCI (Arm DEN 0022) by the
 * SMC calling convention (DEN 0028), through HVC or SMC. Registers r0..r3.
 */
#ifndef GUESTS_LIB_PSCI_H
#define GUESTS_LIB_PSCI_H

#include <stdint.h>

#define PSCI_VERSION           0x84000000u
#define PSCI_CPU_SUSPEND       0x84000001u
#define PSCI_CPU_OFF           0x84000002u
#define PSCI_CPU_ON            0x84000003u
#define PSCI_AFFINITY_INFO     0x84000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF        0x84000008u
#define PSCI_SYSTEM_RESET      0x84000009u
#define PSCI_FEATURES          0x8400000au

#define PSCI_SUCCESS            0
#define PSCI_NOT_SUPPORTED      (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED             (-3)
#define PSCI_ALREADY_ON         (-4)
#define PSCI_ON_PENDING         (-5)
#define PSCI_INVALID_ADDRESS    (-9)

/* AFFINITY_INFO's answers. */
#define PSCI_AFFINITY_ON         0
#define PSCI_AFFINITY_OFF        1
#define PSCI_AFFINITY_ON_PENDING 2

/* One call; the result is what r0 holds afterwards. */
int32_t psci_call_hvc(uint32_t function, uint32_t a1, uint32_t a2, uint32_t a3);
int32_t psci_call_smc(uint32_t function, uint32_t a1, uint32_t a2, uint32_t a3);

#endif
