// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vsp804.h. Nothing counts here: what a counter shows follows from the VM's time, on
 * a grid of ticks that begins with the VM, so that no tick is lost however late we look.
 *
 * An interval is as long as the manual's formula says (2.2.6): TimerXLoad ticks from zero
 * to zero. So a periodic counter's zero and its reload are one tick, and it shows the
 * reload. A reload of zero stops it, as one-shot does.
 */
#include "vtimer/vsp804.h"

#include "kernel/request.h"
#include "kernel/vm.h"

/* Of a timer, by word (table 3-1); the second one's lie behind the first one's. */
enum {
	TimerLoad,
	TimerValue,
	TimerControl,
	TimerIntClr,
	TimerRIS,
	TimerMIS,
	TimerBGLoad,
	WORDS = 8
};
enum { TimerITCR = 0xf00 / 4, TimerITOP = 0xf04 / 4, TimerPeriphID0 = 0xfe0 / 4 };

#define CONTROL_ONE_SHOT   (1u << 0)
#define CONTROL_32_BIT     (1u << 1)
#define CONTROL_PRE_SHIFT  2
#define CONTROL_INT_ENABLE (1u << 5)
#define CONTROL_PERIODIC   (1u << 6)
#define CONTROL_ENABLE     (1u << 7)
#define CONTROL_MASK       0xefu
#define CONTROL_RESET      CONTROL_INT_ENABLE

