// SPDX-License-Identifier: BSD-2-Clause
/*
 * A storm of interrupts: both timers, SGIs, SPIs made pending by hand, the real-time
 * clock's alarm, a device of the board that is passed through (a PL061, DDI 0190: a
 * pin that is low, and an event that is low or not), with priorities that change, also
 * of active ones, in nested handlers, more of them pending than there are list
 * registers. Each is asked for once and must come once: `count` of them in all.
 * Nothing is withdrawn, so nothing may be spurious either.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define RTC_IRQ    34u
#define RTC_DR     0x09010000u
#define RTC_MR     0x09010004u
#define RTC_IMSC   0x09010010u
#define RTC_ICR    0x0901001cu
#define GPIO_IRQ   39u
#define GPIO_IS    0x09030404u
#define GPIO_IEV   0x0903040cu
#define GPIO_IE    0x09030410u
#define GPIO_IC    0x0903041cu
#define GPIO_PIN   1u
#define FIRST_SPI  40u
#define LAST_SPI   63u
#define INTIDS     64u
#define MAX_NESTED 8u
#define LOST_MS    3000u
#define PATIENCE   1000u /* turns of a loop: a lot shorter than a slice */

struct source {
	volatile bool is_asked; /* and has not come yet */
	volatile uint32_t came;
	uint32_t asked;
	uint32_t doubled;
};

static struct source sources[INTIDS];
static volatile uint32_t came, spurious;
static volatile uint32_t waiting; /* of those that need no time: all but timers */
static uint32_t late;
static volatile uint32_t nested, deepest;
static uint32_t state;
static bool has_gpio;
static volatile bool is_over; /* what is under way may come, no more is asked for */

static uint32_t dice_below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (uint32_t)((uint64_t)state * limit >> 32);
}

/* A line that rises while its interrupt is active is seen later, too, by QEMU's GIC. */
static bool takes_time(uint32_t intid)
{
	return intid == GPIO_IRQ || intid == PLATFORM_INTID_TIMER_VIRTUAL ||
	       intid == PLATFORM_INTID_TIMER_PHYSICAL || intid == RTC_IRQ;
}

static void quiet_device(uint32_t intid)
{
	if (intid == PLATFORM_INTID_TIMER_VIRTUAL)
		timer_stop_virtual();
	else if (intid == PLATFORM_INTID_TIMER_PHYSICAL)
		timer_stop_physical();
	else if (intid == RTC_IRQ)
		mmio_write32(RTC_ICR, 1);
	else if (intid == GPIO_IRQ) {
		mmio_write32(GPIO_IEV, GPIO_PIN);
		mmio_write32(GPIO_IC, GPIO_PIN);
	}
}

/* A source that is not under way; 0xff if this one is. */
static uint32_t choose(void)
{
	uint32_t kind = dice_below(32), intid;

	if (kind < 6)
		intid = PLATFORM_INTID_TIMER_VIRTUAL;
	else if (kind < 9)
		intid = PLATFORM_INTID_TIMER_PHYSICAL;
	else if (kind < 12 && has_gpio)
		intid = GPIO_IRQ;
	else if (kind < 16)
		intid = dice_below(16);
	else
		intid = FIRST_SPI + dice_below(LAST_SPI - FIRST_SPI + 1);
	return sources[intid].is_asked ? 0xff : intid;
}

static void trigger(uint32_t intid)
{
	uint64_t delay = dice_below(3000);

	sources[intid].is_asked = true;
	sources[intid].asked++;
	waiting += !takes_time(intid);
	if (intid == PLATFORM_INTID_TIMER_VIRTUAL)
		timer_start_virtual(timer_read_virtual() + delay);
	else if (intid == PLATFORM_INTID_TIMER_PHYSICAL)
		timer_start_physical(timer_read_physical() + delay);
	else if (intid == RTC_IRQ)
		mmio_write32(RTC_MR, mmio_read32(RTC_DR) + 1);
	else if (intid == GPIO_IRQ)
		mmio_write32(GPIO_IEV, 0);
	else if (intid < 16)
		gic_send_sgi(intid, dice_below(2) ? GIC_SGI_SELF : GIC_SGI_LISTED, 1);
	else
		gic_set_pending(intid);
}

/* If it is not under way. */
static void ask(uint32_t intid)
{
	if (intid == 0xff)
		return;
	if (dice_below(8) == 0)
		gic_set_priority(intid, (uint8_t)dice_below(0xf0));
	trigger(intid);
}

