// SPDX-License-Identifier: BSD-2-Clause
/*
 * The PL031 that a guest sees (PrimeCell Real Time Clock, DDI 0224): wall-clock
 * time, whatever the VM's own time does, and an alarm. One per VM; each can be set
 * without moving another, and goes on while its VM restarts.
 */
#pragma once

#include "config/system.h"
#include "kernel/mmio.h"

/* Its registers, and the board's, by word (DDI 0224, table 3-1). */
enum { RTCDR, RTCMR, RTCLR, RTCCR, RTCIMSC, RTCRIS, RTCMIS, RTCICR, RTCPeriphID0 = 0xfe0 / 4 };

struct vpl031 {
	struct vm *vm;
	uint32_t intid;
	uint32_t offset;                /* this clock - the board's, modulo 2^32 */
	uint32_t seen;                  /* matches up to this second of the board's were seen */
	uint32_t registers[RTCICR + 1]; /* by word; those that keep something */
};

/* Once at boot: takes the board's clock and its interrupt. */
void vpl031_init(void);

enum exit_result vpl031_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
void vpl031_reset(struct vm *vm, void *device);
void vpl031_poll(struct vm *vm, void *device);

/* The board's alarm: somebody's match. */
void vpl031_irq(struct core *core, uint32_t intid);
