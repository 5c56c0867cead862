// SPDX-License-Identifier: BSD-2-Clause
/*
 * See dual.h. The number is what the second timer would load again, were it periodic.
 */
#include "tests/target/vexpress_timer/dual.h"

#include "guests/lib/platform.h"

#define SP804      0x1c120000u
#define LOAD(i)    (SP804 + 0x20 * (i) + 0x00)
#define VALUE(i)   (SP804 + 0x20 * (i) + 0x04)
#define CONTROL(i) (SP804 + 0x20 * (i) + 0x08)
#define INTCLR(i)  (SP804 + 0x20 * (i) + 0x0c)
#define RIS(i)     (SP804 + 0x20 * (i) + 0x10)
#define MIS(i)     (SP804 + 0x20 * (i) + 0x14)
#define BGLOAD(i)  (SP804 + 0x20 * (i) + 0x18)

#define ONE_SHOT   0x01u
#define WIDE       0x02u
#define INT_ENABLE 0x20u
#define PERIODIC   0x40u
#define ENABLE     0x80u

static void start(uint32_t mode, uint32_t us)
{
	mmio_write32(CONTROL(0), 0);
	mmio_write32(LOAD(0), us);
	mmio_write32(CONTROL(0), ENABLE | mode | WIDE | INT_ENABLE);
}

void dual_start_periodic(uint32_t us)
{
	start(PERIODIC, us);
}

void dual_start_once(uint32_t us)
{
	start(ONE_SHOT, us);
}

void dual_stop(void)
{
	mmio_write32(CONTROL(0), 0);
}

bool dual_is_raised(void)
{
	return mmio_read32(RIS(0));
}

bool dual_is_heard(void)
{
	return mmio_read32(MIS(0));
}

void dual_clear(void)
{
	mmio_write32(INTCLR(0), 1);
}

void dual_mask(bool is_masked)
{
	uint32_t control = mmio_read32(CONTROL(0)) & ~INT_ENABLE;

	mmio_write32(CONTROL(0), control | (is_masked ? 0 : INT_ENABLE));
}

void dual_wait_raised(void)
{
	while (!dual_is_raised())
		;
}

void dual_count_start(void)
{
	mmio_write32(CONTROL(1), 0);
	mmio_write32(CONTROL(1), ENABLE | WIDE);
}

uint32_t dual_count(void)
{
	return UINT32_MAX - mmio_read32(VALUE(1));
}

uint32_t dual_life(void)
{
	return mmio_read32(BGLOAD(1));
}

void dual_set_life(uint32_t life)
{
	mmio_write32(BGLOAD(1), life);
}
