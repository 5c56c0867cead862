// SPDX-License-Identifier: BSD-2-Clause
/*
 * See cache.h. Called by the VM loader.
 */
#include "arch/assembly.h"

/* In: r0 = start, r1 = bytes. Clobbers r0-r3, r12. Stack: 24 bytes. Downwards, so
 * that r0 names the line that was just written; it is cleaned at once (DCCMVAC). */
	.section .text.memory_scrub, "ax", %progbits
	routine memory_scrub
	push	{r4-r8, lr}
	add	r0, r0, r1
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 12
	mov	r\n, #0
	.endr
1:	.rept	32			@ lines of 64 bytes
	stmdb	r0!, {r2-r8, r12}
	stmdb	r0!, {r2-r8, r12}
	mcr	p15, 0, r0, c7, c10, 1
	.endr
	subs	r1, r1, #2048
	bne	1b
	dsb				@ complete before the reader is let go
	pop	{r4-r8, pc}
