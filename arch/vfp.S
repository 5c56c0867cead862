// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exchanges the VFP and Advanced SIMD registers: the only place with such
 * instructions. Called by world_take_vfp() on the unit's core. FPINST and FPINST2
 * don't exist on Cortex-A15 and A7 (no asynchronous VFP exceptions, B1.11.4).
 */
#include "arch/assembly.h"
	.fpu neon-vfpv4

#define FPEXC_EN (1 << 30)

/* In: r0 = struct vfp_state * of who had the unit, or NULL; r1 = const struct
 * vfp_state * of who gets it. Clobbers r0-r3. No stack. */
	.section .text.vfp_exchange, "ax", %progbits
	routine vfp_exchange
	vmrs	r3, fpexc
	orr	r2, r3, #FPEXC_EN	@ the registers are only there when enabled
	vmsr	fpexc, r2
	isb				@ enabled before it is used
	cmp	r0, #0
	beq	1f
	vmrs	r2, fpscr
	vstmia	r0!, {d0-d15}
	vstmia	r0!, {d16-d31}
	strd	r2, r3, [r0]
1:	vldmia	r1!, {d0-d15}
	vldmia	r1!, {d16-d31}
	ldrd	r2, r3, [r1]
	vmsr	fpscr, r2
	vmsr	fpexc, r3
	bx	lr
