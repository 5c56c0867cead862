// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fills every register of every mode, spins, and stores what is in them then.
 * Twice the same, with another register as the loop's counter, so that each holds
 * a pattern in one of them. ARM ARM DDI 0406C, B1.3 (modes and banked registers).
 *
 *   void registers_round_r0(uint32_t spins, const struct round *in, struct round *out);
 *   void registers_round_r12(...);
 *
 * SVC mode, interrupts masked, MMU off: registers are stored relative to the PC, in
 * this text. Between fill and store there is no stack and no register to spare.
 */
	.syntax unified
	.fpu neon-vfpv4

/* Offsets in struct round (guest.c asserts them). */
#define USR     0			/* sp, lr */
#define SVC     8			/* sp, lr, spsr */
#define ABT     20
#define UND     32
#define IRQ     44
#define FIQ     56			/* r8..r12, sp, lr, spsr */
#define GENERAL 88			/* r0..r12 */
#define FLAGS   140			/* CPSR.NZCVQ and GE */
#define FPSCR   144
#define VFP     152			/* d0..d31 */

#define MODE_FIQ 0x11
#define MODE_IRQ 0x12
#define MODE_SVC 0x13
#define MODE_ABT 0x17
#define MODE_UND 0x1b
#define MODE_SYS 0x1f

	.macro	fill_mode mode, at
	cps	#\mode
	ldr	sp, [r1, #\at]
	ldr	lr, [r1, #\at + 4]
	ldr	r3, [r1, #\at + 8]
	msr	spsr_cxsf, r3
	.endm

	.macro	store_mode mode, at
	cps	#\mode
	str	sp, [r2, #\at]
	str	lr, [r2, #\at + 4]
	mrs	r3, spsr
	str	r3, [r2, #\at + 8]
	.endm

	.macro	round name, counter
	.text
	.global	\name
\name:
	push	{r4-r11, lr}
	str	sp, \name\()_sp
	str	r2, \name\()_out

	add	r3, r1, #VFP
	vldmia	r3!, {d0-d15}
	vldmia	r3, {d16-d31}
	ldr	r3, [r1, #FPSCR]
	vmsr	fpscr, r3

	fill_mode MODE_ABT, ABT
	fill_mode MODE_UND, UND
	fill_mode MODE_IRQ, IRQ
	cps	#MODE_FIQ
	add	r3, r1, #FIQ
	ldm	r3, {r8-r12}
	fill_mode MODE_FIQ, FIQ + 20
	cps	#MODE_SYS
	ldr	sp, [r1, #USR]
	ldr	lr, [r1, #USR + 4]
	fill_mode MODE_SVC, SVC
	ldr	r3, [r1, #FLAGS]
	msr	cpsr_fs, r3

	// Last of all the general registers, r1 (which points) at the end.
	mov	\counter, r0
	.irp	r, 0, 12
	.ifnc	r\r, \counter
	ldr	r\r, [r1, #GENERAL + 4 * \r]
	.endif
	.endr
	.irp	r, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1
	ldr	r\r, [r1, #GENERAL + 4 * \r]
	.endr

	// N and Z change here, the other flags stay.
1:	sub	\counter, \counter, #1
	teq	\counter, #0
	bne	1b

	.irp	r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	str	r\r, \name\()_general + 4 * \r
	.endr
	ldr	r2, \name\()_out
	str	sp, [r2, #SVC]
	ldr	sp, \name\()_sp
	str	lr, [r2, #SVC + 4]
	mrs	r3, cpsr
	str	r3, [r2, #FLAGS]
	mrs	r3, spsr
	str	r3, [r2, #SVC + 8]
	adr	r0, \name\()_general
	ldm	r0!, {r3-r9}
	add	r1, r2, #GENERAL
	stm	r1!, {r3-r9}
	ldm	r0, {r3-r8}
	stm	r1, {r3-r8}

	store_mode MODE_ABT, ABT
	store_mode MODE_UND, UND
	store_mode MODE_IRQ, IRQ
	cps	#MODE_FIQ
	add	r3, r2, #FIQ
	stm	r3, {r8-r12}
	store_mode MODE_FIQ, FIQ + 20
	cps	#MODE_SYS
	str	sp, [r2, #USR]
	str	lr, [r2, #USR + 4]
	cps	#MODE_SVC

	vmrs	r3, fpscr
	str	r3, [r2, #FPSCR]
	add	r3, r2, #VFP
	vstmia	r3!, {d0-d15}
	vstmia	r3, {d16-d31}
	pop	{r4-r11, pc}

\name\()_sp:
	.word	0
\name\()_out:
	.word	0
\name\()_general:
	.space	13 * 4
	.endm

	round	registers_round_r0, r0
	round	registers_round_r12, r12
