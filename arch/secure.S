// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reset in secure state: what only secure state can do, then down to hyp mode.
 *
 * All cores come here at once, out of flash that non-secure state may be unable
 * to read: each prepares itself, core 0 copies the image, and the others stay in
 * flash, asleep. What else the board needs done in secure state it does itself.
 */
#include "arch/assembly.h"
#include "arch/psr.h"
#include "generated/board.h"

	.arch_extension sec
	.arch_extension virt

	.section .text.start, "ax", %progbits

#define SCR_VALUE   0x131	/* NS, FW, AW, HCE (B4.1.129) */
#define NSACR_VALUE 0x40c00	/* cp10, cp11, and A15/A7: ACTLR.SMP */

/* In: r10, r11 as in start.S. */
	routine secure_entry
	mrc	p15, 0, r0, c0, c1, 1	@ ID_PFR1
	tst	r0, #0xf000		@ Virtualization Extensions (B4.1.94)
	beq	say_no_virtualization

	ldr	r0, =NSACR_VALUE
	mcr	p15, 0, r0, c1, c1, 2	@ NSACR
	ldr	r0, =BOARD_COUNTER_HZ
	mcr	p15, 0, r0, c14, c0, 0	@ CNTFRQ: secure state only (B8.2.1)

	/* Caches and TLBs need no invalidation here: A15 and A7 do it at reset
	 * (A15 TRM DDI 0438, 6.2; A7 TRM DDI 0464, 6.2).
	 * Join the coherency domain before any cache is on (A15 TRM DDI 0438,
	 * 4.3.28; A7 TRM DDI 0464, 4.3.31). A15: bit 0 makes ICIALLU empty the
	 * branch predictor, which vectors.S relies on. */
	mrc	p15, 0, r3, c0, c0, 0	@ MIDR
	ldr	r2, =0xff00fff0
	and	r1, r3, r2
	mrc	p15, 0, r0, c1, c0, 1	@ ACTLR
	orr	r0, r0, #(1 << 6)	@ SMP
	ldr	r2, =0x4100c0f0		@ Cortex-A15
	cmp	r1, r2
	bne	1f
	orr	r0, r0, #1
	ands	r2, r3, #0x00f00000	@ erratum 773022, r0p0 to r0p4: the loop
	orreq	r0, r0, #(1 << 1)	@ buffer may run stale instructions: off
1:	mcr	p15, 0, r0, c1, c0, 1
	isb

	/* All interrupts to group 1, which is the non-secure one (IHI 0048B,
	 * 4.3.4): word 0 is each core's own. */
	ldr	r1, =BOARD_GICD
	mvn	r2, #0
	str	r2, [r1, #0x80]		@ GICD_IGROUPR0
	ldr	r3, =BOARD_GICC
	mov	r2, #0xff
	str	r2, [r3, #4]		@ GICC_PMR, the secure half as well

	mrc	p15, 0, r0, c0, c0, 5	@ MPIDR
	ubfx	r0, r0, #0, #24
	cmp	r0, #0
	bne	park

	mvn	r2, #0
	add	r0, r1, #0x84		@ GICD_IGROUPR1 and on
	ldr	r3, [r1, #4]		@ GICD_TYPER
	ands	r3, r3, #0x1f		@ ITLinesNumber
	beq	2f
1:	str	r2, [r0], #4
	subs	r3, r3, #1
	bne	1b
2:	mov	r2, #3
	str	r2, [r1]		@ GICD_CTLR: both groups

	bl	place_image		@ now: flash may be out of reach later
	ldr	r10, =BOARD_LOAD	@ there is the image now
	bl	board_init_secure
	ldr	r5, =hyp_entry

/* In: r5 = where to go on in hyp mode, r4 = its r0. */
leave_secure:
	cps	#PSR_MODE_MON
	mrc	p15, 0, r0, c1, c1, 0	@ SCR
	ldr	r1, =SCR_VALUE
	orr	r0, r0, r1
	mcr	p15, 0, r0, c1, c1, 0
	isb
	mov	r0, #(PSR_A | PSR_I | PSR_F | PSR_MODE_HYP)
	msr	SPSR_cxsf, r0
	mov	r0, r4
	mov	lr, r5
	movs	pc, lr

/* Other cores sleep until the board's part sends SGI 0: by then the image is in RAM, and
 * the mailbox there says whom it is for. Who is meant goes down to hyp.
 * In: r0 = MPIDR[23:0], r1 = GICD, r3 = GICC. */
park:
	mov	r2, #1
	str	r2, [r1, #0x100]	@ GICD_ISENABLER0: SGI 0
	mov	r2, #3
	str	r2, [r3]		@ GICC_CTLR: both groups wake us
1:	wfi
	ldr	r2, [r1, #0x200]	@ GICD_ISPENDR0
	tst	r2, #1
	beq	1b			@ something else
	mvn	r2, #0
	str	r2, [r1, #0xf10]	@ GICD_CPENDSGIR0: of all senders
	ldr	r5, =mailbox
	ldr	r2, [r5]
	cmp	r2, r0
	bne	1b			@ for somebody else
	ldr	r4, [r5, #8]		@ with what, and where to
	ldr	r5, [r5, #4]
	b	leave_secure
	.ltorg

/* For whom (MPIDR[23:0]), where to, and r0 there: written by the board's part, and alone
 * in its cache line. */
	.data
	.balign	64
	.global	mailbox
mailbox:
	.word	0, 0, 0
	.balign	64
