// SPDX-License-Identifier: BSD-2-Clause
/*
 * From the vectors in start.S to the handlers a guest has set; see exception.h.
 * The handlers are set before other CPUs run; no locks.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"

/* Called by start.S only. */
void exception_dispatch(enum exception exception, struct exception_frame *frame);

static exception_handler exception_handlers[EXCEPTION_COUNT];

static const char *const exception_names[EXCEPTION_COUNT] = {
	[EXCEPTION_UNDEFINED] = "undefined instruction",
	[EXCEPTION_SUPERVISOR_CALL] = "supervisor call",
	[EXCEPTION_PREFETCH_ABORT] = "prefetch abort",
	[EXCEPTION_DATA_ABORT] = "data abort",
	[EXCEPTION_IRQ] = "interrupt",
	[EXCEPTION_FIQ] = "fast interrupt",
};

void exception_set_handler(enum exception exception, exception_handler handler)
{
	exception_handlers[exception] = handler;
}

void exception_skip(struct exception_frame *frame)
{
	/* A halfword of 0b11101, 0b11110 or 0b11111 begins a 32-bit instruction (A6.1). */
	bool is_thumb = frame->cpsr & CPU_CPSR_T;
	bool is_narrow = is_thumb && *(const uint16_t *)frame->pc < 0xe800;

	frame->pc += is_narrow ? 2 : 4;
}

static void exception_report(enum exception exception, const struct exception_frame *frame)
{
	printf("guest: unexpected %s at 0x%08lx, cpsr 0x%08lx, CPU %lu\n",
	       exception_names[exception], frame->pc, frame->cpsr, cp15_read_MPIDR() & 0xff);
	for (int i = 0; i < 13; i++)
		printf("guest: r%d = 0x%08lx\n", i, frame->r[i]);
	printf("guest: lr_svc = 0x%08lx\n", frame->lr_svc);
	printf("guest: DFSR 0x%lx DFAR 0x%lx IFSR 0x%lx IFAR 0x%lx\n", cp15_read_DFSR(),
	       cp15_read_DFAR(), cp15_read_IFSR(), cp15_read_IFAR());
	exit(1);
}

void exception_dispatch(enum exception exception, struct exception_frame *frame)
{
	/* start.S took off 4 bytes, right for A32; in Thumb lr is only 2 ahead. */
	if (exception == EXCEPTION_UNDEFINED && (frame->cpsr & CPU_CPSR_T))
		frame->pc += 2;
	if (exception_handlers[exception] == NULL)
		exception_report(exception, frame);
	exception_handlers[exception](frame);
}
