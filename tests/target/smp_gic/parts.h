// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the files of the SMP interrupt guest share: CPU 0 is the director. It lets
 * others do single things while all are deaf (interrupts masked), then lets all of
 * them listen, and compares what came where with what it expected.
 */
#ifndef TESTS_SMP_GIC_PARTS_H
#define TESTS_SMP_GIC_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "guests/lib/check.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/smp.h"

#define ALL       0xffffffffu
#define FIRST_SPI 40u /* from here on up to 63: no devices of ours */
#define LAST_SPI  63u
#define CPUS_MAX  4u /* of which this guest makes use */

static inline uint32_t gicd_read(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICD + offset);
}

static inline void gicd_write(uint32_t offset, uint32_t value)
{
	mmio_write32(PLATFORM_GICD + offset, value);
}

static inline uint32_t gicd_bit(uint32_t offset, uint32_t intid)
{
	return gicd_read(offset + intid / 32 * 4) >> intid % 32 & 1;
}

static inline void gicd_set_bit(uint32_t offset, uint32_t intid)
{
	gicd_write(offset + intid / 32 * 4, 1u << intid % 32);
}

extern uint32_t cpus;
extern bool is_native; /* on QEMU's own GIC */

/* Random numbers, of a state of one's own. */
uint32_t dice_below(uint32_t *state, uint32_t limit);

/* Waits so long, by the counter. */
void wait_us(uint32_t us);

/* All CPUs' interfaces on, all interrupts idle, SPIs disabled, edge-triggered or
 * level-sensitive, and aimed at CPU 0; the listening handler. */
void ears_init(void);
void spis_reset(bool is_edge);

/* GICC_IAR, but for the timer of a nap that is over: that one is ended. */
uint32_t acknowledge(void);

/* What is done about an interrupt between acknowledge and end, on the CPU that took
 * it; NULL: it is logged. */
typedef void (*ears_handler)(uint32_t cpu, uint32_t iar);
void ears_set_handler(ears_handler handler);

/* The next expect_all() wants this one (a GICC_IAR value) on that CPU. */
void expect(uint32_t cpu, uint32_t iar);

/* Lets all CPUs but those that hold an interrupt listen, until all that is expected
 * has come and a while longer; checks that exactly this came, and expects nothing. */
void expect_all(const char *what);

/* Interrupts in on this CPU until the director has heard enough. */
void listen(uint32_t unused);

/* Aims one that may be pending elsewhere. QEMU 7.2 leaves it pending there: natively
 * it is made pending again; not while others are at it. */
void retarget(uint32_t spi, uint32_t cpu);

/* One register access by a CPU of the director's choice, or by itself. */
uint32_t read_by(uint32_t cpu, uint32_t address);
void write_by(uint32_t cpu, uint32_t address, uint32_t value);

/* Another CPU acknowledges what is pending there, and holds it active until told to
 * end it. Returns the GICC_IAR value; 1023 if nothing came for a while. */
uint32_t hold(uint32_t cpu);
void let_go(uint32_t cpu);

/* The parts of the test. */
void test_banked(void);
void test_sgi_filters(void);
void test_sgi_pending(void);
void test_timers(void);
void test_ring(uint32_t rounds);
void test_routing(void);
void test_active(void);
void test_device(void);
void test_synchronize(uint32_t rounds);
void test_sgi_storm(uint32_t count, bool may_merge);
void test_spi_storm(uint32_t count);

#endif
