// SPDX-License-Identifier: BSD-2-Clause
/*
 * The generic timer (ARM ARM DDI 0406C, B8.1 and B4.1.21 to B4.1.35): counters, both
 * timers' registers and interrupts, and what User mode may do. Natively on QEMU's
 * `virt` it passes, too. late_us: how late, by its own clock, an interrupt may be.
 */
#include <stdio.h>
#include <string.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/probe.h"
#include "guests/lib/timer.h"

#define ALL 0xffffffffu

/* QEMU 7.2 hangs if CNTVOFF and CNTV_CVAL add up to 2^64 or more: a little less. */
#define NEVER 0xffff000000000000ull

/* One of the two timers. */
struct timer {
	const char *name;
	uint32_t intid;
	uint64_t (*count)(void);
	uint32_t (*read_ctl)(void);
	void (*write_ctl)(uint32_t value);
	uint32_t (*read_tval)(void);
	void (*write_tval)(uint32_t value);
	uint64_t (*read_cval)(void);
	void (*write_cval)(uint64_t value);
};

static const struct timer timers[2] = {
	{ "virtual timer", PLATFORM_INTID_TIMER_VIRTUAL, timer_read_virtual, cp15_read_CNTV_CTL,
	  cp15_write_CNTV_CTL, cp15_read_CNTV_TVAL, cp15_write_CNTV_TVAL, cp15_read_CNTV_CVAL,
	  cp15_write_CNTV_CVAL },
	{ "physical timer", PLATFORM_INTID_TIMER_PHYSICAL, timer_read_physical, cp15_read_CNTP_CTL,
	  cp15_write_CNTP_CTL, cp15_read_CNTP_TVAL, cp15_write_CNTP_TVAL, cp15_read_CNTP_CVAL,
	  cp15_write_CNTP_CVAL },
};

static const struct timer *timer;

static void check(const char *what, uint32_t value, uint32_t expected, uint32_t mask)
{
	char text[100];

	snprintf(text, sizeof(text), "%s: %s", timer ? timer->name : "counters", what);
	check_equal(text, value, expected, mask);
}

static void write_ctl(uint32_t value)
{
	timer->write_ctl(value);
	cpu_instruction_barrier();
}

static void start(uint64_t at)
{
	timer->write_cval(at);
	write_ctl(TIMER_CTL_ENABLE);
}

/* ---- Interrupts: counted; the handler stops the timer unless told not to ---- */

static volatile uint32_t came[2];
static volatile uint64_t came_at[2];
static volatile uint32_t others;
static volatile uint32_t turns; /* leave the timer on so many times */

static void take_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	for (uint32_t i = 0; i < 2; i++) {
		if (iar != timers[i].intid)
			continue;
		came_at[i] = timers[i].count();
		came[i]++;
		if (turns)
			turns--;
		else
			timers[i].write_ctl(0);
		cpu_instruction_barrier();
		gic_end(iar);
		return;
	}
	others++;
	if ((iar & GIC_IAR_INTID) < 1020)
		gic_end(iar);
}

static void wait_us(uint32_t us)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_us(us);

	while (timer_read_virtual() < end)
		;
}

/* Added where a level must be heard anew after an end: QEMU's distributor notices a
 * linked interrupt's deactivation only at the next change, be it a world switch. */
static uint32_t patience_us;

/* Lets interrupts in for a while; returns how many of this timer came. */
static uint32_t collect(uint32_t us)
{
	came[0] = came[1] = others = 0;
	cpu_enable_interrupts();
	wait_us(us);
	cpu_disable_interrupts();
	check("nothing else came", others, 0, ALL);
	return came[timer - timers];
}

static uint32_t late_us;

static void check_time(const char *what, uint64_t at, uint64_t due)
{
	uint64_t late = at - due;

	check(what, at >= due, 1, ALL);
	if (at >= due && late > timer_ticks_from_us(late_us))
		check(what, timer_us_from_ticks(late), late_us, ALL);
}

/* ---- Counters ---- */

static void test_counters(void)
{
	uint64_t last = timer_read_virtual();

	check("CNTFRQ", cp15_read_CNTFRQ(), 62500000, ALL);
	for (uint32_t i = 0; i < 3000; i++) {
		uint64_t now = i % 2 ? timer_read_virtual() : timer_read_physical();

		/* One time for both: neither is ever behind the other. */
		check("CNTVCT and CNTPCT agree, and never go back", now >= last, 1, ALL);
		last = now;
	}
}

