// SPDX-License-Identifier: BSD-2-Clause
/*
 * See probe.h. The way out of the probed state must work whatever that was: the
 * thread registers are the only places that need neither memory nor endianness.
 */
	.syntax unified

/* Offsets in struct probe. */
#define START_R     0
#define START_PC    52
#define START_CPSR  56
#define START_SP    60
#define START_LR    64
#define START_R8_USR 68
#define RESULT_R    88
#define RESULT_R8   (RESULT_R + 32)
#define RESULT_VECTOR 148
#define RESULT_R8_USR 180

#define MODE_FIQ  0x11
#define MODE_SVC  0x13
#define MODE_USR  0x10
#define MODE_SYS  0x1f
#define MASKED    0x1c0
#define CPSR_T    0x20

	.bss
	.balign	4
probe_now:
	.space	4
probe_stack:
	.space	4
probe_caller_vbar:
	.space	4
probe_entry:				// r0 to r7, PC
	.space	36

	.data
	.balign	4
	.global probe_vbar
probe_vbar:
	.word	probe_vectors

	.text
	.arm
	.global probe_run
	.type probe_run, %function
probe_run:
	push	{r4-r11, lr}
	ldr	r1, =probe_now
	str	r0, [r1]
	ldr	r1, =probe_stack
	str	sp, [r1]
	mrc	p15, 0, r2, c12, c0, 0		// VBAR
	ldr	r1, =probe_caller_vbar
	str	r2, [r1]
	ldr	r2, =probe_vbar
	ldr	r2, [r2]
	mcr	p15, 0, r2, c12, c0, 0
	mov	r2, #0
	mcr	p15, 0, r2, c5, c0, 0		// DFSR
	mcr	p15, 0, r2, c5, c0, 1		// IFSR
	mcr	p15, 0, r2, c6, c0, 0		// DFAR
	mcr	p15, 0, r2, c6, c0, 2		// IFAR
	isb

	// The mode's own registers first; User mode's are System mode's.
	ldr	r1, [r0, #START_CPSR]
	and	r2, r1, #0x1f
	cmp	r2, #MODE_USR
	moveq	r2, #MODE_SYS
	orr	r3, r2, #MASKED
	msr	cpsr_c, r3
	add	r3, r0, #32
	ldm	r3, {r8-r12}
	ldr	sp, [r0, #START_SP]
	ldr	lr, [r0, #START_LR]
	cmp	r2, #MODE_SVC
	beq	1f
	cps	#MODE_SVC
1:	msr	spsr_cxsf, r1

	// Of FIQ mode's r8 to r12 there are two: these are User mode's.
	ldr	r3, =probe_entry
	ldm	r0, {r4-r11}
	stm	r3, {r4-r11}
	ldr	r4, [r0, #START_PC]
	str	r4, [r3, #32]
	cmp	r2, #MODE_FIQ
	addeq	r0, r0, #START_R8_USR
	addne	r0, r0, #32
	ldm	r0, {r8-r12}
	mov	r0, r3
	ldm	r0, {r0-r7, pc}^

/* An exception: n is its vector; CPSR.T can't be read, so state tells it. r0, CPSR and r1 go to TPIDRPRW, TPIDRURO, TPIDRURW. */
	.macro	capture n, state=0
	mcr	p15, 0, r0, c13, c0, 4
	mrs	r0, cpsr
	mcr	p15, 0, r0, c13, c0, 3
	setend	le
	mcr	p15, 0, r1, c13, c0, 2
	mov	r1, #\n + \state
	ldr	r0, =probe_captured
	bx	r0
	.endm

	// Each block can be run from anywhere: what it loads it loads little-endian.
	.balign	64
	.global probe_vectors
probe_vectors:
	.irp	n, 1, 1, 2, 3, 4, 5, 6, 7
	b	capture_\n
	.endr
	.irp	n, 1, 2, 3, 4, 5, 6, 7
capture_\n:
	capture	\n
	.endr
	.ltorg
	.global probe_vectors_end
probe_vectors_end:

	.thumb
	.balign	64
	.global probe_vectors_thumb
probe_vectors_thumb:
	// Entered with something left in ITSTATE, the branch may not be taken.
	.irp	n, 1, 1, 2, 3, 4, 5, 6, 7
	nop.n
	b.n	capture_thumb_\n
	.endr
	.irp	n, 1, 2, 3, 4, 5, 6, 7
capture_thumb_\n:
	capture	\n, CPSR_T
	.endr
	.ltorg

	.arm
	.balign	4
probe_captured:
	ldr	r0, =probe_now
	ldr	r0, [r0]
	add	r0, r0, #RESULT_R + 8
	stm	r0, {r2-r12}
	sub	r0, r0, #8
	mrc	p15, 0, r2, c13, c0, 4
	str	r2, [r0]
	mrc	p15, 0, r2, c13, c0, 2
	str	r2, [r0, #4]
	mrc	p15, 0, r2, c13, c0, 3		// CPSR on entry
	and	r3, r1, #CPSR_T
	orr	r2, r2, r3
	bic	r1, r1, #CPSR_T
	mrs	r3, spsr
	mov	r4, lr
	mrc	p15, 0, r5, c5, c0, 0
	mrc	p15, 0, r6, c6, c0, 0
	mrc	p15, 0, r7, c5, c0, 1
	mrc	p15, 0, r8, c6, c0, 2
	add	r9, r0, #(RESULT_VECTOR - RESULT_R)
	stm	r9, {r1-r8}
	add	r1, r0, #RESULT_R8_USR - RESULT_R
	add	r2, r0, #RESULT_R8 - RESULT_R
	ldm	r2, {r8-r12}
	stm	r1, {r8-r12}
	// The interrupted mode's own registers.
	and	r1, r3, #0x1f
	cmp	r1, #MODE_USR
	moveq	r1, #MODE_SYS
	cmp	r1, #MODE_FIQ
	orr	r1, r1, #MASKED
	ldmne	r2, {r8-r12}
	msr	cpsr_c, r1
	stm	r2, {r8-r14}

	cps	#MODE_SVC
	ldr	r1, =probe_stack
	ldr	sp, [r1]
	ldr	r1, =probe_caller_vbar
	ldr	r1, [r1]
	mcr	p15, 0, r1, c12, c0, 0
	isb
	pop	{r4-r11, pc}
