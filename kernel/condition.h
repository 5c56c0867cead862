// SPDX-License-Identifier: BSD-2-Clause
/*
 * Would a trapped conditional instruction have executed at all? A core may trap
 * one that fails its condition (ARM ARM DDI 0406C, B1.14.1 and A8.3.1). Pure.
 */
#ifndef BULKHEAD_KERNEL_CONDITION_H
#define BULKHEAD_KERNEL_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

/* hsr: of exception class 0x01 to 0x0e or 0x13; cpsr: the guest's. */
bool condition_passed(uint32_t hsr, uint32_t cpsr);

#endif
