// SPDX-License-Identifier: BSD-2-Clause
/*
 * Several CPUs in a bare-metal guest: starting and stopping them by PSCI (Arm DEN
 * 0022), work for them, spin locks, barriers. CPUs are numbered by MPIDR's lowest
 * affinity level, from 0. Exceptions are taken on each CPU's own stack, by the same
 * handlers; newlib and check.h are CPU 0's alone: others leave values for it.
 */
#ifndef GUESTS_LIB_SMP_H
#define GUESTS_LIB_SMP_H

#include <stdbool.h>
#include <stdint.h>

#include "guests/lib/cp15.h"

#define SMP_MAX_CPUS 8u

typedef void (*smp_function)(uint32_t argument);

/* What a CPU needs to begin, given to CPU_ON as its context; smp.S knows the order. */
struct smp_boot {
	uint32_t stack_top;
	uint32_t ttbr;
	smp_function function;
	uint32_t argument;
	uint32_t has_begun; /* set on arrival */
};

/* Where CPU_ON is to enter: with a struct smp_boot. MMU and caches as CPU 0's, then
 * the function; when it returns, the CPU powers itself off. */
void smp_entry(void);

/* The number of the CPU that asks. */
static inline uint32_t smp_cpu(void)
{
	return cp15_read_MPIDR() & 0xff;
}

/* How many CPUs there are, on or off: those that AFFINITY_INFO knows. */
uint32_t smp_count(void);

/* Fills the structure for one CPU, on that CPU's own stack, and cleans it to memory. */
void smp_prepare(struct smp_boot *boot, uint32_t cpu, smp_function function, uint32_t argument);

/* Starts a CPU that is off. Returns CPU_ON's result. MMU must be on (mmu_enable()). */
int32_t smp_start(uint32_t cpu, smp_function function, uint32_t argument);

/* PSCI's AFFINITY_INFO: a PSCI_AFFINITY_... or an error. */
int32_t smp_state(uint32_t cpu);

/* Waits until a CPU that smp_start() started has begun and is off again, or exits with
 * a complaint. (QEMU 7.2 calls a CPU off for a while after CPU_ON's SUCCESS.) */
void smp_wait_off(uint32_t cpu);

/* Turns on the MMU and starts all other CPUs, which then wait for work with interrupts
 * masked. Returns smp_count(). On CPU 0, once. */
uint32_t smp_begin(void);

/* Gives work to a CPU that waits for some (not the caller); smp_wait() is back when it
 * is done, or exits with a complaint. Exceptions and memory are as the work left them. */
void smp_run(uint32_t cpu, smp_function function, uint32_t argument);
void smp_wait(uint32_t cpu);

/* Work for all CPUs, this one included; back when all are done. */
void smp_run_all(smp_function function, uint32_t argument);

/* What a CPU does between two looks at what it waits for, in the functions of this file
 * and where guests call it. By default nothing; after smp_let_nap() it naps for a
 * while by the virtual timer now and then, which each CPU must have allowed to wake it
 * by smp_prepare_nap(). For where more CPUs wait than there are real ones. */
void smp_relax(void);
void smp_prepare_nap(void);
void smp_let_nap(bool may_nap);

/* A fair spin lock by exclusive accesses; zero: free. Take it with interrupts masked
 * if a handler takes it, too. */
struct smp_lock {
	uint32_t next;
	uint32_t serving;
};
void smp_lock(struct smp_lock *lock);
void smp_unlock(struct smp_lock *lock);

/* Waits until `count` CPUs have come here; may be used again and again. Zero: new. */
struct smp_barrier {
	uint32_t arrived;
	uint32_t round;
};
void smp_barrier_wait(struct smp_barrier *barrier, uint32_t count);

#endif
