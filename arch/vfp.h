// SPDX-License-Identifier: BSD-2-Clause
/*
 * The floating-point and SIMD unit's registers, exchanged lazily (ARM ARM DDI
 * 0406C, A2.6 and B1.11). HCPTR must let hyp mode at the unit.
 */
#pragma once

#include <stdint.h>

/* All zero is the state after reset: unit disabled. vfp.S knows the layout. */
struct vfp_state {
	uint64_t d[32];
	uint32_t fpscr;
	uint32_t fpexc;
};

void vfp_exchange(struct vfp_state *from, const struct vfp_state *to);
