// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hypervisor's own translation: a flat map, writable or executable but never
 * both (ARM ARM DDI 0406C, B3.6). Guest RAM is not in it but for one 2 MiB
 * window per core, through which loading, scrubbing and instruction fetch go.
 */
#pragma once

/* Attr0 Device, Attr1 Normal write-back read- and write-allocate (B4.1.104). */
#define HMAIR0_VALUE 0x0000ff04
/* T0SZ 0; walks inner shareable, write-back write-allocate (B4.1.79). */
#define HTCR_VALUE 0x80803500
/* MMU, caches, writable implies execute-never; reserved bits (B4.1.78). */
#define HSCTLR_VALUE 0x30cd1835
#define HSCTLR_OFF   0x30c50830

#ifndef __ASSEMBLER__

#include "kernel/types.h"

/* Boot core, MMU off: build the tables. */
void stage1_init(void);

/* Each core, MMU off: use the tables; MMU and caches on afterwards. In start.S:
 * until then a core that is started must not touch memory that others cache. */
void stage1_enable(void);

/* Show the 2 MiB block of RAM around pa to the calling core, whose window is closed; the
 * result is where pa itself appears. */
void *stage1_window_open(uint32_t core, pa_t pa);

/* Unmap the window: what it showed can no longer be reached from here. */
void stage1_window_close(uint32_t core);

#endif
