// SPDX-License-Identifier: BSD-2-Clause
/*
 * The only place with VFP and Advanced SIMD instructions: exchanges the registers, for
 * world_take_vfp(), and scrubs memory with some of them, for the VM loader. FPINST and
 * FPINST2 don't exist on Cortex-A15 and A7 (no asynchronous VFP exceptions, B1.11.4).
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

/* In: r0 = start, r1 = bytes. Clobbers r0-r3, r12. Stack: 64 bytes. A line is stored by
 * one instruction, of registers that are their owner's again afterwards. Downwards, so
 * that r0 names the line that was just written; it is cleaned at once (DCCMVAC). */
	.section .text.memory_scrub, "ax", %progbits
	routine memory_scrub
	mrc	p15, 4, r3, c1, c1, 2	@ HCPTR
	bic	r2, r3, #0xc00		@ TCP10, TCP11
	mcr	p15, 4, r2, c1, c1, 2
	isb				@ open before it is used
	vmrs	r12, fpexc
	orr	r2, r12, #FPEXC_EN
	vmsr	fpexc, r2
	isb				@ and enabled
	vpush	{d0-d7}
	mov	r2, #0
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	vmov	d\n, r2, r2
	.endr
	add	r0, r0, r1
1:	.rept	32			@ lines of 64 bytes
	vstmdb	r0!, {d0-d7}
	mcr	p15, 0, r0, c7, c10, 1
	.endr
	subs	r1, r1, #2048
	bne	1b
	vpop	{d0-d7}
	vmsr	fpexc, r12
	mcr	p15, 4, r3, c1, c1, 2
	dsb				@ complete before the reader is let go
	bx	lr
