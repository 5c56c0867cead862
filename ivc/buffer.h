// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that VMs share, as the manifest says. Stage 2 has it mapped; all that is left
 * to do is to clear it at boot.
 */
#pragma once

#include "config/system.h"

/* Whole pages; made by mksystem. */
struct shared_buffer {
	pa_t pa;
	uint32_t bytes;
};

extern const struct shared_buffer config_buffers[];
extern const uint32_t config_buffer_count;

/* Once, on the boot core, before any VM runs: all are zero. */
void buffer_scrub_all(void);
