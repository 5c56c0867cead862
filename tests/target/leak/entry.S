// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where the leak guest begins, as a raw binary: it lies before guest_entry. Keeps what
 * the registers hold at the very first instruction, then has leak_record() keep the
 * system registers, and starts as any other guest. Also the spin in which everything
 * holds a pattern, with SVC's own registers among it.
 */
	.syntax	unified
	.fpu	neon-vfpv4

	.section .text.entry, "ax"
leak_start:
	.irp	r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	str	r\r, leak_entry_general + 4 * \r
	.endr
	str	sp, leak_entry_general + 52
	str	lr, leak_entry_general + 56
	mrs	r0, spsr
	str	r0, leak_entry_general + 60
	mrc	p15, 0, r0, c1, c0, 2		// CPACR, as it was
	str	r0, leak_entry_general + 64
	orr	r0, r0, #0xf00000
	mcr	p15, 0, r0, c1, c0, 2
	isb
	vmrs	r0, fpexc
	str	r0, leak_entry_general + 68
	mov	r0, #0x40000000
	vmsr	fpexc, r0
	vmrs	r0, fpscr
	str	r0, leak_entry_general + 72
	adr	r0, leak_entry_vfp
	vstmia	r0!, {d0-d15}
	vstmia	r0, {d16-d31}
	ldr	sp, =guest_stack_top
	mov	r4, r2
	bl	leak_record
	mov	r2, r4
	b	guest_entry

	.balign	8
	.global	leak_entry_general
leak_entry_general:
	.space	80
	.global	leak_entry_vfp
leak_entry_vfp:
	.space	256
	.ltorg

/*
 * void leak_hold(uint32_t spins, const uint32_t in[3], uint32_t out[3]);
 * SVC's SP, LR and SPSR hold `in` while it spins in System mode; `out` tells what they
 * are then.
 */
	.text
	.global	leak_hold
	.type	leak_hold, %function
leak_hold:
	push	{r4-r9, lr}
	mov	r9, sp
	ldr	r4, [r1]
	ldr	r5, [r1, #4]
	ldr	r6, [r1, #8]
	mrs	r7, cpsr
	mrs	r8, spsr
	msr	spsr_cxsf, r6
	cps	#0x1f
	msr	SP_svc, r4
	msr	LR_svc, r5
1:	subs	r0, r0, #1
	bne	1b
	mrs	r4, SP_svc
	mrs	r5, LR_svc
	mrs	r6, SPSR_svc
	msr	SP_svc, r9
	cps	#0x13
	msr	spsr_cxsf, r8
	stm	r2, {r4-r6}
	pop	{r4-r9, pc}
