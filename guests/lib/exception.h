// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest's exceptions, handled in C. Without a handler an exception prints what
 * happened and powers the machine off. Handlers run in SVC mode on the SVC stack,
 * interrupts masked; several may nest if one unmasks them.
 */
#ifndef GUESTS_LIB_EXCEPTION_H
#define GUESTS_LIB_EXCEPTION_H

#include <stdint.h>

/* The vectors' numbers: their offset from VBAR divided by four. */
enum exception {
	EXCEPTION_UNDEFINED = 1,
	EXCEPTION_SUPERVISOR_CALL = 2,
	EXCEPTION_PREFETCH_ABORT = 3,
	EXCEPTION_DATA_ABORT = 4,
	EXCEPTION_IRQ = 6,
	EXCEPTION_FIQ = 7,
	EXCEPTION_COUNT = 8,
};

/* What was interrupted. Changes are taken over on return. */
struct exception_frame {
	uint32_t r[13];
	uint32_t lr_svc;
	/* Undefined instruction, aborts: the instruction itself; supervisor call,
	 * interrupts: the next one to run. */
	uint32_t pc;
	uint32_t cpsr;
};

typedef void (*exception_handler)(struct exception_frame *frame);

/* Sets the handler of one exception; NULL restores the default. */
void exception_set_handler(enum exception exception, exception_handler handler);

/* Moves the frame's pc past the 2- or 4-byte instruction it points to; for
 * undefined instructions and data aborts. */
void exception_skip(struct exception_frame *frame);

#endif