/* TimerPeriphID0 to 3, TimerPCellID0 to 3. */
static const uint8_t identification[8] = { 0x04, 0x18, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

/* The VM's count in ticks of TIMCLK, rounded down, and back, rounded up. */
static uint64_t ticks_from_count(const struct vsp804 *device, uint64_t count)
{
	return count / BOARD_COUNTER_HZ * device->clock_hz +
	       count % BOARD_COUNTER_HZ * device->clock_hz / BOARD_COUNTER_HZ;
}

static uint64_t count_from_ticks(const struct vsp804 *device, uint64_t ticks)
{
	uint64_t hz = device->clock_hz;

	return ticks / hz * BOARD_COUNTER_HZ + (ticks % hz * BOARD_COUNTER_HZ + hz - 1) / hz;
}

/* By 1, 16 or 256; what is not defined, as the last. */
static uint32_t prescale_shift(const struct vsp804_timer *timer)
{
	static const uint8_t shifts[] = { 0, 4, 8, 8 };

	return shifts[timer->Control >> CONTROL_PRE_SHIFT & 3];
}

static uint32_t width_mask(const struct vsp804_timer *timer)
{
	return timer->Control & CONTROL_32_BIT ? UINT32_MAX : 0xffff;
}

/* Ticks from a zero to the next; 0: it stops there. */
static uint64_t period(const struct vsp804_timer *timer)
{
	if (timer->Control & CONTROL_ONE_SHOT)
		return 0;
	if (timer->Control & CONTROL_PERIODIC)
		return timer->Load & width_mask(timer);
	return (uint64_t)width_mask(timer) + 1;
}

/* Ticks until the counter, as it was when it was looked at, is zero; 0: never. */
static uint64_t distance(const struct vsp804_timer *timer)
{
	uint32_t value = timer->value & width_mask(timer);

	return value ? value : period(timer);
}

/* Bring a timer up to date. */
static void look(const struct vsp804 *device, struct vsp804_timer *timer, uint64_t count)
{
	uint64_t tick = ticks_from_count(device, count) >> prescale_shift(timer);
	uint64_t elapsed = tick - timer->tick;
	uint64_t zero = distance(timer);

	timer->tick = tick;
	if (!(timer->Control & CONTROL_ENABLE) || !zero || !elapsed)
		return;
	if (elapsed >= zero) {
		timer->RIS = 1;
		elapsed -= zero;
		zero = period(timer);
		elapsed = zero ? elapsed % zero : 0;
		if (!elapsed && !(timer->Control & CONTROL_PERIODIC))
			zero = 0; /* it shows this tick */
	}
	timer->value = (uint32_t)(zero - elapsed);
}

/* When something is to happen that the guest did not do: in the VM's count. */
static uint64_t next_event(const struct vsp804 *device, const struct vsp804_timer *timer)
{
	uint32_t needed = CONTROL_ENABLE | CONTROL_INT_ENABLE;
	uint64_t zero = distance(timer);

	if ((timer->Control & needed) != needed || timer->RIS || !zero)
		return UINT64_MAX;
	return count_from_ticks(device, (timer->tick + zero) << prescale_shift(timer));
}

static bool is_raised(const struct vsp804_timer *timer)
{
	return timer->RIS && timer->Control & CONTROL_INT_ENABLE;
}

static void look_at_both(struct vsp804 *device, uint64_t count)
{
	look(device, &device->timers[0], count);
	look(device, &device->timers[1], count);
}

/* The interrupt's line, and when it changes next. On the boot vCPU's core. */
static void update(struct vsp804 *device)
{
	struct vcpu *vcpu = device->vm->config->vcpus;
	uint64_t first = next_event(device, &device->timers[0]);
	uint64_t second = next_event(device, &device->timers[1]);
	bool is_high = is_raised(&device->timers[0]) || is_raised(&device->timers[1]);

	vgic_set_line(vcpu, device->intid, device->ITCR ? device->ITOP != 0 : is_high);
	vtimer_set_device(vcpu, first < second ? first : second);
}

void vsp804_reset(UNUSED struct vm *vm, void *of)
{
	struct vsp804 *device = of;

	for (uint32_t i = 0; i < ARRAY_SIZE(device->timers); i++)
		device->timers[i] = (struct vsp804_timer){
			.Control = CONTROL_RESET,
			.value = UINT32_MAX,
		};
	device->ITCR = device->ITOP = 0;
}

void vsp804_poll(UNUSED struct vm *vm, void *of)
{
	struct vsp804 *device = of;

	look_at_both(device, vtimer_count(device->vm->config->vcpus));
	update(device);
}

static uint32_t read_timer(const struct vsp804_timer *timer, uint32_t n)
{
	const uint32_t values[WORDS] = {
		[TimerLoad] = timer->Load,       [TimerValue] = timer->value & width_mask(timer),
		[TimerControl] = timer->Control, [TimerRIS] = timer->RIS,
		[TimerMIS] = is_raised(timer),   [TimerBGLoad] = timer->Load,
	};

	return values[n];
}

/* Of those that are not read-only. A Load of zero is reached at once (3.2.1). */
static void write_timer(const struct vsp804 *device, struct vsp804_timer *timer, uint32_t n,
			uint32_t value, uint64_t count)
{
	if (n == TimerLoad || n == TimerBGLoad)
		timer->Load = value;
	if (n == TimerLoad)
		timer->value = value;
	if (n == TimerLoad && !(value & width_mask(timer)) && timer->Control & CONTROL_ENABLE)
		timer->RIS = 1;
	if (n == TimerIntClr)
		timer->RIS = 0;
	if (n != TimerControl)
		return;
	timer->Control = value & CONTROL_MASK;
	timer->tick = ticks_from_count(device, count) >> prescale_shift(timer);
}

static uint32_t read_register(const struct vsp804 *device, uint32_t n)
{
	if (n < 2 * WORDS)
		return read_timer(&device->timers[n / WORDS], n % WORDS);
	if (n == TimerITCR)
		return device->ITCR;
	return n < TimerPeriphID0 ? 0 : identification[n - TimerPeriphID0];
}

static void write_register(struct vsp804 *device, uint32_t n, uint32_t value, uint64_t count)
{
	if (n < 2 * WORDS)
		write_timer(device, &device->timers[n / WORDS], n % WORDS, value, count);
	else if (n == TimerITCR)
		device->ITCR = value & 1;
	else if (n == TimerITOP)
		device->ITOP = value & 3;
}

/* Registers are words. A narrower read sees its part of one; a narrower write is one of
 * the lower part, or nothing. */
enum exit_result vsp804_access(struct vcpu *vcpu, void *of, struct mmio *mmio)
{
	struct vsp804 *device = of;
	uint64_t count = vtimer_count(vcpu);
	uint32_t lane = mmio->offset & 3;

	look_at_both(device, count);
	if (!mmio->is_write)
		mmio->value = read_register(device, mmio->offset / 4) >> 8 * lane;
	else if (lane == 0)
		write_register(device, mmio->offset / 4, mmio->value, count);
	if (vcpu->index == 0)
		update(device);
	else
		request_vcpu(device->vm->config->vcpus, VCPU_REQUEST_POLL);
	return EXIT_DONE;
}
