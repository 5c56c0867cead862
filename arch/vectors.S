// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hyp vectors, and the way in from a guest (ARM ARM DDI 0406C, B1.8.1
 * and B1.8.5).
 *
 * While a guest runs, SP_hyp points at `pc` of its vCPU's trap frame, which is
 * 8-byte aligned. Two tables: the plain one, and one for the Cortex-A15, where a
 * guest could have trained the branch predictor against us: its first branch
 * must come after ICIALLU, which with ACTLR[0] set also empties the predictor.
 * So each slot adds one to SP and falls through to the next; the sum tells,
 * behind the flush, which slot it was.
 */
#include "arch/assembly.h"
#include "generated/offsets.h"
#include "arch/psr.h"


	.section .text.vectors, "ax", %progbits

	.balign	32
	routine vectors_plain
	b	fatal			@ 0x00 reset
	b	fatal			@ 0x04 undefined instruction of ours
	b	fatal			@ 0x08 SVC or HVC of ours
	b	fatal			@ 0x0c prefetch abort of ours
	b	data_abort		@ 0x10 ours, or asynchronous from a guest
	b	trap			@ 0x14 trap from a guest
	b	irq			@ 0x18
	b	fatal			@ 0x1c FIQ: none is enabled

	.balign	32
	routine vectors_hardened
	add	sp, sp, #1		@ 0x00 reset: 6 in all
	add	sp, sp, #1		@ 0x04 undefined: 5
	add	sp, sp, #1		@ 0x08 SVC, HVC from hyp: 4
	add	sp, sp, #1		@ 0x0c prefetch abort: 3
	add	sp, sp, #1		@ 0x10 data abort: 2
	add	sp, sp, #1		@ 0x14 trap from a guest: 1
	mcr	p15, 0, r0, c7, c5, 0	@ 0x18 IRQ: 0, and all: ICIALLU
	isb				@ 0x1c before the first branch. FIQ: none is enabled
	eor	sp, sp, #1
	tst	sp, #7
	beq	trap
	eor	sp, sp, #1
	tst	sp, #7
	beq	irq
	eor	sp, sp, #2
	tst	sp, #7
	beq	data_abort
	bic	sp, sp, #7
	b	fatal

/* The guest's registers into its trap frame; r0 = vCPU, SP = the core's stack. */
	.macro	enter_hyp
	stmdb	sp, {r0-r12, lr}
	mrs	r1, ELR_hyp
	mrs	r2, SPSR
	sub	r0, sp, #VCPU_PC
	stm	sp, {r1, r2}
	ldr	sp, [sp, #(VCPU_STACK - VCPU_PC)]
	.endm

/* A physical interrupt. */
irq:
	enter_hyp
	b	irq_from_guest		@ r0: vCPU

/* An instruction of the guest trapped, or it called us. */
trap:
	enter_hyp
	mrc	p15, 4, r1, c5, c2, 0	@ HSR
	movw	r3, #:lower16:exit_table
	movt	r3, #:upper16:exit_table
	lsr	r2, r1, #26		@ the exception class
	ldr	pc, [r3, r2, lsl #2]	@ r0: vCPU, r1: HSR

/* With HCR.AMO an asynchronous abort comes here, like a data abort of our own.
 * SPSR tells a guest's from ours; among ours, one is expected: that of a VM that
 * leaves, which abort_take_pending() lets in. */
data_abort:
	push	{r0, r1}		@ below pc: lr_usr's and r12's places ...
	mrs	r0, SPSR
	and	r0, r0, #PSR_MODE_MASK
	cmp	r0, #PSR_MODE_HYP
	beq	1f
	pop	{r0, r1}
	enter_hyp			@ ... which are stored now
	b	trap_asynchronous_abort	@ r0: vCPU
1:	adr	r0, abort_window	@ interrupted between the two?
	mrs	r1, ELR_hyp
	sub	r1, r1, r0
	cmp	r1, #(abort_window_end - abort_window)
	pop	{r0, r1}
	bhi	fatal
	eret

/* Take an asynchronous abort that is pending (ISR.A), so that it is not taken in
 * the name of the next VM. Clobbers nothing. */
	routine abort_take_pending
	cpsie	a
abort_window:
	isb
abort_window_end:
	cpsid	a
	bx	lr

/* Our own fault, HSR says which: all registers to panic_exception(), which does
 * not return. Its struct panic_frame: SPSR, ELR, r0-r12, LR, and where SP was. */
fatal:
	push	{r0-r12, lr}
	mrs	r1, SPSR
	mrs	r2, ELR_hyp
	push	{r1, r2}
	mov	r0, sp
	b	panic_exception
