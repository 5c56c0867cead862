// SPDX-License-Identifier: BSD-2-Clause
/*
 * All CPUs at once: SGIs and SPIs in numbers, each of which must come as often as it
 * was asked for; and what Linux does before it frees an interrupt: it must not run
 * any more once the distributor says that it is not active.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/timer.h"
#include "tests/target/smp_gic/parts.h"

#define SPIS        (LAST_SPI + 1 - FIRST_SPI)
#define SPIS_OF_ONE (SPIS / CPUS_MAX)
#define SETTLE_MS   30000u
#define SYNC_SPI    50u

/* From one CPU to another, one INTID. */
struct line {
	volatile uint32_t sent; /* written by the sender, before it sends */
	volatile uint32_t came;
	volatile uint32_t seen; /* `sent`, when one came last */
};

static struct line lines[CPUS_MAX][CPUS_MAX][16];
static volatile uint32_t surplus; /* came and had not been asked for */
static struct smp_barrier barrier;
static uint32_t storm_count;
static bool storm_may_merge;

static void take_sgi(uint32_t cpu, uint32_t iar)
{
	struct line *line = &lines[iar >> 10 & 7][cpu][iar & 15];

	if ((iar & GIC_IAR_INTID) >= 16)
		return;
	line->seen = line->sent;
	line->came++;
	if (line->came > line->sent)
		surplus++;
}

/* The receivers of one sending for whom it would not merge with an earlier one. */
static bool is_free(uint32_t sender, uint32_t mask, uint32_t sgi)
{
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		if ((mask >> cpu & 1) &&
		    lines[sender][cpu][sgi].sent != lines[sender][cpu][sgi].came)
			return false;
	return true;
}

static void send_one(uint32_t cpu, uint32_t *dice)
{
	uint32_t everyone = (1u << cpus) - 1, sgi = dice_below(dice, 16);
	uint32_t filter = dice_below(dice, 3);
	uint32_t masks[3] = { dice_below(dice, everyone + 1), everyone & ~(1u << cpu), 1u << cpu };

	if (!storm_may_merge && !is_free(cpu, masks[filter], sgi))
		return;
	for (uint32_t to = 0; to < cpus; to++)
		lines[cpu][to][sgi].sent += masks[filter] >> to & 1;
	gic_send_sgi(sgi, (enum gic_sgi_filter)filter, (uint8_t)masks[filter]);
}

static bool has_settled(uint32_t sender)
{
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		for (uint32_t sgi = 0; sgi < 16; sgi++) {
			struct line *line = &lines[sender][cpu][sgi];

			if (storm_may_merge ? line->seen != line->sent : line->came != line->sent)
				return false;
		}
	return true;
}

static void storm_sgis(uint32_t unused)
{
	uint32_t cpu = smp_cpu(), dice = cpu * 2654435761u + 1;
	uint64_t end;

	(void)unused;
	smp_barrier_wait(&barrier, cpus);
	cpu_enable_interrupts();
	for (uint32_t i = 0; i < storm_count; i++)
		send_one(cpu, &dice);
	end = timer_read_virtual() + timer_ticks_from_ms(SETTLE_MS);
	while (!has_settled(cpu) && timer_read_virtual() < end)
		smp_relax();
	smp_barrier_wait(&barrier, cpus);
	cpu_disable_interrupts();
}

void test_sgi_storm(uint32_t count, bool may_merge)
{
	uint32_t sent = 0, came = 0, lost = 0;

	storm_count = count;
	storm_may_merge = may_merge;
	surplus = 0;
	for (uint32_t i = 0; i < sizeof(lines) / sizeof(struct line); i++)
		(&lines[0][0][0])[i] = (struct line){ 0 };
	ears_set_handler(take_sgi);
	smp_run_all(storm_sgis, 0);
	ears_set_handler(NULL);
	for (uint32_t i = 0; i < sizeof(lines) / sizeof(struct line); i++) {
		const struct line *line = &(&lines[0][0][0])[i];

		sent += line->sent;
		came += line->came;
		lost += may_merge ? line->sent != line->seen : line->sent - line->came;
	}
	check_equal("SGIs that nobody sent", surplus, 0, ALL);
	check_equal("SGIs lost", lost, 0, ALL);
	check_that("SGIs came at all", came > count / 4);
	printf("smp_gic: SGIs %s: sent %lu, came %lu\n", may_merge ? "that merge" : "one by one",
	       sent, came);
}

static volatile uint32_t asked[SPIS], handled[SPIS];

static void take_spi(uint32_t cpu, uint32_t iar)
{
	uint32_t spi = iar - FIRST_SPI;

	(void)cpu;
	if (spi >= SPIS)
		return;
	if (++handled[spi] > asked[spi])
		surplus++;
}

/* Aims one at a CPU, or at some of them, of which one shall have it. */
static void aim(uint32_t intid, uint32_t *dice)
{
	uint32_t spi = intid - FIRST_SPI;

	if (!is_native)
		gic_set_targets(intid, (uint8_t)(1 + dice_below(dice, (1u << cpus) - 1)));
	else if (handled[spi] == asked[spi]) /* see retarget() */
		gic_set_targets(intid, (uint8_t)(1u << dice_below(dice, cpus)));
}

