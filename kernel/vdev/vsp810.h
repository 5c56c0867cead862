// SPDX-License-Identifier: BSD-2-Clause
/*
 * The system controller that a guest of a Versatile Express sees (PrimeXsys System
 * Controller, SP810, DDI 0254), as far as it tells of its dual timers' clocks.
 */
#pragma once

#include "kernel/mmio.h"

/* Any access; `device` is not used. Always EXIT_DONE: what is not there reads zero, and
 * writes are ignored. */
enum exit_result vsp810_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
