// SPDX-License-Identifier: BSD-2-Clause
/*
 * The processor's registers, for tests of what reads and writes them: fields, see
 * fake/arch/.
 */
#include "arch/banked.h"
#include "arch/cp15.h"

struct cp15 cp15;
struct banked banked;
