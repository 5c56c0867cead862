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
	nop				@ boot loaders may enter behind these
	.endr
	b	relocate
	.word	0x016f2818		@ zImage
	.word	0			@ start: anywhere
	.word	bench_image_bytes

places:
	.word	bench_entry - places
	.word	bench_relocations - places
	.word	bench_relocations_end - places

/* Adds where we are to each word that holds an address: we were linked at 0. */
relocate:
	cpsid	aif, #0x13
	adr	r3, places
	ldm	r3, {r4-r6}
	add	r4, r4, r3
	add	r5, r5, r3
	add	r6, r6, r3
1:	cmp	r5, r6
	bhs	2f
	ldm	r5!, {r0, r1}		@ where, and the kind
	cmp	r1, #23			@ R_ARM_RELATIVE; there are no others
	bne	.
	ldr	r1, [r4, r0]
	add	r1, r1, r4
	str	r1, [r4, r0]
	b	1b

2:	ldr	r5, =bench_bss
	ldr	r6, =bench_bss_end
	mov	r0, #0
3:	cmp	r5, r6
	strlo	r0, [r5], #4
	blo	3b
	ldr	sp, =bench_stack_top
	ldr	r0, =bench_vectors
	mcr	p15, 0, r0, c12, c0, 0	@ VBAR

	bl	enable_vfp
	mov	r0, r2
	bl	bench_main
	b	.

enable_vfp:
	mrc	p15, 0, r0, c1, c0, 2	@ CPACR: cp10 and cp11 for all
	orr	r0, r0, #0xf00000
	mcr	p15, 0, r0, c1, c0, 2
	isb
	mov	r0, #0x40000000		@ FPEXC.EN
	vmsr	fpexc, r0
	bx	lr

/* The second CPU, as PSCI starts it; the first has moved the addresses. */
	.global bench_second_entry
bench_second_entry:
	cpsid	aif, #0x13
	ldr	sp, =bench_second_stack + 2048
	ldr	r0, =bench_vectors
	mcr	p15, 0, r0, c12, c0, 0	@ VBAR
	bl	enable_vfp
	bl	bench_second
	b	.

/* A fault is counted, and its instruction stepped over; no register changes. */
	.macro	step_over, adjust
	.if	\adjust
	sub	lr, lr, #\adjust
	.endif
	srsdb	sp!, #0x13
	cps	#0x13
	push	{r0, r1}
	ldr	r0, =bench_faults
	ldr	r1, [r0]
	add	r1, r1, #1
	str	r1, [r0]
	pop	{r0, r1}
	rfeia	sp!
	.endm

	.text
	.balign	32
bench_vectors:
	b	.			@ reset
	b	undefined
	movs	pc, lr			@ SVC
	b	.			@ prefetch abort
	b	data_abort
	b	.			@ hyp mode's
	b	interrupt
	b	.			@ FIQ

undefined:
	step_over 0
data_abort:
	step_over 4

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
