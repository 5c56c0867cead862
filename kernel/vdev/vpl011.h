// SPDX-License-Identifier: BSD-2-Clause
/*
 * The PL011 that a guest sees (PrimeCell UART, DDI 0183): one per VM, its other
 * end is the shared console. Under the VM's lock; core 0 writes `input` without it.
 */
#pragma once

#include "kernel/mmio.h"
#include "kernel/ring.h"

#define VPL011_FIFO_DEPTH 32u   /* as revision r1p5 */
#define VPL011_REGISTERS  0x4cu /* bytes, up to UARTDMACR; the identification is apart */

struct vm;

struct vpl011 {
	struct vm *vm;
	uint32_t intid;
	uint32_t registers[VPL011_REGISTERS / 4]; /* by offset; those that keep something */
	struct ring input;                        /* written by core 0 */
	struct ring loop;                         /* what it sends to itself (CR.LBE) */
	bool is_line_high;
	bool is_above;  /* the transmit FIFO: its level */
	uint32_t seen;  /* how many characters waited when it looked at the flags ... */
	uint32_t looks; /* ... as many as the time before: so often, in vain */
};

mmio_reader vpl011_read;
mmio_writer vpl011_write;
void vpl011_reset(struct vm *vm, void *device);

/* Something was typed, or the console has made room. */
void vpl011_poll(struct vm *vm, void *device);
