// SPDX-License-Identifier: BSD-2-Clause
/*
 * Zeroing memory at the bus's pace: newlib's memset takes four times as many
 * instructions, and a VM's RAM is large.
 */
#pragma once

#include <stdint.h>

/* start: 8-byte aligned; bytes: a multiple of 256, not 0. Normal memory. */
void memory_zero(void *start, uint32_t bytes);
