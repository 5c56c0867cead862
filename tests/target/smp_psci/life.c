// SPDX-License-Identifier: BSD-2-Clause
/*
 * A life that ends while each CPU is at something nasty: sleeping with its interrupts
 * masked, in a storm of SGIs, with a timer interrupt that it never ends. Who ends it,
 * and who does what, is the counter's dice. In the next life nothing of it may show.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/smp.h"
#include "guests/lib/timer.h"
#include "tests/target/smp_psci/parts.h"

#define LIFE_MS 20u

/* A CPU's private interrupts as it finds them, to be checked by CPU 0. */
struct banked {
	uint32_t pending, active, enabled, cntv_ctl;
	uint32_t sgis[4];
	uint32_t gicc_ctlr;
};

static struct banked banked[SMP_MAX_CPUS];
static uint32_t lives = 1; /* in .data: whoever starts us again brings the 1 back */
static uint32_t cpus, caller, call;
static volatile uint32_t busy[SMP_MAX_CPUS];

static void look_at_bank(uint32_t unused)
{
	struct banked *bank = &banked[smp_cpu()];

	(void)unused;
	bank->pending = mmio_read32(PLATFORM_GICD + GICD_ISPENDR);
	bank->active = mmio_read32(PLATFORM_GICD + GICD_ISACTIVER);
	bank->enabled = mmio_read32(PLATFORM_GICD + GICD_ISENABLER);
	bank->cntv_ctl = cp15_read_CNTV_CTL();
	bank->gicc_ctlr = mmio_read32(PLATFORM_GICC + GICC_CTLR);
	for (uint32_t i = 0; i < 4; i++)
		bank->sgis[i] = mmio_read32(PLATFORM_GICD + GICD_SPENDSGIR + 4 * i);
}

static void check_banks(void)
{
	for (uint32_t cpu = 0; cpu < cpus; cpu++) {
		const struct banked *bank = &banked[cpu];

		check_equal("SGIs and the timer pending in a new life", bank->pending, 0,
			    0xffffu | 1u << PLATFORM_INTID_TIMER_VIRTUAL);
		check_equal("private interrupts active in a new life", bank->active, 0, ALL);
		check_equal("PPIs enabled in a new life", bank->enabled, 0, 0xffff0000);
		check_equal("CNTV_CTL in a new life", bank->cntv_ctl, 0, TIMER_CTL_ENABLE);
		check_equal("GICC_CTLR in a new life", bank->gicc_ctlr, 0, 1);
		for (uint32_t i = 0; i < 4; i++)
			check_equal("GICD_SPENDSGIRn in a new life", bank->sgis[i], 0, ALL);
	}
}

static void take_sgi(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	busy[smp_cpu()]++;
	if ((iar & GIC_IAR_INTID) != PLATFORM_INTID_TIMER_VIRTUAL)
		gic_end(iar);
}

static void sleep_deaf(void)
{
	for (;;) {
		busy[smp_cpu()]++;
		cpu_wait_for_interrupt();
	}
}

static void storm(void)
{
	cpu_enable_interrupts();
	for (uint32_t i = 0;; i++) {
		gic_send_sgi(i % 16, GIC_SGI_OTHERS, 0);
		gic_send_sgi(i % 16, GIC_SGI_SELF, 0);
	}
}

/* The timer's interrupt is active for ever, what is less urgent stays pending. */
static void keep_timer(void)
{
	gic_set_priority(PLATFORM_INTID_TIMER_VIRTUAL, 0);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	timer_start_virtual(timer_read_virtual());
	cpu_enable_interrupts();
	for (;;)
		cpu_yield();
}

static void end_life(void)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(LIFE_MS);

	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		while (cpu != smp_cpu() && busy[cpu] == 0)
			cpu_yield();
	while (timer_read_virtual() < end)
		;
	ask(call, 0, 0, 0);
	for (;;)
		busy[0]++; /* it must not come here; the next life would be missed */
}

static void be_nasty(uint32_t number)
{
	static void (*const kinds[])(void) = { sleep_deaf, storm, keep_timer };

	gic_enable();
	for (uint32_t sgi = 0; sgi < 16; sgi++)
		gic_enable_interrupt(sgi);
	if (smp_cpu() == caller)
		end_life();
	kinds[(smp_cpu() + number) % 3]();
}

void live(uint32_t count, uint32_t last_call)
{
	uint32_t dice = (uint32_t)timer_read_virtual() / 16;

	check_begin("smp_psci");
	cpus = count;
	call = last_call;
	caller = dice % count;
	check_equal(".data in a new life", lives++, 1, ALL);
	for (uint32_t cpu = 1; cpu < count; cpu++)
		check_equal("AFFINITY_INFO in a new life", ask(PSCI_AFFINITY_INFO, cpu, 0, 0),
			    PSCI_AFFINITY_OFF, ALL);
	exception_set_handler(EXCEPTION_IRQ, take_sgi);
	check_equal("all CPUs start", smp_begin(), count, ALL);
	smp_run_all(look_at_bank, 0);
	check_banks();
	check_end();
	printf("smp_psci: CPU %lu of %lu ends it\n", caller, count);
	smp_run_all(be_nasty, dice / count % 3);
}
