// SPDX-License-Identifier: BSD-2-Clause
/*
 * The GIC guest's interrupts: each that is taken is logged; what its handler does
 * besides can be chosen. Also what all of its files share.
 */
#ifndef TESTS_GIC_LOG_H
#define TESTS_GIC_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guests/lib/check.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

#define ALL       0xffffffffu
#define PRIORITY  0xf8u /* the bits that five-bit priorities have */
#define FIRST_SPI 40u   /* from here on up to 63: no devices of ours */
#define LAST_SPI  63u
#define LOG_MAX   128u

#define GICC_CTLR_GRP0    0x001u
#define GICC_CTLR_GRP1    0x002u
#define GICC_CTLR_ACKCTL  0x004u
#define GICC_CTLR_FIQEN   0x008u
#define GICC_CTLR_EOIMODE 0x200u
#define GICC_ABPR         0x1cu

struct log_entry {
	uint32_t iar;
	uint32_t rpr;
	bool is_fiq;
};

extern volatile uint32_t log_count;
extern struct log_entry log_entries[LOG_MAX];

/* Called between acknowledge and end, interrupts masked; NULL: nothing. */
extern void (*volatile log_inside)(uint32_t intid);

/* Nothing more comes, if nothing has come for so long. */
#define LOG_QUIET_US 500u
extern uint32_t log_quiet_us;

void log_init(void);

/* Forgets what was logged, lets interrupts in until it has been quiet for long, and
 * returns how many came. */
uint32_t log_collect(void);

/* The same; they must be exactly these INTIDs, in this order. */
void log_expect(const char *what, const uint32_t *intids, uint32_t count);
void log_expect_one(const char *what, uint32_t intid);
void log_expect_none(const char *what);

static inline uint32_t gicd_read(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICD + offset);
}

static inline void gicd_write(uint32_t offset, uint32_t value)
{
	mmio_write32(PLATFORM_GICD + offset, value);
}

static inline uint32_t gicc_read(uint32_t offset)
{
	return mmio_read32(PLATFORM_GICC + offset);
}

static inline void gicc_write(uint32_t offset, uint32_t value)
{
	mmio_write32(PLATFORM_GICC + offset, value);
}

static inline uint32_t gicd_bit(uint32_t offset, uint32_t intid)
{
	return gicd_read(offset + intid / 32 * 4) >> intid % 32 & 1;
}

static inline void gicd_set_bit(uint32_t offset, uint32_t intid)
{
	gicd_write(offset + intid / 32 * 4, 1u << intid % 32);
}

/* All SPIs off and idle, all priorities 0xa0, group 0, level; the interface as
 * gic_enable() leaves it. */
void log_reset(void);

/* The parts of the test. */
void test_registers(void);
void test_states(void);
void test_priorities(void);
void test_groups(void);
void test_many(void);
void test_sgis(void);
void test_linked(void);

#endif
