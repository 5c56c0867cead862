// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vsysreg.h. What the board's switches, lamps and microcontrollers would do has
 * nothing behind it: registers keep what is written, clocks have the frequencies that
 * the board starts with, and every other request on the configuration bus ends in an
 * error, as it does where a board lacks what was asked for.
 */
#include "kernel/vdev/vsysreg.h"

#include "kernel/vm.h"

/* Registers, by offset (V2M-P1 TRM, DUI 0447, chapter 4). */
enum { SYS_ID = 0x00, SYS_LED = 0x08, SYS_100HZ = 0x24, SYS_24MHZ = 0x5c };
enum { SYS_FLASH = 0x4c, SYS_CFGSW = 0x58, SYS_PROCID0 = 0x84, SYS_PROCID1 = 0x88 };
/* A write to the first of two sets bits, to the second it clears them. */
enum { SYS_FLAGS = 0x30, SYS_FLAGSCLR = 0x34, SYS_NVFLAGS = 0x38, SYS_NVFLAGSCLR = 0x3c };
/* Is a card in the slot, and write-protected? The configuration bus. */
enum { SYS_MCI = 0x48, SYS_CFGDATA = 0xa0, SYS_CFGCTRL = 0xa4, SYS_CFGSTAT = 0xa8 };

#define REGISTER(sysreg, offset) ((sysreg)->registers[(offset) / 4])

#define ID_V2M_P1      0x1190f500u
#define PROCID0_CA15   0x14000237u /* a V2P-CA15, HBI-0237 */
#define PROCID1_ABSENT 0xff000000u

/* Bits of those that are read as they were written. */
static const uint32_t writable[VSYSREG_BYTES / 4] = {
	[SYS_LED / 4] = 0xff,           [SYS_FLASH / 4] = 1,
	[SYS_CFGSW / 4] = UINT32_MAX,   [SYS_CFGDATA / 4] = UINT32_MAX,
	[SYS_CFGCTRL / 4] = 0x7fffffff, [SYS_CFGSTAT / 4] = 3,
};

/* SYS_CFGCTRL: start [31], write [30], function [25:20], site [17:16], device [11:0]. */
#define CFG_START    (1u << 31)
#define CFG_MASK     0x7ff30fffu
#define CFG_OSC      0x00100000u
#define CFG_DAUGHTER 0x00010000u
#define CFG_RESET    0x40500000u
#define CFG_SHUTDOWN 0x40800000u
#define CFG_REBOOT   0x40900000u

#define CFGSTAT_COMPLETE 1u
#define CFGSTAT_ERROR    2u

/* Hz: the motherboard's, and the V2P-CA15's (DUI 0604, 2.4: as they are at power-on). */
static const uint32_t board_clocks[] = { 50000000, 23750000, 24000000 };
static const uint32_t daughter_clocks[] = { 60000000, 0,        0,        0,       40000000,
					    23750000, 50000000, 60000000, 40000000 };

/* A counter of so many Hz, low word: the VM's counter times a fraction of 32 bits. */
#define COUNTER_FRACTION(hz) ((uint32_t)(((uint64_t)(hz) << 32) / BOARD_COUNTER_HZ))

static uint32_t count(const struct vcpu *vcpu, uint32_t fraction)
{
	uint64_t now = vtimer_count(vcpu);

	return (uint32_t)(now >> 32) * fraction + (uint32_t)((now & UINT32_MAX) * fraction >> 32);
}

/* The VM's lock is the caller's, and vm_stop() takes it, too. */
static void stop(struct vm *vm, enum vm_next next)
{
	lock_release(&vm->lock);
	vm_stop(vm, next);
	lock_take(&vm->lock);
}

/* A request on the configuration bus; returns SYS_CFGSTAT. */
static uint32_t configure(struct vsysreg *sysreg, uint32_t request)
{
	uint32_t device = request & 0xfff;

	request &= CFG_MASK;
	if (request == (CFG_OSC | device) && device < ARRAY_SIZE(board_clocks)) {
		REGISTER(sysreg, SYS_CFGDATA) = board_clocks[device];
	} else if (request == (CFG_OSC | CFG_DAUGHTER | device) &&
		   device < ARRAY_SIZE(daughter_clocks)) {
		REGISTER(sysreg, SYS_CFGDATA) = daughter_clocks[device];
	} else if (request == CFG_SHUTDOWN) {
		stop(sysreg->vm, VM_NEXT_OFF);
	} else if (request == CFG_REBOOT || request == CFG_RESET) {
		stop(sysreg->vm, VM_NEXT_LOAD);
	} else {
		return CFGSTAT_COMPLETE | CFGSTAT_ERROR;
	}
	return CFGSTAT_COMPLETE;
}

/* What is not volatile outlasts it. */
void vsysreg_reset(struct vm *vm, void *device)
{
	struct vsysreg *sysreg = device;

	*sysreg = (struct vsysreg){ .vm = vm,
				    .registers[SYS_NVFLAGS / 4] = REGISTER(sysreg, SYS_NVFLAGS) };
	REGISTER(sysreg, SYS_ID) = ID_V2M_P1;
	REGISTER(sysreg, SYS_PROCID0) = PROCID0_CA15;
	REGISTER(sysreg, SYS_PROCID1) = PROCID1_ABSENT;
}

static uint32_t read_register(struct vcpu *vcpu, struct vsysreg *sysreg, uint32_t offset)
{
	if (offset == SYS_100HZ)
		return count(vcpu, COUNTER_FRACTION(100));
	if (offset == SYS_24MHZ)
		return count(vcpu, COUNTER_FRACTION(24000000));
	if (offset == SYS_MCI && BOARD_SYSREG)
		return *(volatile uint32_t *)(BOARD_SYSREG + SYS_MCI); /* the slot is real */
	return offset < VSYSREG_BYTES ? REGISTER(sysreg, offset) : 0;
}

static void write_register(struct vsysreg *sysreg, uint32_t offset, uint32_t value)
{
	if (offset == SYS_FLAGS || offset == SYS_NVFLAGS)
		REGISTER(sysreg, offset) |= value;
	else if (offset == SYS_FLAGSCLR || offset == SYS_NVFLAGSCLR)
		REGISTER(sysreg, offset - 4) &= ~value;
	else if (offset < VSYSREG_BYTES && writable[offset / 4])
		REGISTER(sysreg, offset) = value & writable[offset / 4];
	if (offset == SYS_CFGCTRL && value & CFG_START)
		REGISTER(sysreg, SYS_CFGSTAT) = configure(sysreg, value);
}

/* Registers are words. A narrower read sees its part of one; a narrower write is one of
 * the lower part, or nothing. */
enum exit_result vsysreg_access(struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	uint32_t lane = mmio->offset & 3;

	if (!mmio->is_write)
		mmio->value = read_register(vcpu, device, mmio->offset - lane) >> 8 * lane;
	else if (lane == 0)
		write_register(device, mmio->offset, mmio->value);
	return EXIT_DONE;
}
