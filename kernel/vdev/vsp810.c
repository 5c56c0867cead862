// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vsp810.h. An emulated timer counts at one speed, so here the multiplexers stand
 * still: who asks is told that TIMCLK was chosen, and a choice is not taken. The system's
 * clocks, modes and sleep are the board's, and no VM's to change.
 */
#include "kernel/vdev/vsp810.h"

enum { SCCTRL, SCPeriphID0 = 0xfe0 / 4 };

/* TimerEn0Sel to TimerEn3Sel: TIMCLK, not REFCLK. */
#define SCCTRL_TIMCLK (1u << 15 | 1u << 17 | 1u << 19 | 1u << 21)

/* SCPeriphID0 to 3, SCPCellID0 to 3. */
static const uint8_t identification[8] = { 0x10, 0x18, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

enum exit_result vsp810_access(UNUSED struct vcpu *vcpu, UNUSED void *device, struct mmio *mmio)
{
	uint32_t n = mmio->offset / 4;
	uint32_t value = n == SCCTRL ? SCCTRL_TIMCLK : 0;

	if (n >= SCPeriphID0)
		value = identification[n - SCPeriphID0];
	mmio->value = value >> mmio->offset % 4 * 8;
	return EXIT_DONE;
}
