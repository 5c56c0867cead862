// SPDX-License-Identifier: BSD-2-Clause
/*
 * The banked general and status registers of the guest's modes, reachable from
 * hyp mode by MRS and MSR (ARM ARM DDI 0406C, B9.2.2): read_SP_svc() and so on.
 */
#pragma once

#include "arch/cp15.h"
#include "arch/switch.h"

#define BANKED(slot, name) CPU_REGISTER(name, uint32_t, "mrs %0, " #name, "msr " #name ", %0")
SWITCH_BANKED(BANKED)
#undef BANKED
