// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpl031.h. A guest's clock is the board's plus an offset, its alarm is the
 * board's when it is the next of all. The board's alarm only tells when to look:
 * what has matched since the last look is found by arithmetic, so that none is
 * missed or seen twice, however late we are.
 */
#include "kernel/vdev/vpl031.h"

#include "arch/rtc.h"
#include "kernel/vm.h"

/* Nothing to come: the board's alarm is set this far ahead. A board's clock that
 * goes on by more was set back. */
#define HORIZON_SECONDS 0x7fffffffu

/* RTCPeriphID0 to 3, RTCPCellID0 to 3. */
static const uint8_t identification[8] = { 0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

/* Raise what has matched since the last look; returns how many seconds after the
 * next one the next match comes. */
static uint32_t look_at(struct vpl031 *rtc, uint32_t now)
{
	uint32_t match = rtc->MR - rtc->offset;
	uint32_t elapsed = now - rtc->seen;

	if (match - rtc->seen - 1 < elapsed && elapsed <= HORIZON_SECONDS)
		rtc->RIS = RTC_INT_MATCH;
	rtc->seen = now;
	vgic_set_line(&rtc->vm->config->vcpus[0], rtc->intid, (rtc->RIS & rtc->IMSC) != 0);
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

	rtc->MR = rtc->LR = rtc->IMSC = rtc->RIS = 0;
}

void vpl031_poll(UNUSED struct vm *vm, void *device)
{
	look_at(device, RTC[RTCDR]);
}

static uint32_t read_register(const struct vpl031 *rtc, uint32_t n)
{
	const uint32_t values[] = {
		[RTCDR] = rtc->seen + rtc->offset,
		[RTCMR] = rtc->MR,
		[RTCLR] = rtc->LR,
		[RTCCR] = RTC_CR_STARTED, /* for good: the board's clock never stops */
		[RTCIMSC] = rtc->IMSC,
		[RTCRIS] = rtc->RIS,
		[RTCMIS] = rtc->RIS & rtc->IMSC,
		[RTCICR] = 0,
	};

	if (n >= RTCPeriphID0)
		return identification[n - RTCPeriphID0];
	return n < ARRAY_SIZE(values) ? values[n] : 0;
}

/* A clock or match that is set anew may match in this very second; the past is
 * over. */
static void write_register(struct vpl031 *rtc, uint32_t n, uint32_t value)
{
	switch (n) {
	case RTCMR:
		rtc->MR = value;
		rtc->seen--;
		break;
	case RTCLR:
		rtc->LR = value;
		rtc->offset = value - rtc->seen;
		rtc->seen--;
		break;
	case RTCIMSC:
		rtc->IMSC = value & RTC_INT_MATCH;
		break;
	case RTCICR:
		rtc->RIS &= ~value;
		break;
	default:
		break; /* read-only, or nothing there */
	}
}

/* Registers are words. A narrower read sees the bytes that it names, a narrower
 * write leaves the others as they read: each store has its effect at once. */
enum exit_result vpl031_access(UNUSED struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	uint32_t n = mmio->offset / 4;
	uint32_t shift = mmio->offset % 4 * 8;
	uint32_t mask = UINT32_MAX >> (32 - 8 * mmio->bytes) << shift;
	uint32_t value;

	look_at(device, RTC[RTCDR]);
	value = read_register(device, n);
	mmio->value = mmio->is_write ? (value & ~mask) | mmio->value << shift : value >> shift;
	if (!mmio->is_write)
		return EXIT_DONE;
	write_register(device, n, mmio->value);
	look_at(device, RTC[RTCDR]);
	gic_set_pending(BOARD_RTC_IRQ); /* core 0 is to look at all, and arm */
	return EXIT_DONE;
}
