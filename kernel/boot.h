// SPDX-License-Identifier: BSD-2-Clause
/*
 * From start.S to the first guest, on each core: main.c, and where the manifest uses
 * several cores secondary.c.
 */
#pragma once

#include "kernel/core.h"

/* start.S calls it on the boot core: hyp mode, MMU off, bss clear. */
_Noreturn void boot_primary(struct core *core);

/* What each core sets up for itself. */
void boot_init_core(struct core *core);

/* The boot core starts the others, and waits until they are up; before any VM runs. */
void boot_start_others(void);

/* What they do then, with MMU and caches on; and in assembly, before, where they enter. */
_Noreturn void boot_secondary(struct core *core);
void secondary_start(void);
