// SPDX-License-Identifier: BSD-2-Clause
/*
 * See buffer.h. They are mapped by the VMs' stage-2 tables and nothing here touches them
 * again: a VM that restarts finds what its peers keep there. Called by main.c.
 */
#include "ivc/buffer.h"

#include "arch/cache.h"
#include "arch/stage1.h"

void buffer_scrub_all(void)
{
	for (uint32_t i = 0; i < config_buffer_count; i++) {
		const struct shared_buffer *buffer = &config_buffers[i];

		for (uint32_t at = 0; at < buffer->bytes; at += PAGE_BYTES) {
			memory_scrub(stage1_window_open(0, (pa_t){ buffer->pa.raw + at }),
				     PAGE_BYTES);
			stage1_window_close(0);
		}
	}
}
