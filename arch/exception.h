// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions given to a guest: what a real core would raise, entered as it would
 * enter them (ARM ARM DDI 0406C, B1.8 and B1.9). For the loaded vCPU only; its
 * PC and CPSR are set, so the handler answers EXIT_JUMP.
 */
#ifndef BULKHEAD_ARCH_EXCEPTION_H
#define BULKHEAD_ARCH_EXCEPTION_H

#include "kernel/types.h"

struct vcpu_frame;

/* Undefined Instruction at the current PC (B1.9.1). */
void exception_inject_undefined(struct vcpu_frame *frame);

/* Synchronous external abort (B3.13.1): of the instruction fetched from
 * address, or of a data access to address. */
void exception_inject_prefetch_abort(struct vcpu_frame *frame, uint32_t address);
void exception_inject_data_abort(struct vcpu_frame *frame, uint32_t address, bool is_write);

#endif
