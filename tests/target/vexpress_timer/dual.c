// SPDX-License-Identifier: BSD-2-Clause
/*
 * See dual.h. The number is what the second timer would load again, were it periodic.
 */
#include "tests/target/vexpress_timer/dual.h"

#include "guests/lib/platform.h"
#include "guests/lib/sp804.h"

#define SP804_BASE 0x1c120000u

static void start(uint32_t mode, uint32_t us)
{
	mmio_write32(SP804_CONTROL(0), 0);
	mmio_write32(SP804_LOAD(0), us);
	mmio_write32(SP804_CONTROL(0), SP804_ENABLE | mode | SP804_WIDE | SP804_INT_ENABLE);
}

void dual_start_periodic(uint32_t us)
{
	start(SP804_PERIODIC, us);
}

void dual_start_once(uint32_t us)
{
	start(SP804_ONE_SHOT, us);
}

void dual_stop(void)
{
	mmio_write32(SP804_CONTROL(0), 0);
}

bool dual_is_raised(void)
{
	return mmio_read32(SP804_RIS(0));
}

bool dual_is_heard(void)
{
	return mmio_read32(SP804_MIS(0));
}

void dual_clear(void)
{
	mmio_write32(SP804_INTCLR(0), 1);
}

void dual_mask(bool is_masked)
{
	uint32_t control = mmio_read32(SP804_CONTROL(0)) & ~SP804_INT_ENABLE;

	mmio_write32(SP804_CONTROL(0), control | (is_masked ? 0 : SP804_INT_ENABLE));
}

void dual_wait_raised(void)
{
	while (!dual_is_raised())
		;
}

void dual_count_start(void)
{
	mmio_write32(SP804_CONTROL(1), 0);
	mmio_write32(SP804_CONTROL(1), SP804_ENABLE | SP804_WIDE);
}

uint32_t dual_count(void)
{
	return UINT32_MAX - mmio_read32(SP804_VALUE(1));
}

uint32_t dual_life(void)
{
	return mmio_read32(SP804_BGLOAD(1));
}

void dual_set_life(uint32_t life)
{
	mmio_write32(SP804_BGLOAD(1), life);
}
