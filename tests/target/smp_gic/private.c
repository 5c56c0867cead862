// SPDX-License-Identifier: BSD-2-Clause
/*
 * What each CPU has for itself: banked registers, SGIs with their senders, a timer.
 * IHI 0048B, 3.1.2, 4.3.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/timer.h"
#include "tests/target/smp_gic/parts.h"

#define PRIORITY 0xf8f8f8f8u /* the bits that five-bit priorities have */

struct bank {
	uint32_t targets, enabled, pmr, bpr, priority[8];
};

static struct bank banks[SMP_MAX_CPUS];
static struct smp_barrier barrier;

/* Different on each CPU. */
static uint32_t pattern_enabled(uint32_t cpu)
{
	return (cpu & 1) << PLATFORM_INTID_TIMER_VIRTUAL | (cpu >> 1 & 1)
								   << PLATFORM_INTID_TIMER_PHYSICAL;
}

static uint32_t pattern_priority(uint32_t cpu, uint32_t word)
{
	return (0x08101820 + 0x20202020 * cpu + 0x08080808 * word) & PRIORITY;
}

static void fill_bank(uint32_t unused)
{
	uint32_t cpu = smp_cpu();
	struct bank *bank = &banks[cpu];

	(void)unused;
	gicd_write(GICD_ICENABLER, 0xffff0000);
	gicd_write(GICD_ISENABLER, pattern_enabled(cpu));
	for (uint32_t i = 0; i < 8; i++)
		gicd_write(GICD_IPRIORITYR + 4 * i, pattern_priority(cpu, i));
	mmio_write32(PLATFORM_GICC + GICC_PMR, 0x80 + 0x10 * cpu);
	mmio_write32(PLATFORM_GICC + GICC_BPR, 3 + cpu);
	smp_barrier_wait(&barrier, cpus);
	bank->targets = gicd_read(GICD_ITARGETSR);
	bank->enabled = gicd_read(GICD_ISENABLER);
	for (uint32_t i = 0; i < 8; i++)
		bank->priority[i] = gicd_read(GICD_IPRIORITYR + 4 * i);
	bank->pmr = mmio_read32(PLATFORM_GICC + GICC_PMR);
	bank->bpr = mmio_read32(PLATFORM_GICC + GICC_BPR);
	mmio_write32(PLATFORM_GICC + GICC_PMR, 0xff);
	mmio_write32(PLATFORM_GICC + GICC_BPR, 0);
}

void test_banked(void)
{
	check_equal("GICD_TYPER.CPUNumber", gicd_read(GICD_TYPER) >> 5, cpus - 1, 7);
	smp_run_all(fill_bank, 0);
	for (uint32_t cpu = 0; cpu < cpus; cpu++) {
		const struct bank *bank = &banks[cpu];

		check_equal("GICD_ITARGETSR0 names the CPU that reads", bank->targets,
			    0x01010101u << cpu, ALL);
		check_equal("GICD_ISENABLER0 is banked", bank->enabled, pattern_enabled(cpu),
			    0xffff0000);
		for (uint32_t i = 0; i < 8; i++)
			check_equal("GICD_IPRIORITYR0..7 are banked", bank->priority[i],
				    pattern_priority(cpu, i), PRIORITY);
		check_equal("GICC_PMR is banked", bank->pmr, 0x80 + 0x10 * cpu, 0xf8);
		check_equal("GICC_BPR is banked", bank->bpr, 3 + cpu, 7);
	}
}

static void send_by(uint32_t cpu, uint32_t sgi, enum gic_sgi_filter filter, uint32_t mask)
{
	write_by(cpu, PLATFORM_GICD + GICD_SGIR, (uint32_t)filter << 24 | mask << 16 | sgi);
}

static void expect_on_mask(uint32_t mask, uint32_t iar)
{
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		if (mask >> cpu & 1)
			expect(cpu, iar);
}

void test_sgi_filters(void)
{
	uint32_t everyone = (1u << cpus) - 1;

	for (uint32_t sender = 0; sender < cpus; sender++) {
		uint32_t source = sender << 10;

		for (uint32_t mask = 0; mask <= everyone; mask++) {
			send_by(sender, mask % 16, GIC_SGI_LISTED, mask);
			expect_on_mask(mask, mask % 16 | source);
			expect_all("an SGI to a list of CPUs");
		}
		send_by(sender, 3, GIC_SGI_LISTED, 0xff & ~everyone);
		expect_all("an SGI to CPUs that there are not");
		send_by(sender, 4, GIC_SGI_OTHERS, 0xff);
		expect_on_mask(everyone & ~(1u << sender), 4 | source);
		expect_all("an SGI to all others");
		send_by(sender, 5, GIC_SGI_SELF, 0xff);
		expect_on_mask(1u << sender, 5 | source);
		expect_all("an SGI to oneself");
	}
}

