// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who has the board's wall clock: the hypervisor, for the clocks that it emulates,
 * or one VM.
 */
#ifndef BULKHEAD_MKSYSTEM_CLOCK_H
#define BULKHEAD_MKSYSTEM_CLOCK_H

#include "tools/mksystem/model.h"

/* Find model->clock; report emulated clocks with no real one behind them. */
void clock_check(struct model *model);

#endif
