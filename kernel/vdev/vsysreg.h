// SPDX-License-Identifier: BSD-2-Clause
/*
 * The system registers that a guest of a Versatile Express sees (V2M-P1 TRM, DUI 0447,
 * chapter 4): identification, counters in the VM's time, and the bus by which clocks are
 * asked for and power is switched. One per VM; under its lock.
 */
#pragma once

#include "kernel/mmio.h"

#define VSYSREG_BYTES 0xacu /* up to SYS_CFGSTAT */

struct vm;

struct vsysreg {
	struct vm *vm;
	uint32_t registers[VSYSREG_BYTES / 4]; /* by offset; those that keep something */
};

/* Any access to them: EXIT_DONE; what is not there reads zero and ignores writes. A
 * request to switch off or reboot stops the VM. */
enum exit_result vsysreg_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
/* As after power-on, but for SYS_NVFLAGS: what is not volatile outlasts a reset. */
void vsysreg_reset(struct vm *vm, void *device);
