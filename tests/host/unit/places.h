// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where vCPUs of one core stand, as mksystem works it out for struct vcpu: for tests that
 * give them priorities themselves, before sched_init().
 */
#pragma once

#include "kernel/vcpu.h"

static inline uint32_t places_before(const struct vcpu *all, uint32_t count, uint32_t i)
{
	uint32_t before = 0;

	for (uint32_t j = 0; j < count; j++)
		before += all[j].priority > all[i].priority ||
			  (j < i && all[j].priority == all[i].priority);
	return before;
}

static inline void places_set(struct vcpu *all, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		all[i].bit = 0x80000000u >> places_before(all, count, i);
	for (uint32_t i = 0; i < count; i++) {
		all[i].equals = 0;
		for (uint32_t j = 0; j < count; j++)
			if (all[j].priority == all[i].priority)
				all[i].equals |= all[j].bit;
	}
}
