// SPDX-License-Identifier: BSD-2-Clause
/*
 * The trap frame: what vectors.S stores when a guest stops and loads when it goes
 * on. While the guest runs, SP_hyp points at `pc`. r[] and lr_usr are the
 * User-mode bank: other modes' SP and LR, and FIQ's r8-r12, stay in their banks
 * (arch/regfile.h knows which is which).
 */
#pragma once

#include <stdint.h>

struct vcpu_frame {
	uint32_t r[13];
	uint32_t lr_usr;
	uint32_t pc;
	uint32_t cpsr;
};
