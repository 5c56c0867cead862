// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end, for our own bugs only: nothing a guest does may lead here. On any core.
 */
#pragma once

#include <stdint.h>

struct core;

/* What vectors.S pushes when hyp mode itself takes an exception. */
struct panic_frame {
	uint32_t spsr;
	uint32_t elr;
	uint32_t r[13];
	uint32_t lr;
	uint32_t stack[]; /* where SP was */
};

_Noreturn void panic_exception(const struct panic_frame *frame);

/* The software-generated interrupt by which the other cores stop, too: they must not go on
 * with what they share. One that waits for a lock of the panicked core's waits for ever. */
#define PANIC_SGI 1u
_Noreturn void panic_irq(struct core *core, uint32_t intid);

/* Says why nothing can go on, and stops this core: what is left to do after a panic, or on a
 * board that is not what the manifest says, which is nobody's bug. */
_Noreturn void panic_stop(const char *message);
