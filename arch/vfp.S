// SPDX-License-Identifier: BSD-2-Clause
/*
 * Save and restore the VFP and Advanced SIMD registers: the only place with such
 * instructions. Called by world_take_vfp() on the unit's core. FPINST and FPINST2
 * don't exist on Cortex-A15 and A7 (no asynchronous VFP exceptions, B1.11.4).
 */
#include "generated/offsets.h"

	.syntax unified
	.fpu neon-vfpv4
	.arm

#define FPEXC_EN (1 << 30)

/* In: r0 = struct vfp_state *. Clobbers r1-r3. No stack. */
	.section .text.vfp_save, "ax", %progbits
	.global vfp_save
	.type vfp_save, %function
vfp_save:
	vmrs	r1, fpexc
	orr	r2, r1, #FPEXC_EN	@ the registers are only there when enabled
	vmsr	fpexc, r2
	isb				@ enabled before it is used
	vmrs	r3, fpscr
	vstmia	r0!, {d0-d15}
	vstmia	r0!, {d16-d31}
	str	r3, [r0]
	str	r1, [r0, #(VFP_FPEXC - VFP_FPSCR)]
	bx	lr
	.size vfp_save, . - vfp_save

/* In: r0 = const struct vfp_state *. Clobbers r1-r3. No stack. */
	.section .text.vfp_restore, "ax", %progbits
	.global vfp_restore
	.type vfp_restore, %function
vfp_restore:
	mov	r2, #FPEXC_EN
	vmsr	fpexc, r2
	isb				@ enabled before it is used
	vldmia	r0!, {d0-d15}
	vldmia	r0!, {d16-d31}
	ldr	r3, [r0]
	ldr	r1, [r0, #(VFP_FPEXC - VFP_FPSCR)]
	vmsr	fpscr, r3
	vmsr	fpexc, r1
	bx	lr
	.size vfp_restore, . - vfp_restore
