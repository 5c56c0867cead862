// SPDX-License-Identifier: BSD-2-Clause
/*
 * The processor itself: interrupt masks, modes, waiting, barriers. Each is one
 * instruction or two; ARM ARM DDI 0406C, B1.3 (modes) and B9.3 (system
 * instructions). Privileged modes only.
 */
#ifndef GUESTS_LIB_CPU_H
#define GUESTS_LIB_CPU_H

#include <stdint.h>

#define CPU_MODE_MASK 0x1fu
#define CPU_MODE_USR  0x10u
#define CPU_MODE_FIQ  0x11u
#define CPU_MODE_IRQ  0x12u
#define CPU_MODE_SVC  0x13u
#define CPU_MODE_ABT  0x17u
#define CPU_MODE_HYP  0x1au
#define CPU_MODE_UND  0x1bu
#define CPU_MODE_SYS  0x1fu

#define CPU_CPSR_F 0x40u
#define CPU_CPSR_I 0x80u
#define CPU_CPSR_T 0x20u

/* The current program status register. */
static inline uint32_t cpu_read_cpsr(void)
{
	uint32_t value;

	__asm__ volatile("mrs %0, cpsr" : "=r"(value));
	return value;
}

/* Lets interrupts in. */
static inline void cpu_enable_interrupts(void)
{
	__asm__ volatile("cpsie i" ::: "memory");
}

/* Keeps interrupts out. */
static inline void cpu_disable_interrupts(void)
{
	__asm__ volatile("cpsid i" ::: "memory");
}

/* Sleeps until an interrupt is pending, masked or not (B1.8.13). With interrupts
 * masked around the test of a condition no wake-up can be missed. */
static inline void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("dsb\n\twfi" ::: "memory");
}

/* Nothing to do here but to look again: between two looks at what others will change. */
static inline void cpu_yield(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* Memory accesses before it are complete after it. */
static inline void cpu_data_barrier(void)
{
	__asm__ volatile("dsb" ::: "memory");
}

/* System register changes before it hold for the instructions after it. */
static inline void cpu_instruction_barrier(void)
{
	__asm__ volatile("isb" ::: "memory");
}

#endif
