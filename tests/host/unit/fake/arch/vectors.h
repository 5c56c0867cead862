// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/vectors.h for the host: no test gets as far as a guest.
 */
#ifndef BULKHEAD_UNIT_VECTORS_H
#define BULKHEAD_UNIT_VECTORS_H

#include <stdlib.h>

#include "arch/regfile.h"
#include "kernel/types.h"

static inline _Noreturn void enter_guest(UNUSED const struct vcpu_frame *frame)
{
	abort();
}

#endif