/* ---- Registers ---- */

#define MARGIN_MS 1000u

static void test_status(void)
{
	uint64_t far = timer_ticks_from_ms(MARGIN_MS);

	for (uint32_t ctl = 0; ctl < 4; ctl++) {
		uint32_t enabled = ctl & TIMER_CTL_ENABLE;

		timer->write_cval(timer->count() - 10);
		write_ctl(ctl | 0xfffffff8);
		/* ISTATUS of a timer that is off is UNKNOWN (B4.1.29). */
		check("CTL after its time", timer->read_ctl(), ctl | TIMER_CTL_ISTATUS,
		      enabled ? ALL : ~TIMER_CTL_ISTATUS);
		timer->write_cval(timer->count() + far);
		cpu_instruction_barrier();
		check("CTL before its time", timer->read_ctl(), ctl,
		      enabled ? ALL : ~TIMER_CTL_ISTATUS);
		timer->write_cval(NEVER);
		cpu_instruction_barrier();
		check("CTL, never", timer->read_ctl(), ctl, enabled ? ALL : ~TIMER_CTL_ISTATUS);
		timer->write_cval(0);
		cpu_instruction_barrier();
		check("CTL, CVAL 0", timer->read_ctl(), ctl | TIMER_CTL_ISTATUS,
		      enabled ? ALL : ~TIMER_CTL_ISTATUS);
		timer->write_cval(1ull << 63);
		cpu_instruction_barrier();
		check("CTL: the comparison is unsigned", timer->read_ctl(), ctl,
		      enabled ? ALL : ~TIMER_CTL_ISTATUS);
	}
	write_ctl(0);
}

static void check_tval(uint32_t value, int64_t distance)
{
	uint64_t before = timer->count();
	uint64_t cval, after;
	uint32_t read_back;

	timer->write_tval(value);
	cval = timer->read_cval();
	after = timer->count();
	check("CVAL after a write of TVAL, at least", (int64_t)(cval - before) >= distance, 1, ALL);
	check("CVAL after a write of TVAL, at most", (int64_t)(cval - after) <= distance, 1, ALL);
	before = timer->count();
	read_back = timer->read_tval();
	after = timer->count();
	check("TVAL is CVAL less the count, at most",
	      (int32_t)(read_back - (uint32_t)(cval - before)) <= 0, 1, ALL);
	check("TVAL is CVAL less the count, at least",
	      (int32_t)(read_back - (uint32_t)(cval - after)) >= 0, 1, ALL);
}