static uint32_t pending_sources(uint32_t cpu, uint32_t sgi)
{
	uint32_t word = read_by(cpu, PLATFORM_GICD + GICD_SPENDSGIR + (sgi & ~3u));

	return word >> 8 * (sgi & 3) & 0xff;
}

/* By a byte: QEMU 7.2 makes SGIs pending for a word's zero bytes, too, and ends by its
 * own assertion. */
static void name_last_sender(uint32_t sgi)
{
	mmio_write8(PLATFORM_GICD + GICD_SPENDSGIR + sgi, (uint8_t)(1u << (cpus - 1)));
}

/* One INTID from all of them at once: each sender's waits for itself. */
void test_sgi_pending(void)
{
	uint32_t everyone = (1u << cpus) - 1;

	for (uint32_t sender = 0; sender < cpus; sender++) {
		send_by(sender, 9, GIC_SGI_LISTED, everyone);
		send_by(sender, 9, GIC_SGI_LISTED, everyone); /* merges with the first */
	}
	for (uint32_t cpu = 0; cpu < cpus; cpu++) {
		uint32_t unwanted = (cpu + 1) % cpus;

		check_equal("GICD_SPENDSGIR: all senders", pending_sources(cpu, 9), everyone, ALL);
		write_by(cpu, PLATFORM_GICD + GICD_CPENDSGIR + 8, 1u << unwanted << 8);
		check_equal("GICD_CPENDSGIR: one sender's", pending_sources(cpu, 9),
			    everyone & ~(1u << unwanted), ALL);
		check_equal("GICD_ISPENDR0: while others' are left",
			    read_by(cpu, PLATFORM_GICD + GICD_ISPENDR), 1u << 9, 0xffff);
		for (uint32_t sender = 0; sender < cpus; sender++)
			if (sender != unwanted)
				expect(cpu, 9 | sender << 10);
	}
	expect_all("an SGI from all CPUs");
	/* One that is made pending by hand has the sender that is written. */
	smp_run(1, name_last_sender, 6);
	smp_wait(1);
	expect(1, 6 | (cpus - 1) << 10);
	expect_all("GICD_SPENDSGIR: in the name of another CPU");
}

static void take_timer(uint32_t cpu, uint32_t iar)
{
	if (iar == PLATFORM_INTID_TIMER_VIRTUAL)
		banks[cpu].enabled++;
	timer_stop_virtual();
}

static void await_timer(uint32_t unused)
{
	uint32_t cpu = smp_cpu();

	(void)unused;
	banks[cpu].enabled = 0;
	smp_barrier_wait(&barrier, cpus);
	timer_start_virtual(timer_read_virtual() + timer_ticks_from_us(500 * (cpu + 1)));
	cpu_enable_interrupts();
	while (!*(volatile uint32_t *)&banks[cpu].enabled)
		cpu_yield();
	smp_barrier_wait(&barrier, cpus);
	cpu_disable_interrupts();
}

/* Each its own, while the others' go on. */
void test_timers(void)
{
	smp_let_nap(false);
	ears_set_handler(take_timer);
	for (uint32_t round = 0; round < 20; round++) {
		smp_run_all(await_timer, 0);
		for (uint32_t cpu = 0; cpu < cpus; cpu++)
			check_equal("a CPU's timer comes once", banks[cpu].enabled, 1, ALL);
	}
	ears_set_handler(NULL);
	smp_let_nap(true);
}

static uint32_t ring_rounds;
static volatile uint32_t ring_passes;

/* Sleeps until the CPU before it calls, calls the next; nobody has a timer. */
static void pass_ring(uint32_t unused)
{
	uint32_t cpu = smp_cpu(), before = (cpu + cpus - 1) % cpus, next = (cpu + 1) % cpus;

	(void)unused;
	for (uint32_t round = 0; round < ring_rounds; round++) {
		uint32_t iar;

		if (cpu == 0)
			gic_send_sgi(7, GIC_SGI_LISTED, (uint8_t)(1u << next));
		while (((iar = acknowledge()) & GIC_IAR_INTID) >= 1020)
			cpu_wait_for_interrupt();
		gic_end(iar);
		ring_passes += iar == (7 | before << 10);
		if (cpu != 0)
			gic_send_sgi(7, GIC_SGI_LISTED, (uint8_t)(1u << next));
	}
}

void test_ring(uint32_t rounds)
{
	ring_rounds = rounds;
	ring_passes = 0;
	smp_run_all(pass_ring, 0);
	check_equal("an SGI goes round from sleeper to sleeper", ring_passes, rounds * cpus, ALL);
}
