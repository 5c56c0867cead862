// SPDX-License-Identifier: BSD-2-Clause
/*
 * From reset, or from a boot loader, to boot_primary() in hyp mode.
 *
 * Entered in hyp mode (QEMU -kernel, U-Boot, firmware), or in secure SVC at
 * reset with all cores at once (flash; secure.S). Position-independent until the
 * image lies where it was linked. MMU and caches off, nothing in memory but this
 * image is relied upon. What can go wrong is told on the UART, with a remedy.
 *
 * Registers kept: r10 = where the image lies now, r11 = its length.
 */
#include "arch/assembly.h"
#include "arch/psr.h"
#include "arch/stage1.h"
#include "generated/board.h"
#include "generated/offsets.h"

/* 115200 baud: clock / (16 * 115200), in 64ths (DDI 0183, 3.3.6). */
#define UART_DIVISOR_64THS ((BOARD_UART_CLOCK_HZ * 4 + 57600) / 115200)

#define STRING_OF(text) #text
#define STRING(macro)   STRING_OF(macro)


	.section .text.start, "ax", %progbits

	routine _start
	cpsid	aif
	adr	r10, _start
	ldr	r11, =image_bytes
	mrs	r0, cpsr
	and	r0, r0, #PSR_MODE_MASK
	cmp	r0, #PSR_MODE_HYP
	beq	hyp_entry
	ldr	r9, =text_wrong_mode	@ also what an exception would mean
	cmp	r0, #PSR_MODE_SVC
	bne	say

	/* SVC, secure or not? Only secure state may read SCR (B4.1.129): in
	 * non-secure state that is undefined, and these vectors tell. */
	adr	r1, probe_vectors
	mcr	p15, 0, r1, c12, c0, 0	@ VBAR
	isb
	mrc	p15, 0, r1, c1, c1, 0	@ SCR
	b	secure_entry

/* In hyp mode, MMU off, wherever the image lies. */
	routine hyp_entry
	adr	r1, probe_vectors
	mcr	p15, 4, r1, c12, c0, 0	@ HVBAR
	isb
	bl	place_image
	ldr	pc, =hyp_start		@ from here on at the linked address

hyp_start:
	ldr	r0, =HSCTLR_OFF
	mcr	p15, 4, r0, c1, c0, 0	@ HSCTLR: reserved bits only, MMU off
	isb
	ldr	r0, =hyp_bss_start
	ldr	r1, =hyp_bss_end
	mov	r2, #0
	mov	r3, #0
1:	cmp	r0, r1
	strdlo	r2, r3, [r0], #8	@ bss is 8-byte aligned (linker.ld)
	blo	1b
	ldr	r0, =cores
	ldr	r1, =CORE_STACK_TOP
	add	sp, r0, r1
	bl	boot_primary		@ does not return: r0 = struct core *

/* MMU and caches on (B3.6). No stack, no memory; clobbers r0. The tables are
 * clean in memory; TLBs and instruction caches forget what was before. */
	routine stage1_enable
	ldr	r0, =HMAIR0_VALUE
	mcr	p15, 4, r0, c10, c2, 0
	mov	r0, #0
	mcr	p15, 4, r0, c10, c2, 1	@ HMAIR1
	ldr	r0, =HTCR_VALUE
	mcr	p15, 4, r0, c2, c0, 2
	ldr	r0, =stage1_level1
	mov	r1, #0
	mcrr	p15, 4, r0, r1, c2	@ HTTBR
	mcr	p15, 4, r0, c8, c7, 0	@ TLBIALLH
	mcr	p15, 0, r0, c7, c5, 0	@ ICIALLU
	mcr	p15, 0, r0, c7, c5, 6	@ BPIALL
	dsb
	isb
	ldr	r0, =HSCTLR_VALUE
	mcr	p15, 4, r0, c1, c0, 0
	isb				@ from here on translated
	bx	lr

/* The image to where it was linked, if it is elsewhere (flash). Checks first
 * that the RAM is there. In: r10, r11. Clobbers r0-r9. No stack. */
	routine place_image
	ldr	r9, =text_no_ram
	ldr	r8, =BOARD_RAM_USED_END - 4
	str	r8, [r8]		@ an abort here means: nothing there
	ldr	r0, [r8]
	cmp	r0, r8			@ ... and so does this, where nothing aborts
	bne	say
	dsb
	ldr	r8, =BOARD_LOAD
	ldr	r0, [r8]
	dsb
	mov	r9, #0			@ nothing is expected to fail from here on
	cmp	r8, r10
	bxeq	lr
	mov	r0, r10
	add	r1, r10, r11		@ image_bytes is a multiple of 32
1:	ldmia	r0!, {r2-r5}
	stmia	r8!, {r2-r5}
	ldmia	r0!, {r2-r5}
	stmia	r8!, {r2-r5}
	cmp	r0, r1
	blo	1b
	dsb				@ the copy is complete ...
	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0	@ ICIALLU
	dsb
	isb				@ ... before it is fetched from
	bx	lr

/* Exceptions before there are vectors: r9 = what explains this one. */
	.balign	32
probe_vectors:
	.rept	8
	b	say
	.endr

	routine say_no_virtualization
	ldr	r9, =text_no_virtualization

/* Last words: r9 = text as linked, or 0. No memory is needed but what is being read.
 * PL011 (DDI 0183). */
say:
	cmp	r9, #0
	beq	5f
	ldr	r1, =BOARD_LOAD
	sub	r0, r9, r1
	add	r0, r0, r10		@ where it is now
	ldr	r1, =BOARD_UART
	mov	r9, #0
	mov	r2, #(UART_DIVISOR_64THS / 64)
	str	r2, [r1, #0x24]		@ UARTIBRD
	mov	r2, #(UART_DIVISOR_64THS % 64)
	str	r2, [r1, #0x28]		@ UARTFBRD
	mov	r2, #0x70
	str	r2, [r1, #0x2c]		@ UARTLCR_H: 8 bits, FIFOs
	ldr	r2, =0x301
	str	r2, [r1, #0x30]		@ UARTCR: on, receive and transmit
2:	ldrb	r2, [r0], #1
	cmp	r2, #0
	beq	5f
3:	ldr	r3, [r1, #0x18]		@ UARTFR
	tst	r3, #0x20		@ TXFF
	bne	3b
	str	r2, [r1]
	b	2b
5:	wfi
	b	5b

text_wrong_mode:
	.ascii	"bulkhead: stopped: started in neither hyp mode nor secure SVC.\r\n"
	.ascii	"bulkhead: start it in hyp mode (QEMU: -M virt,virtualization=on;\r\n"
	.asciz	"bulkhead: U-Boot: bootm), or from flash at reset.\r\n"
text_no_virtualization:
	.ascii	"bulkhead: stopped: this core has no Virtualization Extensions.\r\n"
	.asciz	"bulkhead: use a Cortex-A7 or A15 (QEMU: virtualization=on).\r\n"
text_no_ram:
	.ascii	"bulkhead: stopped: the manifest uses RAM that is not there,\r\n"
	.ascii	"bulkhead: up to " STRING(BOARD_RAM_USED_END) "\r\n"
	.asciz	"bulkhead: give the board more, or the VMs less (see map.txt).\r\n"
	.balign	4
	.ltorg
