// SPDX-License-Identifier: BSD-2-Clause
/*
 * Barriers (ARM ARM DDI 0406C, A3.8.3). Each call site names what it orders.
 */
#pragma once

#define BARRIER(name, instruction)                            \
	static inline void name(void)                         \
	{                                                     \
		__asm__ volatile(instruction : : : "memory"); \
	}

/* Wait until all earlier accesses and maintenance operations are complete. */
BARRIER(dsb, "dsb sy")

/* Order accesses before against those after, for all observers. */
BARRIER(dmb, "dmb sy")

/* Earlier changes of context take effect for the instructions that follow. */
BARRIER(isb, "isb")

/* Sleep until an interrupt is pending, masked or not. */
BARRIER(wfi, "wfi")

/* Forget this core's open exclusive access (A3.4.5: at a context switch). */
BARRIER(clrex, "clrex")

#undef BARRIER
