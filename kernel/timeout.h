// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timeouts of one core on its hyp timer (CNTHP; ARM ARM DDI 0406C, B8.1.5):
 * the ends of slices and windows, the timers of idle vCPUs, the console's patience. Times
 * are values of the physical counter.
 */
#pragma once

#include "arch/cp15.h"
#include "config/system.h"
#include "generated/board.h"

#define TIMEOUT_NEVER UINT64_MAX

/* The counter will not come so far. */
static inline bool timeout_is_never(uint64_t time)
{
	return time >> 63;
}

static inline uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* milliseconds in counter ticks; valid after timeout_init(). */
uint64_t timeout_ticks(uint32_t milliseconds);

/* Each core: the hyp timer's interrupt on, nothing armed. */
void timeout_init(void);

/* Arm the timer for the earliest timeout; after any of them has changed. */
void timeout_program(struct core *core);

/* The vCPU's alarm has become another one; both are different. */
void timeout_change(struct vcpu *vcpu, uint64_t before, uint64_t after);

/* Some models don't look at a physical line again when the guest's end of interrupt
 * deactivates it (QEMU 7.2: gic_complete_irq()); a line that was high again by then is seen
 * when any other one changes. So the physical timer's does in a while, with its interrupt
 * switched off: nobody is disturbed. No silicon needs that; the board's description says
 * who does. */
#define TIMEOUT_LOOK_AGAIN_TICKS (1u << 21) /* 34 ms of QEMU's 62.5 MHz */
static inline void timeout_look_again_if_deaf(void)
{
	if (BOARD_GIC_EOI_IS_DEAF)
		write_CNTP_TVAL(TIMEOUT_LOOK_AGAIN_TICKS);
}

/* The hyp timer's interrupt: serve what is due. */
void timeout_irq(struct core *core, uint32_t intid);
