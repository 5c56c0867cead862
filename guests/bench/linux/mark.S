// SPDX-License-Identifier: BSD-2-Clause
/*
 * mark NUMBER: a Linux program that executes this mark (guests/bench/mark.h) and
 * ends. Static, without a C library, so that little else runs. programs calls it.
 */
	.syntax unified
	.arm
	.text
	.global _start
_start:
	ldr	r0, [sp, #8]		@ argv[1]
	mov	r1, #0
	mov	r3, #10
1:	ldrb	r2, [r0], #1
	subs	r2, r2, #'0'
	mlahs	r1, r1, r3, r2
	bhs	1b
	adr	r0, marks
	add	pc, r0, r1, lsl #3
marks:
	.set	number, 0
	.rept	128
	.inst	0xe320f080 + number
	b	2f
	.set	number, number + 1
	.endr
2:	mov	r0, #0
	mov	r7, #1			@ exit
	svc	#0
