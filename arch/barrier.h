// SPDX-License-Identifier: BSD-2-Clause
/*
 * Barriers (ARM ARM DDI 0406C, A3.8.3). Each call site names what it orders.
 */
#pragma once

/* Wait until all earlier accesses and maintenance operations are complete. */
static inline void dsb(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

/* Order accesses before against those after, for all observers. */
static inline void dmb(void)
{
	__asm__ volatile("dmb sy" : : : "memory");
}

/* Earlier changes of context take effect for the instructions that follow. */
static inline void isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

/* Sleep until an interrupt is pending, masked or not. */
static inline void wfi(void)
{
	__asm__ volatile("wfi" : : : "memory");
}

/* Forget this core's open exclusive access (A3.4.5: at a context switch). */
static inline void clrex(void)
{
	__asm__ volatile("clrex" : : : "memory");
}
