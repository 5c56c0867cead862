// SPDX-License-Identifier: BSD-2-Clause
/*
 * Gives every register that a world switch must keep a value of this VM's own, so
 * that no shortcut for equal values helps. SVC mode, interrupts masked, MMU off.
 * VFP and PMU are left alone: they are switched lazily.
 *
 * Between fill and return only r0-r3 and ip are used up.
 */
	.syntax unified
	.arm

#define MODE_FIQ 0x11
#define MODE_IRQ 0x12
#define MODE_SVC 0x13
#define MODE_ABT 0x17
#define MODE_UND 0x1b
#define MODE_SYS 0x1f

/* The next value: r0 = state, and the value. */
	.macro	next
	add	r0, r0, r1
	.endm

	.macro	fill_mode mode
	cps	#\mode
	next
	mov	sp, r0
	next
	mov	lr, r0
	next
	bic	r2, r0, #0x3f		@ masks as they come, A32, User mode
	orr	r2, r2, #0x10
	msr	spsr_cxsf, r2
	.endm

	.macro	fill_cp15 op1, crn, crm, op2
	next
	mcr	p15, \op1, r0, \crn, \crm, \op2
	.endm

/* In: r0 = seed. Clobbers r0-r2, and all banked registers but SVC's. */
	.text
fill:
	movw	r1, #0x79b9		@ an odd step
	movt	r1, #0x9e37
	mul	r0, r0, r1

	fill_mode MODE_ABT
	fill_mode MODE_UND
	fill_mode MODE_IRQ
	fill_mode MODE_FIQ
	mov	r8, r0
	next
	mov	r9, r0
	next
	mov	r10, r0
	next
	mov	r11, r0
	next
	mov	r12, r0
	cps	#MODE_SYS
	next
	mov	sp, r0
	cps	#MODE_SVC
	next
	bic	r2, r0, #0x3f
	orr	r2, r2, #0x10
	msr	spsr_cxsf, r2

	fill_cp15 0, c2, c0, 0		@ TTBR0
	fill_cp15 0, c2, c0, 1		@ TTBR1
	fill_cp15 0, c3, c0, 0		@ DACR
	fill_cp15 0, c5, c0, 0		@ DFSR
	fill_cp15 0, c5, c0, 1		@ IFSR
	fill_cp15 0, c5, c1, 0		@ ADFSR
	fill_cp15 0, c5, c1, 1		@ AIFSR
	fill_cp15 0, c6, c0, 0		@ DFAR
	fill_cp15 0, c6, c0, 2		@ IFAR
	fill_cp15 0, c7, c4, 0		@ PAR
	fill_cp15 0, c10, c2, 0		@ PRRR
	fill_cp15 0, c10, c2, 1		@ NMRR
	fill_cp15 0, c10, c3, 0		@ AMAIR0
	fill_cp15 0, c10, c3, 1		@ AMAIR1
	fill_cp15 0, c13, c0, 1		@ CONTEXTIDR
	fill_cp15 0, c13, c0, 2		@ TPIDRURW
	fill_cp15 0, c13, c0, 3		@ TPIDRURO
	fill_cp15 0, c13, c0, 4		@ TPIDRPRW
	next
	mcr	p14, 6, r0, c1, c0, 0	@ TEEHBR

	@ Those that not every value suits: a few bits of the seed.
	and	r2, r0, #7
	mcr	p15, 0, r2, c2, c0, 2	@ TTBCR.N
	and	r2, r0, #3
	mcr	p15, 2, r2, c0, c0, 0	@ CSSELR
	and	r2, r0, #0x300
	mcr	p15, 0, r2, c14, c1, 0	@ CNTKCTL: PL0's access to the timers
	mrc	p15, 0, r2, c1, c0, 0
	bfi	r2, r0, #28, #2		@ SCTLR.TRE, AFE
	mcr	p15, 0, r2, c1, c0, 0
	mrc	p15, 0, r2, c1, c0, 2
	bfi	r2, r0, #31, #1		@ CPACR.ASEDIS
	mcr	p15, 0, r2, c1, c0, 2
	and	r2, r0, #1
	mcr	p14, 6, r2, c0, c0, 0	@ TEECR.XED
	mrc	p15, 0, r2, c14, c3, 0	@ a timer that runs, and will not fire here
	orr	r2, r0, #0x40000000
	bic	r2, r2, #0x80000000
	mcr	p15, 0, r2, c14, c3, 0	@ CNTV_TVAL
	mov	r2, #1
	mcr	p15, 0, r2, c14, c3, 1	@ CNTV_CTL
	isb
	bx	lr

	.global fill_and_return
fill_and_return:
	push	{r4, lr}
	bl	fill
	pop	{r4, pc}

	.global fill_and_run
fill_and_run:
	mov	r4, r1
	bl	fill
	next
	mcr	p15, 0, r0, c12, c0, 0	@ VBAR: no exception will come
	isb
	mov	sp, r0
1:	subs	r4, r4, #1
	bne	1b
	.inst	0xe320f080 + 0x40	@ MARK_END
	.inst	0xe320f080 + 0x42	@ MARK_FINISH
	b	.
