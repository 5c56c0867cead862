// SPDX-License-Identifier: BSD-2-Clause
/*
 * Return codes of the SMC Calling Convention (DEN 0028, table 2-1).
 */
#pragma once

#define SMCCC_NOT_SUPPORTED 0xffffffffu
