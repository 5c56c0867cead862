// SPDX-License-Identifier: BSD-2-Clause
/*
 * The PL111 that a guest sees (PrimeCell Color LCD Controller, DDI 0293). Each VM has all
 * of its registers; the board's display shows the picture of one VM, to which it was
 * handed. Under the VM's lock.
 */
#pragma once

#include "config/system.h"
#include "kernel/mmio.h"

#define VPL111_REGISTERS 0xc18u /* bytes, up to ClcdCrsrClip; the identification is apart */

struct vpl111 {
	struct vm *vm;
	uint32_t intid;
	uint32_t registers[VPL111_REGISTERS / 4]; /* as the guest wrote them */
	bool is_shown;                            /* its picture is on the display */
	bool is_refused;                          /* a frame was: it has been said */
};

/* Once at boot: takes the board's controller, switched off, for the first VM that has
 * an emulated one. */
void vpl111_init(void);

/* Any access to the registers: EXIT_DONE. A frame that is not in the VM's RAM is not
 * shown: the display is black until the registers say another. */
enum exit_result vpl111_access(struct vcpu *vcpu, void *device, struct mmio *mmio);

/* As after power-on; if the display is the VM's, it is black. */
void vpl111_reset(struct vm *vm, void *device);

/* The board's display is this VM's from now on, with the VM's own picture; false, and
 * nothing changes, if the VM has none. On core 0, which holds no lock. */
bool vpl111_show(const struct vm_config *config);

/* The controller's interrupt, on core 0: the VM's that has the display. */
void vpl111_irq(struct core *core, uint32_t intid);
