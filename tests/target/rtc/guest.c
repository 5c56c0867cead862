// SPDX-License-Identifier: BSD-2-Clause
/*
 * The real-time clock, a PL031 (DDI 0224). The boot arguments choose what a VM does:
 *
 *   role=0 (check): every register and rule; then two restarts, which the clock must
 *       outlast. Which life it is, only the clock tells: `time` is what it is set to.
 *   role=1 (witness): sets its clock to `time` and watches it, while others set
 *       theirs.
 *   role=2 (hog): takes all the time it can get, and says how much that was.
 *   role=3 (alarm): sleeps, `after` seconds at a time.
 *
 * Natively, on QEMU's board, role=0 passes up to its first result; QEMU's clock knows
 * no bytes, and its mask outlasts a restart.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "guests/lib/timer.h"

enum { ROLE_CHECK, ROLE_WITNESS, ROLE_HOG, ROLE_ALARM };

#define RTC      0x09010000u
#define RTC_IRQ  34u
#define RTC_DR   (RTC + 0x00)
#define RTC_MR   (RTC + 0x04)
#define RTC_LR   (RTC + 0x08)
#define RTC_CR   (RTC + 0x0c)
#define RTC_IMSC (RTC + 0x10)
#define RTC_RIS  (RTC + 0x14)
#define RTC_MIS  (RTC + 0x18)
#define RTC_ICR  (RTC + 0x1c)
#define RTC_ID   (RTC + 0xfe0)

#define ALL          0xffffffffu
#define LIFE_SECONDS 3600u /* between the times that two lives set */

/* What others' slices may add to a second. */
#define TOLERANCE_MS 50u

static volatile uint32_t interrupts;
static volatile uint32_t time_at_interrupt;
static volatile uint32_t status_at_interrupt;

static void handle_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == RTC_IRQ) {
		interrupts++;
		time_at_interrupt = mmio_read32(RTC_DR);
		status_at_interrupt = mmio_read32(RTC_MIS);
		mmio_write32(RTC_ICR, 1);
	} else if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL) {
		timer_stop_virtual();
	}
	if ((iar & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
}

/* Sleeps until the clock has interrupted `count` times, but not for longer than ms. */
static void wait_interrupts(uint32_t count, uint32_t ms)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(ms);

	timer_start_virtual(end);
	cpu_disable_interrupts();
	while (interrupts < count && timer_read_virtual() < end) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
	timer_stop_virtual();
}

/* Forgets earlier interrupts, and sleeps: none may come. */
static void check_quiet(const char *what, uint32_t ms)
{
	interrupts = 0;
	wait_interrupts(1, ms);
	check_equal(what, interrupts, 0, ALL);
}

/* The beginning of a second; returns it. Not too eager: device accesses are what is
 * slow when QEMU counts instructions. */
static uint32_t wait_tick(void)
{
	uint32_t before = mmio_read32(RTC_DR);
	uint32_t now;

	do {
		for (volatile uint32_t i = 0; i < 2000; i++)
			;
		now = mmio_read32(RTC_DR);
	} while (now == before);
	return now;
}

static bool is_pending(void)
{
	return (mmio_read32(PLATFORM_GICD + GICD_ISPENDR + 4) & 1u << (RTC_IRQ - 32)) != 0;
}

static void check_near(const char *what, uint32_t us, uint32_t seconds)
{
	check_that(what, us + TOLERANCE_MS * 1000 > seconds * 1000000 &&
				 us < seconds * 1000000 + TOLERANCE_MS * 1000);
}

