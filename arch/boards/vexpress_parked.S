// SPDX-License-Identifier: BSD-2-Clause
/*
 * Versatile Express: the other cores, where a boot loader (QEMU's, for a raw kernel) has
 * parked them until SYS_FLAGS says where to go. Those in secure state are called at once,
 * to sleep in secure.S; those in hyp mode by board_start_core().
 */
#include "arch/assembly.h"
#include "arch/psr.h"
#include "generated/board.h"

#define SYS          0x1c010000
#define SYS_FLAGSSET 0x30
#define SYS_FLAGSCLR 0x34

	.section .text.board, "ax", %progbits

	routine board_init_secure
	ldr	r0, =SYS
	mvn	r1, #0
	str	r1, [r0, #SYS_FLAGSCLR]
	ldr	r1, =parked_entry
	str	r1, [r0, #SYS_FLAGSSET]
	dsb				@ before the interrupt is
	ldr	r0, =BOARD_GICD
	mov	r1, #0x01000000		@ SGI 0 to all others, in group 0 (IHI 0048B, 4.3.15)
	str	r1, [r0, #0xf00]	@ GICD_SGIR
	bx	lr

/* MMU and caches off. */
	routine parked_entry
	mrs	r0, cpsr
	and	r0, r0, #PSR_MODE_MASK
	cmp	r0, #PSR_MODE_HYP
	bne	_start
	mrc	p15, 0, r0, c0, c0, 5	@ MPIDR
	ubfx	r0, r0, #0, #24
	ldr	r1, =mailbox
	b	2f
1:	wfi				@ SYS_FLAGS is for somebody else
2:	ldr	r2, [r1]
	cmp	r2, r0
	bne	1b
	ldr	r0, [r1, #8]
	ldr	pc, [r1, #4]
	.ltorg
