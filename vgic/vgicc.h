// SPDX-License-Identifier: BSD-2-Clause
/*
 * The second page of the CPU interface that a guest sees: GICV_DIR (IHI 0048B,
 * 4.4.15). The first is GICV's own. This one is emulated, since the hardware would
 * not tell which interrupt was meant if that one sits in no list register.
 */
#pragma once

#include "kernel/mmio.h"

/* An access to that page; `device` is not used. Always EXIT_DONE. */
enum exit_result vgicc_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
