// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where the bench guest begins, as any zImage (Linux, Documentation/arm/booting.rst):
 * in SVC mode, MMU off, r2 = device tree, at whatever address. It moves its own
 * addresses, makes a stack, and calls bench_main(tree). Also the exception vectors:
 * faults are counted and stepped over, interrupts go to bench_interrupt().
 */
	.syntax unified
	.arm
	.fpu neon-vfpv4

	.section .text.entry, "ax"
	.global bench_entry
bench_entry:
	.rept	8
	nop				@ old boot loaders enter behind these
	.endr
	b	relocate
	.word	0x016f2818		@ zImage
	.word	0			@ start: anywhere
	.word	bench_image_end - bench_entry

relocate:
	cpsid	aif, #0x13
	adr	r4, bench_entry		@ where we are; we were linked at 0
	ldr	r5, =bench_relocations - bench_entry
	ldr	r6, =bench_relocations_end - bench_entry
	add	r5, r5, r4
	add	r6, r6, r4
1:	cmp	r5, r6
	bhs	2f
	ldmia	r5!, {r0, r1}		@ offset, and the kind
	and	r1, r1, #0xff
	cmp	r1, #23			@ R_ARM_RELATIVE; there are no others
	bne	.
	ldr	r1, [r4, r0]
	add	r1, r1, r4
	str	r1, [r4, r0]
	b	1b

2:	ldr	r5, =bench_bss - bench_entry
	ldr	r6, =bench_bss_end - bench_entry
	add	r5, r5, r4
	add	r6, r6, r4
	mov	r0, #0
3:	cmp	r5, r6
	strlo	r0, [r5], #4
	blo	3b
	ldr	sp, =bench_stack_top - bench_entry
	add	sp, sp, r4
	adr	r0, bench_vectors
	mcr	p15, 0, r0, c12, c0, 0	@ VBAR

	mrc	p15, 0, r0, c1, c0, 2	@ CPACR: cp10 and cp11 to all
	orr	r0, r0, #0xf00000
	mcr	p15, 0, r0, c1, c0, 2
	isb
	mov	r0, r2
	bl	bench_main
	b	.

	.ltorg

/* A fault's instruction is stepped over; bench_faults tells that it came. r0 is
 * given back: the fault may come anywhere. */
	.macro	step_over adjust
	.if	\adjust
	sub	lr, lr, #\adjust
	.endif
	srsdb	sp!, #0x13
	cps	#0x13
	push	{r0, r1}
	ldr	r0, =bench_faults - bench_entry
	adr	r1, bench_entry_near
	sub	r1, r1, #(bench_entry_near - bench_entry)
	add	r0, r0, r1
	ldr	r1, [r0]
	add	r1, r1, #1
	str	r1, [r0]
	pop	{r0, r1}
	rfeia	sp!
	.endm

	.balign	32
bench_vectors:
	b	.
	b	undefined
	movs	pc, lr			@ SVC
	b	.			@ prefetch abort
	b	data_abort
	b	.
	b	interrupt
	b	.

undefined:
	step_over 0
data_abort:
	step_over 4
	.ltorg
bench_entry_near:

interrupt:
	sub	lr, lr, #4
	srsdb	sp!, #0x13
	cps	#0x13
	push	{r0-r4, ip, lr}
	mov	r4, sp
	bic	sp, sp, #7
	bl	bench_interrupt
	mov	sp, r4
	pop	{r0-r4, ip, lr}
	rfeia	sp!