/* Something about one of its own, that must not lose or double it. */
static void disturb(uint32_t intid, uint32_t *dice)
{
	switch (dice_below(dice, 6)) {
	case 0:
		gic_disable_interrupt(intid);
		break;
	case 1:
		gic_enable_interrupt(intid);
		break;
	case 2:
		gic_set_priority(intid, (uint8_t)(0x40 + dice_below(dice, 0xa0)));
		break;
	default:
		aim(intid, dice);
	}
}

static bool are_handled(uint32_t first)
{
	for (uint32_t i = first; i < first + SPIS_OF_ONE; i++)
		if (handled[i] != asked[i])
			return false;
	return true;
}

static void storm_spis(uint32_t unused)
{
	uint32_t cpu = smp_cpu(), dice = cpu * 2654435761u + 1, first = cpu * SPIS_OF_ONE;
	uint64_t end;

	(void)unused;
	smp_barrier_wait(&barrier, cpus);
	cpu_enable_interrupts();
	for (uint32_t count = 0; count < storm_count;) {
		uint32_t spi = first + dice_below(&dice, SPIS_OF_ONE);

		if (handled[spi] == asked[spi]) {
			asked[spi]++;
			count++;
			gic_set_pending(FIRST_SPI + spi);
		}
		smp_relax();
		disturb(FIRST_SPI + first + dice_below(&dice, SPIS_OF_ONE), &dice);
	}
	for (uint32_t i = 0; i < SPIS_OF_ONE; i++)
		gic_enable_interrupt(FIRST_SPI + first + i);
	end = timer_read_virtual() + timer_ticks_from_ms(SETTLE_MS);
	while (!are_handled(first) && timer_read_virtual() < end)
		smp_relax();
	smp_barrier_wait(&barrier, cpus);
	cpu_disable_interrupts();
}

void test_spi_storm(uint32_t count)
{
	uint32_t all_asked = 0, all_handled = 0;

	storm_count = count;
	surplus = 0;
	spis_reset(true);
	gicd_write(GICD_ICFGR + 12, 0x88888888); /* every other one an edge */
	for (uint32_t spi = 0; spi < SPIS; spi++)
		asked[spi] = handled[spi] = 0;
	ears_set_handler(take_spi);
	smp_run_all(storm_spis, 0);
	ears_set_handler(NULL);
	for (uint32_t spi = 0; spi < SPIS; spi++) {
		all_asked += asked[spi];
		all_handled += handled[spi];
	}
	check_equal("SPIs that nobody asked for", surplus, 0, ALL);
	check_equal("SPIs handled", all_handled, all_asked, ALL);
	check_equal("SPIs asked for", all_asked, count * cpus, ALL);
	printf("smp_gic: SPIs retargeted: asked %lu, came %lu\n", all_asked, all_handled);
	spis_reset(true);
}

static volatile uint32_t begun, ended, rounds_over, dwell;
static volatile bool is_seen; /* or needn't be */

static bool wait_while(const volatile uint32_t *value, uint32_t is)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(SETTLE_MS);

	while (*value == is)
		if (timer_read_virtual() > end)
			return false;
	return true;
}

/* A handler that takes its time. */
static void take_slowly(uint32_t cpu, uint32_t iar)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(SETTLE_MS);

	(void)cpu;
	if (iar != SYNC_SPI)
		return;
	begun++;
	while (!is_seen && timer_read_virtual() < end)
		;
	for (uint32_t i = dwell; i; i--)
		cpu_yield();
	ended++;
}

static void hear(uint32_t unused)
{
	(void)unused;
	cpu_enable_interrupts();
	while (!rounds_over)
		smp_relax();
	cpu_disable_interrupts();
}

/* disable_irq(), synchronize_irq(): is the handler over once it isn't active? */
static uint32_t synchronize(void)
{
	gic_disable_interrupt(SYNC_SPI);
	while (gicd_bit(GICD_ISACTIVER, SYNC_SPI))
		;
	return begun - ended;
}

void test_synchronize(uint32_t rounds)
{
	uint32_t dice = 1, running = 0, caught = 0;

	spis_reset(true);
	begun = ended = rounds_over = 0;
	ears_set_handler(take_slowly);
	for (uint32_t cpu = 1; cpu < cpus; cpu++)
		smp_run(cpu, hear, 0);
	for (uint32_t round = 0; round < rounds; round++) {
		uint32_t target = 1 + dice_below(&dice, cpus - 1);

		dwell = dice_below(&dice, 2000);
		is_seen = dice_below(&dice, 2);
		gic_set_targets(SYNC_SPI, (uint8_t)(1u << target));
		gic_enable_interrupt(SYNC_SPI);
		gic_set_pending(SYNC_SPI);
		if (!is_seen)
			wait_while(&begun, round);
		is_seen = true;
		for (uint32_t i = dice_below(&dice, 1000); i; i--)
			cpu_yield();
		caught += begun != ended;
		running += synchronize();
		/* Pending still, and nobody may take it? */
		if (begun == round && gicd_bit(GICD_ISPENDR, SYNC_SPI) == 0)
			running++;
		gic_enable_interrupt(SYNC_SPI);
		if (!wait_while(&ended, round))
			break;
	}
	rounds_over = 1;
	for (uint32_t cpu = 1; cpu < cpus; cpu++)
		smp_wait(cpu);
	ears_set_handler(NULL);
	check_equal("handlers that ran though not active", running, 0, ALL);
	check_equal("handlers that ran", ended, rounds, ALL);
	check_that("handlers were caught in the act", caught > 0);
	printf("smp_gic: %lu handlers, %lu caught in the act\n", rounds, caught);
	spis_reset(true);
}
