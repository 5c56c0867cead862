// SPDX-License-Identifier: BSD-2-Clause
/*
 * A control loop beside a Linux: each millisecond it reads a setpoint from a shared
 * buffer, moves a (simulated) plant towards it with a PI controller, and publishes what
 * it did in another. It depends on nobody: a reader can't write, a writer can only ask.
 */
#include <stdio.h>

#include "guests/loop/loop.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

/* config/control-and-linux.dts */
#define LOOP    ((volatile struct loop_data *)0x0a100000)
#define REQUEST ((const volatile struct loop_request *)0x0a101000)

#define PERIOD_US    1000u
#define SECOND_US    1000000u
#define SETPOINT_MAX 1000000 /* thousandths: what the plant can bear */

static volatile bool has_fired;

static void timer_interrupt(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) == PLATFORM_INTID_TIMER_VIRTUAL) {
		timer_stop_virtual();
		has_fired = true;
	}
	if ((iar & GIC_IAR_INTID) != GIC_INTID_SPURIOUS)
		gic_end(iar);
}

/* Sleeps until the counter reaches `at`; returns how late it is then. */
static uint32_t sleep_until_us(uint64_t at)
{
	has_fired = false;
	timer_start_virtual(at);
	while (!has_fired) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	return timer_us_from_ticks(timer_read_virtual() - at);
}

/* What others ask for is not trusted. */
static int32_t read_setpoint(void)
{
	int32_t wish = REQUEST->setpoint;

	if (wish > SETPOINT_MAX)
		return SETPOINT_MAX;
	return wish < -SETPOINT_MAX ? -SETPOINT_MAX : wish;
}

/* The controller, proportional and integral; the plant, of first order: it follows the
 * output with a delay of 20 periods. */
static void step(struct loop_data *data)
{
	static int32_t integral;
	int32_t error = data->setpoint - data->value;

	integral += error / 32;
	data->output = error / 2 + integral;
	data->value += (data->output - data->value) / 20;
}

/* See loop.h for the order. */
static void publish(const struct loop_data *data)
{
	LOOP->end = data->cycles;
	cpu_data_barrier();
	LOOP->cycles = data->cycles;
	LOOP->setpoint = data->setpoint;
	LOOP->value = data->value;
	LOOP->output = data->output;
	LOOP->latest_us = data->latest_us;
	LOOP->missed = data->missed;
	cpu_data_barrier();
	LOOP->begin = data->cycles;
}

int main(void)
{
	struct loop_data data = { 0 };
	uint64_t period = timer_ticks_from_us(PERIOD_US);
	uint64_t next = timer_read_virtual();
	uint32_t latest_us = 0;

	exception_set_handler(EXCEPTION_IRQ, timer_interrupt);
	gic_enable();
	gic_enable_interrupt(PLATFORM_INTID_TIMER_VIRTUAL);
	printf("control: a cycle each %u us\n", PERIOD_US);
	for (;;) {
		uint32_t late_us = sleep_until_us(next += period);
		int32_t setpoint;

		data.cycles++;
		data.missed += late_us > PERIOD_US;
		if (late_us > latest_us)
			latest_us = late_us;
		if (data.cycles % (SECOND_US / PERIOD_US) == 0) {
			data.latest_us = latest_us;
			latest_us = 0;
		}
		setpoint = read_setpoint();
		if (setpoint != data.setpoint)
			printf("control: cycle %lu: setpoint %ld; %lu missed\n", data.cycles,
			       setpoint, data.missed);
		data.setpoint = setpoint;
		step(&data);
		publish(&data);
	}
}