static void check_registers(void)
{
	static const uint8_t id[] = { 0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	check_equal("MR at boot", mmio_read32(RTC_MR), 0, ALL);
	check_equal("LR at boot", mmio_read32(RTC_LR), 0, ALL);
	check_equal("CR: started", mmio_read32(RTC_CR), 1, ALL);
	check_equal("IMSC at boot", mmio_read32(RTC_IMSC), 0, ALL);
	check_equal("RIS at boot", mmio_read32(RTC_RIS), 0, ALL);
	check_equal("MIS at boot", mmio_read32(RTC_MIS), 0, ALL);
	check_that("nothing pending at boot", !is_pending());
	/* The designer's number and the part's; the revision, bits [7:4] of the third,
	 * may be any. */
	for (uint32_t i = 0; i < 8; i++)
		check_equal("identification", mmio_read32(RTC_ID + 4 * i), id[i],
			    i == 2 ? 0xffffff0f : ALL);
}

static void check_read_only(void)
{
	uint32_t now = wait_tick();

	mmio_write32(RTC_DR, 5);
	check_equal("DR after a write", mmio_read32(RTC_DR), now, ALL);
	mmio_write32(RTC_CR, 0);
	check_equal("CR after a write of 0", mmio_read32(RTC_CR), 1, ALL);
	mmio_write32(RTC_RIS, 1);
	check_equal("RIS after a write", mmio_read32(RTC_RIS), 0, ALL);
	mmio_write32(RTC_ID, 5);
	check_equal("ID after a write", mmio_read32(RTC_ID), 0x31, ALL);
	mmio_write32(RTC + 0x20, ALL);
	check_equal("a reserved register", mmio_read32(RTC + 0x20), 0, ALL);
	check_equal("ICR reads as", mmio_read32(RTC_ICR), 0, ALL);
	mmio_write32(RTC_IMSC, ALL);
	check_equal("IMSC keeps bit 0", mmio_read32(RTC_IMSC), 1, ALL);
	mmio_write32(RTC_IMSC, 0);
}

static void check_pace(void)
{
	uint32_t first = wait_tick();
	uint64_t start = timer_read_virtual();

	for (uint32_t i = 1; i <= 3; i++) {
		check_equal("one second after the other", wait_tick(), first + i, ALL);
		check_near("a second is a second",
			   timer_us_from_ticks(timer_read_virtual() - start), i);
	}
}

static void check_set(uint32_t time)
{
	wait_tick();
	mmio_write32(RTC_LR, time);
	check_equal("DR once set", mmio_read32(RTC_DR), time, ALL);
	check_equal("LR once set", mmio_read32(RTC_LR), time, ALL);
	check_equal("DR a second later", wait_tick(), time + 1, ALL);
	check_equal("LR a second later", mmio_read32(RTC_LR), time, ALL);
}

static void check_alarm(void)
{
	uint32_t now = wait_tick();
	uint64_t start = timer_read_virtual();

	interrupts = 0;
	mmio_write32(RTC_MR, now + 2);
	mmio_write32(RTC_IMSC, 1);
	check_equal("RIS before the match", mmio_read32(RTC_RIS), 0, ALL);
	wait_interrupts(1, 4000);
	check_equal("an alarm", interrupts, 1, ALL);
	check_near("its delay", timer_us_from_ticks(timer_read_virtual() - start), 2);
	check_equal("its time", time_at_interrupt, now + 2, ALL);
	check_equal("MIS when it came", status_at_interrupt, 1, ALL);
	check_equal("RIS when it is over", mmio_read32(RTC_RIS), 0, ALL);
	check_equal("MR when it is over", mmio_read32(RTC_MR), now + 2, ALL);
	check_quiet("an alarm rings once", 1500);

	now = wait_tick();
	mmio_write32(RTC_MR, now + 1);
	mmio_write32(RTC_MR, now + 100);
	check_quiet("an alarm put off", 1500);

	now = wait_tick();
	mmio_write32(RTC_MR, now - 1);
	check_quiet("a match in the past", 1500);
	check_equal("RIS of a match in the past", mmio_read32(RTC_RIS), 0, ALL);
}

static void check_mask(void)
{
	cpu_disable_interrupts();
	mmio_write32(RTC_IMSC, 0);
	interrupts = 0;
	mmio_write32(RTC_MR, wait_tick());
	check_equal("RIS of a match now", mmio_read32(RTC_RIS), 1, ALL);
	check_equal("MIS, masked", mmio_read32(RTC_MIS), 0, ALL);
	check_that("masked: not pending", !is_pending());
	mmio_write32(RTC_IMSC, 1);
	check_equal("MIS, unmasked", mmio_read32(RTC_MIS), 1, ALL);
	check_that("unmasked: pending", is_pending());
	mmio_write32(RTC_IMSC, 0);
	check_equal("MIS, masked again", mmio_read32(RTC_MIS), 0, ALL);
	check_equal("RIS, masked again", mmio_read32(RTC_RIS), 1, ALL);
	check_that("masked again: not pending", !is_pending());
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_ICR, 0);
	check_equal("RIS after a write of 0 to ICR", mmio_read32(RTC_RIS), 1, ALL);
	mmio_write32(RTC_ICR, 1);
	check_equal("RIS, cleared", mmio_read32(RTC_RIS), 0, ALL);
	check_equal("MIS, cleared", mmio_read32(RTC_MIS), 0, ALL);
	check_that("cleared: not pending", !is_pending());
	cpu_enable_interrupts();
	check_quiet("what was cleared in time", 100);

	/* A match behind the mask is kept for when it is lifted. */
	mmio_write32(RTC_IMSC, 0);
	mmio_write32(RTC_MR, wait_tick() + 1);
	check_quiet("a masked alarm", 1500);
	check_equal("RIS of a masked alarm", mmio_read32(RTC_RIS), 1, ALL);
	mmio_write32(RTC_IMSC, 1);
	wait_interrupts(1, 1000);
	check_equal("an alarm unmasked late", interrupts, 1, ALL);
}

