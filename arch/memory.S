// SPDX-License-Identifier: BSD-2-Clause
/*
 * See memory.h. Called by the VM loader.
 */
	.syntax unified
	.arm

/* In: r0 = start, r1 = bytes. Clobbers r0-r3, r12. Stack: 24 bytes. */
	.section .text.memory_zero, "ax", %progbits
	.global memory_zero
	.type memory_zero, %function
memory_zero:
	push	{r4-r8, lr}
	mov	r2, #0
	mov	r3, #0
	mov	r4, #0
	mov	r5, #0
	mov	r6, #0
	mov	r7, #0
	mov	r8, #0
	mov	r12, #0
1:	.rept	8
	stmia	r0!, {r2-r8, r12}
	.endr
	subs	r1, r1, #256
	bne	1b
	pop	{r4-r8, pc}
	.size memory_zero, . - memory_zero
