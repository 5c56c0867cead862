// SPDX-License-Identifier: BSD-2-Clause
/*
 * The PL011 that a guest sees (PrimeCell UART, DDI 0183): one per VM, its other
 * end is the shared console.
 */
#pragma once

#include "kernel/mmio.h"

#define VPL011_FIFO_DEPTH 32u /* as revision r1p5 */

struct vm;

struct vpl011 {
	struct vm *vm;
	uint32_t intid;
	uint32_t CR;
	uint32_t LCRH;
	uint32_t IBRD;
	uint32_t FBRD;
	uint32_t ILPR;
	uint32_t IFLS;
	uint32_t IMSC;
	uint32_t RIS;
	uint32_t DMACR;
	bool is_line_high;
	uint8_t rx[VPL011_FIFO_DEPTH];
	uint32_t rx_head; /* characters ever received */
	uint32_t rx_tail; /* characters ever read */
};

enum exit_result vpl011_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
void vpl011_reset(struct vm *vm, void *device);

void vpl011_poll(struct vm *vm, void *device);

/* Room in the receive FIFO, and a character into it; without room it is lost. */
uint32_t vpl011_room(const struct vpl011 *uart);
void vpl011_receive(struct vpl011 *uart, char c);

/* The console has sent some of what was written. */
void vpl011_sent(struct vpl011 *uart);