/* The match follows the clock that is set, also over the end of 32 bits. */
static void check_set_alarm(uint32_t time)
{
	mmio_write32(RTC_MR, time + 2);
	interrupts = 0;
	wait_tick();
	mmio_write32(RTC_LR, time);
	wait_interrupts(1, 4000);
	check_equal("an alarm, the clock set before it", interrupts, 1, ALL);
	check_equal("its time", time_at_interrupt, time + 2, ALL);

	interrupts = 0;
	wait_tick();
	mmio_write32(RTC_LR, time + 2);
	wait_interrupts(1, 1000);
	check_equal("the clock set to the match", interrupts, 1, ALL);

	mmio_write32(RTC_LR, time + 10);
	check_quiet("the clock set past the match", 1500);

	mmio_write32(RTC_MR, 0);
	interrupts = 0;
	wait_tick();
	mmio_write32(RTC_LR, ALL - 1);
	wait_interrupts(1, 4000);
	check_equal("an alarm at the wrap", interrupts, 1, ALL);
	check_equal("its time", time_at_interrupt, 0, ALL);
	mmio_write32(RTC_IMSC, 0);
}

static void check_narrow_reads(void)
{
	wait_tick();
	mmio_write32(RTC_LR, 0x12345678);
	check_equal("DR, byte 0", mmio_read8(RTC_DR), 0x78, ALL);
	check_equal("DR, byte 1", mmio_read8(RTC_DR + 1), 0x56, ALL);
	check_equal("DR, byte 2", mmio_read8(RTC_DR + 2), 0x34, ALL);
	check_equal("DR, byte 3", mmio_read8(RTC_DR + 3), 0x12, ALL);
	check_equal("DR, half 0", mmio_read16(RTC_DR), 0x5678, ALL);
	check_equal("DR, half 1", mmio_read16(RTC_DR + 2), 0x1234, ALL);
	check_equal("ID, byte 0", mmio_read8(RTC_ID), 0x31, ALL);
	check_equal("ID, byte 1", mmio_read8(RTC_ID + 1), 0, ALL);
	check_equal("ID, half 1", mmio_read16(RTC_ID + 2), 0, ALL);
	check_equal("the last byte", mmio_read8(RTC + 0xfff), 0, ALL);
}

static void check_narrow_writes(void)
{
	mmio_write32(RTC_MR, 0);
	mmio_write8(RTC_MR + 1, 0xab);
	check_equal("MR, byte 1", mmio_read32(RTC_MR), 0x0000ab00, ALL);
	mmio_write16(RTC_MR + 2, 0xcdef);
	check_equal("MR, half 1", mmio_read32(RTC_MR), 0xcdefab00, ALL);
	mmio_write8(RTC_MR, 0x12);
	check_equal("MR, byte 0", mmio_read32(RTC_MR), 0xcdefab12, ALL);
	mmio_write8(RTC_MR + 3, 0);
	check_equal("MR, byte 3", mmio_read32(RTC_MR), 0x00efab12, ALL);

	wait_tick();
	mmio_write32(RTC_LR, 0x12345678);
	mmio_write16(RTC_LR + 2, 0x4321);
	check_equal("LR, half 1", mmio_read32(RTC_LR), 0x43215678, ALL);
	check_equal("DR after it", mmio_read32(RTC_DR), 0x43215678, ALL);

	mmio_write8(RTC_IMSC + 1, 0xff);
	check_equal("IMSC, byte 1", mmio_read32(RTC_IMSC), 0, ALL);
	mmio_write8(RTC_IMSC, 1);
	check_equal("IMSC, byte 0", mmio_read32(RTC_IMSC), 1, ALL);
	mmio_write8(RTC_IMSC, 0);
	mmio_write32(RTC_MR, wait_tick());
	mmio_write16(RTC_ICR + 2, 0xffff);
	check_equal("RIS after ICR, half 1", mmio_read32(RTC_RIS), 1, ALL);
	mmio_write8(RTC_ICR, 1);
	check_equal("RIS after ICR, byte 0", mmio_read32(RTC_RIS), 0, ALL);
}

