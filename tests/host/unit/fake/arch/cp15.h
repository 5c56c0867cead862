// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/cp15.h for the host: the few registers that the code under test reads are
 * functions that each test provides. Found before the real one by the unit
 * tests' include path.
 */
#ifndef BULKHEAD_UNIT_CP15_H
#define BULKHEAD_UNIT_CP15_H

#include <stdint.h>

uint64_t read_CNTPCT(void);

#endif
