// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's generic timer; see timer.h. No state of its own, no locks.
 */
#include "guests/lib/cpu.h"
#include "guests/lib/timer.h"

uint64_t timer_ticks_from_ms(uint32_t ms)
{
	return (uint64_t)cp15_read_CNTFRQ() * ms / 1000;
}

uint64_t timer_ticks_from_us(uint32_t us)
{
	return (uint64_t)cp15_read_CNTFRQ() * us / 1000000;
}

uint32_t timer_us_from_ticks(uint64_t ticks)
{
	return (uint32_t)(ticks * 1000000 / cp15_read_CNTFRQ());
}

void timer_wait_ms(uint32_t ms)
{
	uint64_t end = timer_read_virtual() + timer_ticks_from_ms(ms);

	while (timer_read_virtual() < end)
		;
}

void timer_start_virtual(uint64_t at)
{
	cp15_write_CNTV_CVAL(at);
	cp15_write_CNTV_CTL(TIMER_CTL_ENABLE);
	cpu_instruction_barrier();
}

void timer_start_physical(uint64_t at)
{
	cp15_write_CNTP_CVAL(at);
	cp15_write_CNTP_CTL(TIMER_CTL_ENABLE);
	cpu_instruction_barrier();
}

void timer_stop_virtual(void)
{
	cp15_write_CNTV_CTL(0);
	cpu_instruction_barrier();
}

void timer_stop_physical(void)
{
	cp15_write_CNTP_CTL(0);
	cpu_instruction_barrier();
}