static void test_values(void)
{
	static const uint64_t patterns[] = { 0, ~0ull, 0x0123456789abcdefull, 0xfedcba9876543210ull,
					     1ull << 32 };

	for (uint32_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		if (patterns[i] > NEVER && timer == &timers[0])
			continue; /* see NEVER */
		timer->write_cval(patterns[i]);
		check("CVAL, low", (uint32_t)timer->read_cval(), (uint32_t)patterns[i], ALL);
		check("CVAL, high", timer->read_cval() >> 32, patterns[i] >> 32, ALL);
	}
	check_tval(0, 0);
	check_tval(1000000, 1000000);
	check_tval(0x7fffffff, 0x7fffffff);
	check_tval(0xffffffff, -1);
	check_tval(0x80000000, -0x80000000ll);
	timer->write_tval((uint32_t)-5);
	write_ctl(TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
	check("CTL, TVAL negative", timer->read_ctl(), 7, ALL);
	check("TVAL goes on falling", (int32_t)timer->read_tval() <= -5, 1, ALL);
	timer->write_tval(0x7fffffff);
	cpu_instruction_barrier();
	check("CTL, TVAL far", timer->read_ctl(), 3, ALL);
	write_ctl(0);
}

/* ---- Interrupts ---- */

static uint32_t is_pending(void)
{
	return mmio_read32(PLATFORM_GICD + GICD_ISPENDR) >> timer->intid & 1;
}

static void test_polled(void)
{
	for (uint32_t us = 50; us <= 2000; us *= 2) {
		uint64_t due = timer->count() + timer_ticks_from_us(us);

		start(due);
		check("not yet", timer->read_ctl(), 1, ALL);
		while (!(timer->read_ctl() & TIMER_CTL_ISTATUS))
			;
		check_time("polled, its time", timer->count(), due);
		/* The level takes its time to the distributor. */
		wait_us(200);
		check("polled: pending in the distributor", is_pending(), 1, ALL);
		write_ctl(TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
		wait_us(200);
		check("masked: not pending", is_pending(), 0, ALL);
		write_ctl(TIMER_CTL_ENABLE);
		wait_us(200);
		check("unmasked: pending", is_pending(), 1, ALL);
		write_ctl(0);
		wait_us(200);
		check("off: not pending", is_pending(), 0, ALL);
	}
	check("polled: no interrupt is left", collect(300), 0, ALL);
}

static void test_fires(void)
{
	for (uint32_t us = 50; us <= 5000; us *= 3) {
		uint64_t due = timer->count() + timer_ticks_from_us(us);

		start(due);
		check("it fires once", collect(us + 500 + late_us), 1, ALL);
		check_time("its time", came_at[timer - timers], due);
	}
	start(timer->count() - 1);
	check("in the past: at once", collect(300), 1, ALL);
	start(0);
	check("CVAL 0: at once", collect(300), 1, ALL);
	start(NEVER);
	check("CVAL near its end: never", collect(2000), 0, ALL);
	start(timer->count() + (1ull << 40));
	check("CVAL far away: not now", collect(2000), 0, ALL);
	start(timer->count() + timer_ticks_from_us(500));
	write_ctl(TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
	check("masked: it doesn't fire", collect(1500), 0, ALL);
	write_ctl(TIMER_CTL_ENABLE);
	check("unmasked after its time: it fires", collect(300), 1, ALL);
	turns = 4;
	start(timer->count() + timer_ticks_from_us(100));
	check("left on: it fires again and again", collect(1500 + 5 * patience_us), 5, ALL);
}

/* Put off before it fires, brought forward, stopped. */
static void test_changes(void)
{
	uint64_t due;

	start(timer->count() + timer_ticks_from_us(300));
	timer->write_cval(timer->count() + timer_ticks_from_ms(1000));
	check("put off", collect(1000), 0, ALL);
	due = timer->count() + timer_ticks_from_us(300);
	timer->write_cval(due);
	check("brought forward", collect(1000 + late_us), 1, ALL);
	check_time("brought forward: its time", came_at[timer - timers], due);
	start(timer->count() + timer_ticks_from_us(300));
	write_ctl(0);
	check("stopped in time", collect(1000), 0, ALL);
	write_ctl(TIMER_CTL_ENABLE);
	check("and on again, late", collect(300), 1, ALL);
}

static void test_pending_and_active(void)
{
	uint32_t iar;

	/* Stopped, put off or masked when it is pending already. */
	start(timer->count());
	wait_us(200);
	check("pending", is_pending(), 1, ALL);
	write_ctl(0);
	check("stopped: not pending", is_pending(), 0, ALL);
	check("stopped while pending", collect(500), 0, ALL);
	start(timer->count());
	wait_us(200);
	timer->write_cval(NEVER);
	cpu_instruction_barrier();
	check("put off: not pending", is_pending(), 0, ALL);
	check("put off while pending", collect(500), 0, ALL);
	/* Active: it may do what it wants, until it is ended. */
	start(timer->count());
	wait_us(200);
	iar = gic_acknowledge();
	check("GICC_IAR", iar, timer->intid, ALL);
	write_ctl(0);
	start(timer->count() + timer_ticks_from_us(100));
	check("fires while active: not heard", collect(500), 0, ALL);
	gic_end(iar);
	check("ended: heard", collect(500 + patience_us), 1, ALL);
	start(timer->count());
	wait_us(200);
	iar = gic_acknowledge();
	write_ctl(0);
	gic_end(iar);
	check("stopped while active: nothing more", collect(500), 0, ALL);
	/* Its interrupt disabled meanwhile. */
	gic_disable_interrupt(timer->intid);
	start(timer->count());
	check("interrupt disabled", collect(500), 0, ALL);
	gic_enable_interrupt(timer->intid);
	check("interrupt enabled", collect(500), 1, ALL);
}

/* Woken from WFI, interrupts masked or not. */
static void test_sleep(void)
{
	for (uint32_t us = 100; us <= 20000; us = us * 3) {
		uint64_t due = timer->count() + timer_ticks_from_us(us);

		came[timer - timers] = 0;
		start(due);
		while (timer->count() < due)
			cpu_wait_for_interrupt();
		check_time("woken", timer->count(), due);
		wait_us(200);
		check("woken: pending", is_pending(), 1, ALL);
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
		check("woken: the interrupt", came[timer - timers], 1, ALL);
	}
	/* Pending already: WFI doesn't wait. */
	start(timer->count());
	wait_us(200);
	cpu_wait_for_interrupt();
	write_ctl(0);
	check("WFI, stopped: not pending", is_pending(), 0, ALL);
	check("WFI did not wait, and nothing is left", collect(300), 0, ALL);
}

/* Both at once. */
static void test_both(void)
{
	for (uint32_t us = 100; us <= 500; us += 100) {
		uint64_t due[2];

		for (uint32_t i = 0; i < 2; i++) {
			timer = &timers[i];
			due[i] = timer->count() + timer_ticks_from_us(i ? 600 - us : us);
			start(due[i]);
		}
		collect(1500 + late_us);
		for (uint32_t i = 0; i < 2; i++) {
			timer = &timers[i];
			check("both run: it fires once", came[i], 1, ALL);
			check_time("both run: its time", came_at[i], due[i]);
		}
	}
}

/* ---- User mode ---- */

extern const struct probe_form timers_user[];

#define CNTKCTL_PL0PCTEN 0x001u
#define CNTKCTL_PL0VCTEN 0x002u
#define CNTKCTL_PL0VTEN  0x100u
#define CNTKCTL_PL0PTEN  0x200u

/* Which bits of CNTKCTL allow it; 0: none does. */
static uint32_t allowed_by(const struct probe_form *form)
{
	if (strcmp(form->name, "mrc CNTFRQ") == 0)
		return CNTKCTL_PL0PCTEN | CNTKCTL_PL0VCTEN;
	if (strstr(form->name, "CNTPCT"))
		return CNTKCTL_PL0PCTEN;
	if (strstr(form->name, "CNTVCT"))
		return CNTKCTL_PL0VCTEN;
	if (strstr(form->name, "CNTP_"))
		return CNTKCTL_PL0PTEN;
	return strstr(form->name, "CNTV_") ? CNTKCTL_PL0VTEN : 0;
}

static void test_user_form(const struct probe_form *form, uint32_t kctl)
{
	bool is_allowed = (allowed_by(form) & kctl) != 0;
	uint32_t at = form->code + form->skip_bytes;
	uint64_t before = timer_read_virtual();
	struct probe probe = { .start = { .pc = form->code } };
	char text[100];

	probe.start.cpsr = CPU_MODE_USR | CPU_CPSR_I | CPU_CPSR_F | 0x40000000 |
			   (form->is_thumb ? CPU_CPSR_T : 0);
	probe_run(&probe);
	snprintf(text, sizeof(text), "User mode, CNTKCTL 0x%03lx, %s %s", kctl,
		 form->is_thumb ? "t32" : "a32", form->name);
	check_equal(text, probe.result.vector,
		    is_allowed ? EXCEPTION_SUPERVISOR_CALL : EXCEPTION_UNDEFINED, ALL);
	if (!is_allowed)
		check_equal(text, probe.result.return_lr, at + (form->is_thumb ? 2 : 4), ALL);
	if (is_allowed && strstr(form->name, "CT") && strstr(form->name, "CNTPCT")) {
		uint64_t value = probe.result.r[2] | (uint64_t)probe.result.r[3] << 32;

		check_that(text, value >= before && value <= timer_read_virtual());
	}
}

static void test_user(void)
{
	for (uint32_t i = 0; i < 16; i++) {
		uint32_t kctl = (i & 3) | (i >> 2) << 8;

		cp15_write_CNTKCTL(kctl);
		cpu_instruction_barrier();
		check_equal("CNTKCTL", cp15_read_CNTKCTL(), kctl, 0x303);
		for (const struct probe_form *form = timers_user; form->name; form++)
			test_user_form(form, kctl);
		cp15_write_CNTV_CTL(0);
		cp15_write_CNTP_CTL(0);
	}
	cp15_write_CNTKCTL(0);
}

int main(void)
{
	check_begin("timers");
	late_us = devicetree_argument("late_us", 1000);
	patience_us = devicetree_argument("patience_us", 0);
	exception_set_handler(EXCEPTION_IRQ, take_interrupt);
	gic_enable();
	test_counters();
	for (uint32_t i = 0; i < 2; i++) {
		timer = &timers[i];
		gic_enable_interrupt(timer->intid);
		test_status();
		test_values();
		test_polled();
		test_fires();
		test_changes();
		test_pending_and_active();
		test_sleep();
	}
	test_both();
	test_user();
	return check_end();
}
