// SPDX-License-Identifier: BSD-2-Clause
/*
 * Runs a few instructions in any state of the processor (mode, instruction set,
 * IT block, endianness, all registers) up to their first exception, and tells
 * exactly what that left behind. Other than exception.h it has vectors of its own,
 * in A32 and T32, which change nothing before it is recorded. Clobbers TPIDRURW,
 * TPIDRURO and TPIDRPRW. CPU 0 only.
 */
#ifndef GUESTS_LIB_PROBE_H
#define GUESTS_LIB_PROBE_H

#include <stdint.h>

/* What to start with. In User and System mode sp and lr are theirs; r8 to r12 are
 * those of the mode. */
struct probe_start {
	uint32_t r[13];
	uint32_t pc; /* bit 0 is ignored: CPSR.T tells */
	uint32_t cpsr;
	uint32_t sp;
	uint32_t lr;
	uint32_t r8_usr[5]; /* of FIQ mode: User mode's r8 to r12 */
};

/* What the exception found and made. */
struct probe_result {
	uint32_t r[13]; /* of the mode that was interrupted, like sp and lr */
	uint32_t sp;
	uint32_t lr;     /* lost if the exception's own mode was interrupted */
	uint32_t vector; /* as enum exception */
	uint32_t cpsr;   /* on entry */
	uint32_t spsr;
	uint32_t return_lr; /* LR of the exception's mode */
	uint32_t dfsr;
	uint32_t dfar;
	uint32_t ifsr;
	uint32_t ifar;
	uint32_t r8_usr[5]; /* User mode's r8 to r12, whatever the mode */
};

struct probe {
	struct probe_start start;
	struct probe_result result;
};

/* An instruction to be probed, a row of the tables that form.inc makes; the last row's
 * name is NULL. */
struct probe_form {
	const char *name;
	uint32_t code;
	uint32_t skip_bytes; /* from there to the instruction that counts */
	uint32_t is_thumb;
};

/* Runs until the first exception; VBAR is put back. SVC mode, interrupts masked.
 * The instructions should end with an SVC. Fault status is cleared before. */
void probe_run(struct probe *probe);

/* The vectors, up to probe_vectors_end to be copied elsewhere (32-byte aligned), and
 * those for SCTLR.TE. */
extern char probe_vectors[], probe_vectors_end[], probe_vectors_thumb[];
#define PROBE_VECTORS_BYTES ((uint32_t)(probe_vectors_end - probe_vectors))

/* What VBAR shall be during a probe: one of the two, or a copy. */
extern uint32_t probe_vbar;

#endif
