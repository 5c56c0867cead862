// SPDX-License-Identifier: BSD-2-Clause
/*
 * The distributor that a guest sees: GICv2 without Security Extensions (IHI
 * 0048B, 4.3), emulated by a table with a row for each kind of register.
 */
#pragma once

#include "kernel/mmio.h"

/* An access to the 4 KiB of the distributor; `device` is not used. Always
 * EXIT_DONE: reserved locations and unsupported sizes read zero and ignore
 * writes (4.1.4). */
enum exit_result vgicd_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
