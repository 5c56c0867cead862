// SPDX-License-Identifier: BSD-2-Clause
/*
 * See parts.h.
 */
#include "tests/target/smp_gic/parts.h"

#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/timer.h"

#define LOG_MAX     64u
#define PATIENCE_US 30000000u
#define QUIET_US    10000u /* two slices, where another VM has its turn */

struct ears {
	volatile uint32_t came; /* since expect_all() began */
	uint32_t expected;
	uint32_t log[LOG_MAX];
	uint32_t wanted[LOG_MAX];
	volatile bool holds, may_end;
	volatile uint32_t held; /* GICC_IAR value */
	volatile uint32_t value;
	uint32_t address;
};

uint32_t cpus;
bool is_native;

static struct ears ears[SMP_MAX_CPUS];
static volatile bool heard_enough;
static ears_handler handler;

uint32_t dice_below(uint32_t *state, uint32_t limit)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return (uint32_t)((uint64_t)*state * limit >> 32);
}

void wait_us(uint32_t us)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(us);

	while (timer_read_virtual() < end)
		;
}

static void ears_log(uint32_t cpu, uint32_t iar)
{
	struct ears *own = &ears[cpu];

	if (own->came < LOG_MAX)
		own->log[own->came] = iar;
	own->came++;
}

static bool timer_is_due(void)
{
	uint32_t due = TIMER_CTL_ENABLE | TIMER_CTL_ISTATUS;

	return (cp15_read_CNTV_CTL() & due) == due;
}

/* A timer that has woken its CPU from a nap may be signalled still when it is stopped
 * already, longer where another VM had the core then. */
uint32_t acknowledge(void)
{
	uint32_t iar;

	while ((iar = gic_acknowledge()) == PLATFORM_INTID_TIMER_VIRTUAL && !timer_is_due())
		gic_end(iar);
	return iar;
}

static void take_irq(struct exception_frame *frame)
{
	uint32_t iar = acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) >= 1020)
		return;
	handler(smp_cpu(), iar);
	gic_end(iar);
}

void ears_set_handler(ears_handler function)
{
	handler = function ? function : ears_log;
}

/* On each CPU: all its private interrupts at 0xa0 and idle, but for naps. */
static void ears_init_own(uint32_t unused)
{
	(void)unused;
	gicd_write(GICD_ICENABLER, 0xffff0000);
	for (uint32_t i = 0; i < 32; i += 4)
		gicd_write(GICD_IPRIORITYR + i, 0xa0a0a0a0);
	for (uint32_t sgi = 0; sgi < 16; sgi++)
		gic_enable_interrupt(sgi);
	gic_set_priority(PLATFORM_INTID_TIMER_VIRTUAL, 0);
	smp_prepare_nap();
}

void ears_init(void)
{
	ears_set_handler(NULL);
	exception_set_handler(EXCEPTION_IRQ, take_irq);
	smp_run_all(ears_init_own, 0);
}

void spis_reset(bool is_edge)
{
	gicd_write(GICD_ICENABLER + 4, ALL);
	gicd_write(GICD_ICPENDR + 4, ALL);
	gicd_write(GICD_ICACTIVER + 4, ALL);
	for (uint32_t i = 32; i <= LAST_SPI; i += 4)
		gicd_write(GICD_IPRIORITYR + i, 0xa0a0a0a0);
	for (uint32_t intid = 32; intid <= LAST_SPI; intid++)
		gic_set_targets(intid, 1);
	gicd_write(GICD_ICFGR + 12, is_edge ? 0xaaaaaaaa : 0);
}

void retarget(uint32_t spi, uint32_t cpu)
{
	gic_set_targets(spi, (uint8_t)(1u << cpu));
	if (!is_native || !gicd_bit(GICD_ISPENDR, spi))
		return;
	gicd_set_bit(GICD_ICPENDR, spi);
	gic_set_pending(spi);
}

void expect(uint32_t cpu, uint32_t iar)
{
	ears[cpu].wanted[ears[cpu].expected++ % LOG_MAX] = iar;
}

void listen(uint32_t unused)
{
	(void)unused;
	cpu_enable_interrupts();
	while (!heard_enough)
		smp_relax();
	cpu_disable_interrupts();
}

static bool has_all_come(void)
{
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		if (ears[cpu].came < ears[cpu].expected)
			return false;
	return true;
}

/* Takes one of the values out of a list. */
static bool take_out(uint32_t *list, uint32_t *count, uint32_t value)
{
	for (uint32_t i = 0; i < *count; i++)
		if (list[i] == value) {
			list[i] = list[--*count];
			return true;
		}
	return false;
}

/* In any order: among equal priorities it is for the GIC to choose. */
static void compare(const char *what, uint32_t cpu)
{
	struct ears *own = &ears[cpu];
	uint32_t wanted = own->expected;
	char text[100];

	snprintf(text, sizeof(text), "%s: how many came to CPU %lu", what, cpu);
	check_equal(text, own->came, wanted, ALL);
	snprintf(text, sizeof(text), "%s: what came to CPU %lu", what, cpu);
	for (uint32_t i = 0; i < own->came && i < LOG_MAX; i++)
		if (!take_out(own->wanted, &wanted, own->log[i]))
			check_equal(text, own->log[i], wanted ? own->wanted[0] : 0, ALL);
}

void expect_all(const char *what)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(PATIENCE_US);

	heard_enough = false;
	for (uint32_t cpu = 1; cpu < cpus; cpu++)
		if (!ears[cpu].holds)
			smp_run(cpu, listen, 0);
	cpu_enable_interrupts();
	while (!has_all_come() && timer_read_virtual() < end)
		smp_relax();
	wait_us(QUIET_US);
	heard_enough = true;
	for (uint32_t cpu = 1; cpu < cpus; cpu++)
		if (!ears[cpu].holds)
			smp_wait(cpu);
	cpu_disable_interrupts();
	for (uint32_t cpu = 0; cpu < cpus; cpu++) {
		compare(what, cpu);
		ears[cpu].came = ears[cpu].expected = 0;
	}
}

static void read_own(uint32_t address)
{
	ears[smp_cpu()].value = mmio_read32(address);
}

static void write_own(uint32_t address)
{
	mmio_write32(address, ears[smp_cpu()].value);
}

static void do_by(uint32_t cpu, smp_function function, uint32_t argument)
{
	if (cpu == smp_cpu()) {
		function(argument);
		return;
	}
	smp_run(cpu, function, argument);
	smp_wait(cpu);
}

uint32_t read_by(uint32_t cpu, uint32_t address)
{
	do_by(cpu, read_own, address);
	return ears[cpu].value;
}

void write_by(uint32_t cpu, uint32_t address, uint32_t value)
{
	ears[cpu].value = value;
	do_by(cpu, write_own, address);
}

static void hold_own(uint32_t cpu)
{
	struct ears *own = &ears[cpu];
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(PATIENCE_US);
	uint32_t iar;

	while (((iar = acknowledge()) & GIC_IAR_INTID) >= 1020 && timer_read_virtual() < end)
		smp_relax();
	own->held = iar;
	own->holds = true;
	while (!own->may_end)
		smp_relax();
	own->holds = false;
	if ((iar & GIC_IAR_INTID) < 1020)
		gic_end(iar);
}

uint32_t hold(uint32_t cpu)
{
	ears[cpu].may_end = false;
	smp_run(cpu, hold_own, cpu);
	while (!ears[cpu].holds)
		smp_relax();
	return ears[cpu].held;
}

void let_go(uint32_t cpu)
{
	ears[cpu].may_end = true;
	smp_wait(cpu);
}
