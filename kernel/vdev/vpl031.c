// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpl031.h. A guest's clock is the board's plus an offset, its alarm is the
 * board's when it is the next of all. The board's alarm only tells when to look:
 * what has matched since the last look is found by arithmetic, so that none is
 * missed or seen twice, however late we are.
 */
#include "kernel/vdev/vpl031.h"

#include <string.h>

#include "kernel/vm.h"

/* The board's own. */
#define RTC ((volatile uint32_t *)BOARD_RTC)

#define RTC_INT_MATCH  1u
#define RTC_CR_STARTED 1u

/* Nothing to come: the board's alarm is set this far ahead. A board's clock that
 * goes on by more was set back. */
#define HORIZON_SECONDS 0x7fffffffu

/* Bits of those that are read as they were written. */
static const uint32_t writable[RTCICR + 1] = {
	[RTCMR] = UINT32_MAX, [RTCLR] = UINT32_MAX, [RTCIMSC] = RTC_INT_MATCH
};

/* RTCPeriphID0 to 3, RTCPCellID0 to 3. */
static const uint8_t identification[8] = { 0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static uint32_t read_register(const struct vpl031 *rtc, uint32_t n)
{
	if (n == RTCDR)
		return rtc->seen + rtc->offset;
	if (n == RTCMIS)
		return rtc->registers[RTCRIS] & rtc->registers[RTCIMSC];
	if (n < ARRAY_SIZE(rtc->registers))
		return rtc->registers[n];
	return n < RTCPeriphID0 ? 0 : identification[n - RTCPeriphID0];
}

/* Raise what has matched since the last look; returns how many seconds after the
 * next one the next match comes. */
static uint32_t look_at(struct vpl031 *rtc, uint32_t now)
{
	uint32_t match = rtc->registers[RTCMR] - rtc->offset;
	uint32_t elapsed = now - rtc->seen;

	if (match - rtc->seen - 1 < elapsed && elapsed <= HORIZON_SECONDS)
		rtc->registers[RTCRIS] = RTC_INT_MATCH;
	rtc->seen = now;
	vgic_set_line(&rtc->vm->config->vcpus[0], rtc->intid, read_register(rtc, RTCMIS) != 0);
	return match - (now + 1);
}

/* Bring all clocks up to date, and arm for what comes next. On core 0. */
static void look(void)
{
	uint32_t now = RTC[RTCDR];
	uint32_t nearest = HORIZON_SECONDS;

	for (uint32_t i = 0; i < config_vm_count; i++) {
		uint32_t seconds = nearest;

		lock_take(&vms[i].lock);
		if (config_vms[i].rtc)
			seconds = look_at(config_vms[i].rtc, now);
		lock_release(&vms[i].lock);
		if (seconds < nearest)
			nearest = seconds;
	}
	RTC[RTCMR] = now + 1 + nearest;
}

void vpl031_init(void)
{
	RTC[RTCCR] = RTC_CR_STARTED;
	RTC[RTCICR] = RTC_INT_MATCH;
	RTC[RTCIMSC] = RTC_INT_MATCH;
	gic_enable(BOARD_RTC_IRQ);
}

void vpl031_irq(UNUSED struct core *core, UNUSED uint32_t intid)
{
	RTC[RTCICR] = RTC_INT_MATCH;
	look();
}

/* A reset of the bus, not of what a battery keeps alive: the clock goes on. */
void vpl031_reset(UNUSED struct vm *vm, void *device)
{
	struct vpl031 *rtc = device;

	memset(rtc->registers, 0, sizeof(rtc->registers));
	rtc->registers[RTCCR] = RTC_CR_STARTED; /* for good: the board's clock never stops */
}

void vpl031_poll(UNUSED struct vm *vm, void *device)
{
	look_at(device, RTC[RTCDR]);
}

/* A clock or match that is set anew may match in this very second; the past is
 * over. */
static void write_register(struct vpl031 *rtc, uint32_t n, uint32_t value)
{
	if (n == RTCLR)
		rtc->offset = value - rtc->seen;
	if (n == RTCLR || n == RTCMR)
		rtc->seen--;
	if (n == RTCICR)
		rtc->registers[RTCRIS] &= ~value;
	else if (n < ARRAY_SIZE(rtc->registers) && writable[n])
		rtc->registers[n] = value & writable[n];
}

/* Registers are words. A narrower read sees the bytes that it names, a narrower
 * write leaves the others as they read: each store has its effect at once. */
enum exit_result vpl031_access(UNUSED struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	uint32_t n = mmio->offset / 4, value;

	look_at(device, RTC[RTCDR]);
	value = read_register(device, n);
	if (!mmio->is_write) {
		mmio->value = value >> mmio->offset % 4 * 8;
		return EXIT_DONE;
	}
	write_register(device, n, mmio_merge(mmio, value));
	look_at(device, RTC[RTCDR]);
	gic_set_pending(BOARD_RTC_IRQ); /* core 0 is to look at all, and arm */
	return EXIT_DONE;
}
