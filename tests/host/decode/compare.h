// SPDX-License-Identifier: BSD-2-Clause
/*
 * Compares two decoded instructions, for both test programs.
 */
#ifndef BULKHEAD_TESTS_HOST_DECODE_COMPARE_H
#define BULKHEAD_TESTS_HOST_DECODE_COMPARE_H

#include "arch/decode.h"

/* A32, or Thumb as arch/decode.h wants it. */
bool decode_either(bool is_thumb, uint32_t instruction, struct transfer *transfer);

/* The name of the first field that differs; NULL if they mean the same. */
const char *compare_transfers(const struct transfer *expected, const struct transfer *actual);

#endif