/* Ends this life: `left` is what it leaves to the next. */
static void restart(const char *left)
{
	printf("rtc: restarts with %s at %lu\n", left, mmio_read32(RTC_DR));
	psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	printf("rtc: FAILED: SYSTEM_RESET returned\n");
}

static void first_life(uint32_t time)
{
	check_begin("rtc");
	check_registers();
	check_read_only();
	check_pace();
	check_set(time);
	check_alarm();
	check_mask();
	check_set_alarm(time);
	check_end();
	check_begin("rtc-narrow");
	check_narrow_reads();
	check_narrow_writes();
	check_end();

	cpu_disable_interrupts();
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_MR, time);
	wait_tick();
	mmio_write32(RTC_LR, time);
	if (!is_pending())
		printf("rtc: FAILED: nothing is pending at the restart\n");
	restart("an interrupt");
}

static void second_life(uint32_t time)
{
	check_begin("rtc-second");
	check_registers();
	check_end();
	mmio_write32(RTC_LR, time);
	mmio_write32(RTC_MR, time + 4);
	mmio_write32(RTC_IMSC, 1);
	restart("an alarm");
}

static void third_life(void)
{
	check_begin("rtc-third");
	check_registers();
	mmio_write32(RTC_IMSC, 1);
	check_quiet("an alarm of a former life", 5000);
	check_equal("RIS after its time", mmio_read32(RTC_RIS), 0, ALL);
	check_end();
}

static void enable_interrupts(void)
{
	exception_set_handler(EXCEPTION_IRQ, handle_interrupt);
	gic_enable();
	gic_enable_interrupt(RTC_IRQ);
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	cpu_enable_interrupts();
}

static void check(uint32_t time)
{
	uint32_t now = mmio_read32(RTC_DR);

	enable_interrupts();
	printf("rtc: boots at %lu\n", now);
	if (now - time < LIFE_SECONDS)
		second_life(time + LIFE_SECONDS);
	else if (now - time - LIFE_SECONDS < LIFE_SECONDS)
		third_life();
	else
		first_life(time);
}

/* Its seconds follow each other whatever the others do to their clocks. Its own time
 * is virtual, and stands still while others run; the clock does not. */
static void witness(uint32_t time)
{
	uint64_t start = timer_read_virtual();

	mmio_write32(RTC_LR, time);
	mmio_write32(RTC_MR, time - 1);
	for (uint32_t seconds = 1;; seconds++) {
		uint32_t now = wait_tick();

		if (now != time + seconds)
			printf("witness: FAILED: %lu after %lu\n", now, time + seconds - 1);
		if (mmio_read32(RTC_RIS) || mmio_read32(RTC_LR) != time)
			printf("witness: FAILED: a register has changed\n");
		printf("witness: %lu s, %lu ms of its own\n", seconds,
		       timer_us_from_ticks(timer_read_virtual() - start) / 1000);
	}
}

/* Where all do this, only the board's alarm makes anybody look at the clock. */
static void alarm(uint32_t after)
{
	enable_interrupts();
	check_begin("alarm");
	mmio_write32(RTC_IMSC, 1);
	for (uint32_t i = 0; i < 12 / after; i++) {
		uint32_t match = mmio_read32(RTC_DR) + after;

		interrupts = 0;
		mmio_write32(RTC_MR, match);
		wait_interrupts(1, (after + 2) * 1000);
		check_equal("an alarm", interrupts, 1, ALL);
		check_equal("its time", time_at_interrupt, match, ALL);
	}
	check_end();
}

/* Its own match, masked, comes `after` seconds: in the same one as the others'. */
static void hog(uint32_t after)
{
	mmio_write32(RTC_MR, mmio_read32(RTC_DR) + after);
	for (;;) {
		uint64_t end = timer_read_virtual() + timer_ticks_from_ms(500);
		uint32_t rounds = 0;

		while (timer_read_virtual() < end)
			rounds++;
		printf("hog: %lu rounds\n", rounds);
	}
}

int main(void)
{
	uint32_t time = devicetree_argument("time", 1000000000);

	switch (devicetree_argument("role", ROLE_CHECK)) {
	case ROLE_CHECK:
		check(time);
		break;
	case ROLE_WITNESS:
		witness(time);
		break;
	case ROLE_ALARM:
		alarm(devicetree_argument("after", 1));
		break;
	default:
		hog(devicetree_argument("after", 0));
	}
	for (;;)
		cpu_wait_for_interrupt();
}
