// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where a bare-metal guest begins: in SVC mode, MMU off, r2 = device tree (or 0).
 * Sets up the stack, .bss, the exception vectors and VFP, then calls
 * guest_start(device_tree) in runtime.c. On CPU 0; others enter in smp.S.
 */
	.syntax unified
	.fpu neon-vfpv4

	.section .text.entry, "ax"
	.global guest_entry
guest_entry:
	cpsid	aif
	mov	r4, r2
	ldr	sp, =guest_stack_top

	ldr	r0, =guest_bss_start
	ldr	r1, =guest_bss_end
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b

	bl	guest_set_up_cpu
	mov	r0, r4
	bl	guest_start
	b	.				// guest_start does not return

/* What each CPU does first (smp.S, too): vectors and VFP. Uses r0, and no stack. */
	.global guest_set_up_cpu
guest_set_up_cpu:
	ldr	r0, =exception_vectors
	mcr	p15, 0, r0, c12, c0, 0		// VBAR
	mrc	p15, 0, r0, c1, c0, 2		// CPACR: cp10 and cp11, full access
	orr	r0, r0, #0xf00000
	mcr	p15, 0, r0, c1, c0, 2
	isb
	mov	r0, #0x40000000			// FPEXC.EN
	vmsr	fpexc, r0
	bx	lr

/*
 * The vectors. Every exception ends up in SVC mode on the SVC stack with a
 * struct exception_frame (exception.h) in place, whose address is passed on:
 * exception_dispatch(number, frame). The frame's pc and cpsr may be changed
 * there; the return goes by them. `adjust` makes pc the preferred return address
 * (ARM ARM DDI 0406C, B1.8.3); Thumb's undefined instructions are put right in C.
 */
	.macro	vector number, adjust
	.if	\adjust
	sub	lr, lr, #\adjust
	.endif
	srsdb	sp!, #0x13
	cps	#0x13
	push	{r0-r12, lr}
	mov	r0, #\number
	b	exception_enter
	.endm

	.text
	.balign 32
	.global exception_vectors
exception_vectors:
	b	.				// reset: not through here
	b	undefined
	b	supervisor_call
	b	prefetch_abort
	b	data_abort
	b	.				// hyp mode's, if we were one
	b	irq
	b	fiq

undefined:
	vector	1, 4
supervisor_call:
	vector	2, 0
prefetch_abort:
	vector	3, 4
data_abort:
	vector	4, 8
irq:
	vector	6, 4
fiq:
	vector	7, 4

exception_enter:
	mov	r1, sp
	mov	r4, sp
	bic	sp, sp, #7			// the AAPCS wants 8-byte alignment
	bl	exception_dispatch
	mov	sp, r4
	clrex
	pop	{r0-r12, lr}
	rfeia	sp!
