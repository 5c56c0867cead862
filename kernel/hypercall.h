// SPDX-License-Identifier: BSD-2-Clause
/*
 * Return codes of the SMC Calling Convention (DEN 0028, table 2-1).
 */
#ifndef BULKHEAD_KERNEL_HYPERCALL_H
#define BULKHEAD_KERNEL_HYPERCALL_H

#define SMCCC_NOT_SUPPORTED 0xffffffffu

#endif
