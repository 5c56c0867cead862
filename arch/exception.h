// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions given to a guest: what a real core would raise, entered as it would
 * enter them (ARM ARM DDI 0406C, B1.8 and B1.9). For the loaded vCPU only; its
 * PC and CPSR are set, so the handler answers EXIT_JUMP.
 */
#pragma once

#include "arch/regfile.h"

/* Undefined Instruction at the current PC (B1.9.1). Returns EXIT_JUMP. */
enum exit_result exception_inject_undefined(struct vcpu_frame *frame);

/* What an abort is said to be (B3.13.1, B3.13.2), in either table format. */
enum abort_kind {
	ABORT_EXTERNAL = EXIT_FAULT, /* synchronous, of the access itself */
	ABORT_ALIGNMENT = EXIT_MISALIGNED,
	ABORT_EXTERNAL_WALK_1, /* ... on the stage-1 walk, level 1 */
	ABORT_EXTERNAL_WALK_2,
	ABORT_EXTERNAL_WALK_3, /* long-descriptor format only */
};

/* The abort that hsr, a prefetch or data abort, would be without a hypervisor: of the
 * instruction fetched from address, or of a data access to it. */
void exception_inject_abort(struct vcpu_frame *frame, uint32_t hsr, uint32_t address,
			    enum abort_kind kind);

/* Does the guest's stage 1 use the long-descriptor format? */
bool exception_is_long_format(void);
