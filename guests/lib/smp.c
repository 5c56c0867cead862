// SPDX-License-Identifier: BSD-2-Clause
/*
 * See smp.h. A worker's slot is written by its giver while it is empty, and emptied
 * by the worker: no lock. Waits have an end, so that a CPU that got lost is named.
 */
#include <stdio.h>
#include <stdlib.h>

#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "guests/lib/timer.h"

#define SMP_STACK_BYTES 8192u
#define SMP_PATIENCE_MS 60000u
#define SMP_LOOKS_A_NAP 64u
#define SMP_NAP_US      50u

/* Called by smp.S only. */
void smp_main(struct smp_boot *boot);

struct smp_work {
	smp_function function; /* NULL: none */
	uint32_t argument;
};

static uint64_t smp_stacks[SMP_MAX_CPUS][SMP_STACK_BYTES / 8];
static struct smp_boot smp_boots[SMP_MAX_CPUS];
static struct smp_work smp_works[SMP_MAX_CPUS];

static volatile bool smp_may_nap;
static uint32_t smp_looks[SMP_MAX_CPUS];

void smp_let_nap(bool may_nap)
{
	smp_may_nap = may_nap;
}

void smp_prepare_nap(void)
{
	gic_enable();
	/* It may be active still, from before this CPU was off. */
	mmio_write32(PLATFORM_GICD + GICD_ICACTIVER, 1u << PLATFORM_INTID_TIMER_VIRTUAL);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
}

void smp_relax(void)
{
	uint32_t cpsr = cpu_read_cpsr();

	cpu_yield();
	if (!smp_may_nap || smp_looks[smp_cpu()]++ % SMP_LOOKS_A_NAP)
		return;
	cpu_disable_interrupts(); /* it is to be woken, not interrupted */
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_us(SMP_NAP_US));
	cpu_wait_for_interrupt();
	timer_stop_virtual();
	if (!(cpsr & CPU_CPSR_I))
		cpu_enable_interrupts();
}

int32_t smp_state(uint32_t cpu)
{
	return psci_call_hvc(PSCI_AFFINITY_INFO, cpu, 0, 0);
}

uint32_t smp_count(void)
{
	uint32_t count = 0;

	while (count < SMP_MAX_CPUS && smp_state(count) >= 0)
		count++;
	return count;
}

void smp_prepare(struct smp_boot *boot, uint32_t cpu, smp_function function, uint32_t argument)
{
	*boot = (struct smp_boot){
		.stack_top = (uint32_t)smp_stacks[cpu] + SMP_STACK_BYTES,
		.ttbr = cp15_read_TTBR0(),
		.function = function,
		.argument = argument,
	};
	cpu_data_barrier();
	cp15_write_DCCMVAC((uint32_t)boot); /* it may lie in two lines */
	cp15_write_DCCMVAC((uint32_t)&boot->has_begun);
	cpu_data_barrier();
}

int32_t smp_start(uint32_t cpu, smp_function function, uint32_t argument)
{
	smp_prepare(&smp_boots[cpu], cpu, function, argument);
	return psci_call_hvc(PSCI_CPU_ON, cpu, (uint32_t)smp_entry, (uint32_t)&smp_boots[cpu]);
}

void smp_main(struct smp_boot *boot)
{
	__atomic_store_n(&boot->has_begun, 1, __ATOMIC_RELEASE);
	boot->function(boot->argument);
	cpu_disable_interrupts();
	psci_call_hvc(PSCI_CPU_OFF, 0, 0, 0);
	for (;;)
		cpu_wait_for_interrupt(); /* CPU_OFF came back: smp_wait_off() will tell */
}

static void smp_give_up(uint32_t cpu, const char *what)
{
	printf("guest: CPU %lu %s\n", cpu, what);
	exit(1);
}

void smp_wait_off(uint32_t cpu)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(SMP_PATIENCE_MS);

	while (!__atomic_load_n(&smp_boots[cpu].has_begun, __ATOMIC_ACQUIRE) ||
	       smp_state(cpu) != PSCI_AFFINITY_OFF) {
		if (timer_read_virtual() > end)
			smp_give_up(cpu, "does not go off");
		smp_relax();
	}
}

/* On a secondary CPU, for ever. */
static void smp_work(uint32_t cpu)
{
	struct smp_work *work = &smp_works[cpu];

	for (;;) {
		smp_function function = __atomic_load_n(&work->function, __ATOMIC_ACQUIRE);

		if (function == NULL) {
			smp_relax();
			continue;
		}
		function(work->argument);
		__atomic_store_n(&work->function, NULL, __ATOMIC_RELEASE);
	}
}

void smp_run(uint32_t cpu, smp_function function, uint32_t argument)
{
	smp_works[cpu].argument = argument;
	__atomic_store_n(&smp_works[cpu].function, function, __ATOMIC_RELEASE);
}

void smp_wait(uint32_t cpu)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(SMP_PATIENCE_MS);

	while (__atomic_load_n(&smp_works[cpu].function, __ATOMIC_ACQUIRE) != NULL) {
		if (timer_read_virtual() > end)
			smp_give_up(cpu, "does not end its work");
		smp_relax();
	}
}

void smp_run_all(smp_function function, uint32_t argument)
{
	uint32_t count = smp_count();

	for (uint32_t cpu = 1; cpu < count; cpu++)
		smp_run(cpu, function, argument);
	function(argument);
	for (uint32_t cpu = 1; cpu < count; cpu++)
		smp_wait(cpu);
}

static void smp_report_for_work(uint32_t cpu)
{
	__atomic_store_n(&smp_works[cpu].function, NULL, __ATOMIC_RELEASE);
	smp_work(cpu);
}

uint32_t smp_begin(void)
{
	uint32_t count = smp_count();

	mmu_enable();
	for (uint32_t cpu = 1; cpu < count; cpu++) {
		smp_works[cpu].function = smp_report_for_work; /* until it is there */
		if (smp_start(cpu, smp_report_for_work, cpu) != PSCI_SUCCESS)
			smp_give_up(cpu, "can't be started");
	}
	for (uint32_t cpu = 1; cpu < count; cpu++)
		smp_wait(cpu);
	return count;
}

void smp_lock(struct smp_lock *lock)
{
	uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket)
		smp_relax();
}

void smp_unlock(struct smp_lock *lock)
{
	__atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
}

void smp_barrier_wait(struct smp_barrier *barrier, uint32_t count)
{
	uint32_t round = __atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == count) {
		barrier->arrived = 0;
		__atomic_store_n(&barrier->round, round + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE) == round)
		smp_relax();
}
