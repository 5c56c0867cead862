// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where CPU_ON enters: SVC mode, MMU off, r0 = struct smp_boot (smp.h), which lies
 * in memory. Nothing is written before the caches are on: what others have cached
 * would not notice.
 */
	.syntax unified

	.text
	.global smp_entry
	.type	smp_entry, %function
smp_entry:
	cpsid	aif
	mov	r6, r0
	ldm	r6, {r4, r5}			// stack_top, ttbr
	bl	guest_set_up_cpu

	mov	r0, #0
	mcr	p15, 0, r0, c2, c0, 2		// TTBCR
	mcr	p15, 0, r5, c2, c0, 0		// TTBR0
	mov	r1, #1
	mcr	p15, 0, r1, c3, c0, 0		// DACR: domain 0 checks permissions
	mcr	p15, 0, r0, c7, c5, 0		// ICIALLU
	mcr	p15, 0, r0, c7, c5, 6		// BPIALL
	mcr	p15, 0, r0, c8, c7, 0		// TLBIALL
	dsb
	isb
	mrc	p15, 0, r0, c1, c0, 0
	orr	r0, r0, #0x1800			// SCTLR.I, Z
	orr	r0, r0, #0x5			// C, M
	mcr	p15, 0, r0, c1, c0, 0
	isb

	mov	sp, r4
	mov	r0, r6
	bl	smp_main
	b	.				// smp_main does not return