/* Some handlers ask for more, and let in what is more urgent. */
static void maybe_nest(uint32_t came_before)
{
	if (came_before % 4 || nested >= MAX_NESTED)
		return;
	for (uint32_t i = 0; i < 4 && !is_over; i++)
		ask(choose());
	nested++;
	if (nested > deepest)
		deepest = nested;
	cpu_enable_interrupts();
	cpu_instruction_barrier();
	cpu_disable_interrupts();
	nested--;
}

static void take_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();
	uint32_t intid = iar & GIC_IAR_INTID;

	(void)frame;
	if (intid >= INTIDS) {
		spurious++;
		return;
	}
	quiet_device(intid);
	if (!sources[intid].is_asked)
		sources[intid].doubled++;
	waiting -= !takes_time(intid);
	sources[intid].is_asked = false;
	sources[intid].came++;
	maybe_nest(came++);
	gic_end(iar);
}

/* A few at once, behind a mask, or one by one. */
static void storm(void)
{
	uint32_t batch = dice_below(4) ? 1 : dice_below(24);

	cpu_disable_interrupts();
	while (batch--)
		ask(choose());
	if (!sources[RTC_IRQ].is_asked)
		trigger(RTC_IRQ);
	cpu_enable_interrupts();
	/* They come one after the other, with no help by an access of ours. */
	for (uint32_t i = 0; i < PATIENCE && waiting; i++)
		;
	late += waiting != 0;
}

static void set_up(void)
{
	exception_set_handler(EXCEPTION_IRQ, take_interrupt);
	gic_enable();
	for (uint32_t intid = 0; intid < INTIDS; intid++) {
		gic_set_priority(intid, (uint8_t)dice_below(0xf0));
		gic_set_targets(intid, 1);
		if (intid < 16 || intid >= FIRST_SPI || intid == RTC_IRQ ||
		    intid == PLATFORM_INTID_TIMER_VIRTUAL || intid == PLATFORM_INTID_TIMER_PHYSICAL)
			gic_enable_interrupt(intid);
	}
	/* Every other SPI is edge-triggered. */
	mmio_write32(PLATFORM_GICD + GICD_ICFGR + 12, 0x88888888);
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_ICR, 1);
	if (!has_gpio)
		return;
	mmio_write32(GPIO_IEV, GPIO_PIN);
	mmio_write32(GPIO_IS, GPIO_PIN);
	mmio_write32(GPIO_IC, GPIO_PIN);
	mmio_write32(GPIO_IE, GPIO_PIN);
	gic_enable_interrupt(GPIO_IRQ);
}

/* Waits for what is under way; returns what does not come. */
static uint32_t settle(void)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(LOST_MS);
	uint32_t missing;

	is_over = true;
	do {
		missing = 0;
		for (uint32_t intid = 0; intid < INTIDS; intid++)
			missing += sources[intid].is_asked;
	} while (missing && timer_read_virtual() < end);
	cpu_disable_interrupts();
	return missing;
}

int main(void)
{
	uint32_t count = devicetree_argument("count", 10000);
	uint32_t lost, doubled = 0, asked = 0;

	has_gpio = devicetree_argument("gpio", 1) != 0;
	state = devicetree_argument("seed", 1) * 2654435761u + 1;
	set_up();
	while (came < count)
		storm();
	lost = settle();
	for (uint32_t intid = 0; intid < INTIDS; intid++) {
		struct source *source = &sources[intid];

		asked += source->asked;
		doubled += source->doubled;
		if (source->is_asked || source->doubled)
			printf("irqstorm: FAILED: interrupt %lu: asked %lu, came %lu, doubled "
			       "%lu\n",
			       intid, source->asked, source->came, source->doubled);
	}
	printf("irqstorm: asked %lu, came %lu, lost %lu, doubled %lu, spurious %lu, late %lu\n",
	       asked, came, lost, doubled, spurious, late);
	printf("irqstorm: timers %lu and %lu, clock %lu, device %lu, nested %lu deep\n",
	       sources[PLATFORM_INTID_TIMER_VIRTUAL].came,
	       sources[PLATFORM_INTID_TIMER_PHYSICAL].came, sources[RTC_IRQ].came,
	       sources[GPIO_IRQ].came, deepest);
	return 0;
}
