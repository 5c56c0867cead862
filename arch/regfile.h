// SPDX-License-Identifier: BSD-2-Clause
/*
 * The general registers as the current guest's mode sees them: in the trap frame
 * or in a bank (ARM ARM DDI 0406C, B1.3.2). For the loaded vCPU only.
 */
#pragma once

#include "kernel/types.h"

/* The trap frame: what vectors.S stores when a guest stops and loads when it goes
 * on. While the guest runs, SP_hyp points at `pc`. r[] and lr_usr are the User-mode
 * bank: other modes' SP and LR, and FIQ's r8-r12, stay in their banks. */
struct vcpu_frame {
	uint32_t r[13];
	uint32_t lr_usr;
	uint32_t pc;
	uint32_t cpsr;
};

/* Registers 8 and up: in the frame or in a bank, by the mode in frame->cpsr. Where
 * a guest can bring 15, the PC, it reads zero and writes nowhere: behind r[] the
 * frame keeps what decides in which mode the guest goes on. */
uint32_t regfile_read_high(const struct vcpu_frame *frame, uint32_t n);
void regfile_write_high(struct vcpu_frame *frame, uint32_t n, uint32_t value);

/* n: 0 .. 15. */
ON_FAST_PATH uint32_t regfile_read(const struct vcpu_frame *frame, uint32_t n)
{
	return n < 8 ? frame->r[n] : regfile_read_high(frame, n);
}

ON_FAST_PATH void regfile_write(struct vcpu_frame *frame, uint32_t n, uint32_t value)
{
	if (n < 8)
		frame->r[n] = value;
	else
		regfile_write_high(frame, n, value);
}
