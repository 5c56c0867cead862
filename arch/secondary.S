// SPDX-License-Identifier: BSD-2-Clause
/*
 * Another core than the boot core begins here, in hyp mode, MMU and caches off, when the
 * board has started it for kernel/secondary.c.
 */
#include "arch/assembly.h"
#include "arch/stage1.h"
#include "generated/offsets.h"

	.section .text.secondary, "ax", %progbits

/* In: r0 = its struct core. */
	routine secondary_start
	cpsid	aif
	mov	r4, r0
	ldr	r0, =HSCTLR_OFF
	mcr	p15, 4, r0, c1, c0, 0	@ HSCTLR
	isb
	bl	stage1_enable
	mov	r0, r4
	ldr	r1, =CORE_STACK_TOP
	add	sp, r0, r1
	bl	boot_secondary		@ does not return: r0 = struct core *
	.ltorg
