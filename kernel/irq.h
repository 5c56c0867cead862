// SPDX-License-Identifier: BSD-2-Clause
/*
 * Physical interrupts: acknowledged in hyp, routed by the generated table
 * irq_routes[]. On the core that takes them.
 */
#pragma once

#include "config/system.h"

/* From vectors.S: a guest was interrupted. Returns the vCPU to run. */
_Noreturn void irq_from_guest(struct vcpu *vcpu);

/* Serve one interrupt, if any is pending. */
void irq_handle(struct core *core);

/* The same between two pieces of long work in hyp, only looking if there is one
 * (ISR, B4.1.98). */
void irq_poll(struct core *core);

/* Each core: enable what the table routes here. The boot core: SPIs, too. */
void irq_init_core(const struct core *core);

/* Routes. Nobody's interrupt: switched off, and said once. */
void irq_unexpected(struct core *core, uint32_t intid);

/* A device that belongs to its route's vCPU, under the same number. */
void irq_passthrough(struct core *core, uint32_t intid);
