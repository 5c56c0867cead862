// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hypervisor's own translation: a flat map, writable or executable but never
 * both (ARM ARM DDI 0406C, B3.6). Guest RAM is not in it but for one 2 MiB
 * window per core, through which loading, scrubbing and instruction fetch go.
 */
#ifndef BULKHEAD_ARCH_STAGE1_H
#define BULKHEAD_ARCH_STAGE1_H

#include "kernel/types.h"

/* Boot core, MMU off: build the tables. */
void stage1_init(void);

/* Each core, MMU off: use the tables; MMU and caches on afterwards. */
void stage1_enable(void);

/* Show the 2 MiB block of RAM around pa to the calling core; the result is
 * where pa itself appears. Replaces what the window showed before. */
void *stage1_window_open(uint32_t core, pa_t pa);

/* Unmap the window: what it showed can no longer be reached from here. */
void stage1_window_close(uint32_t core);

#endif
