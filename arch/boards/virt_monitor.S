// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt" with secure=on: the monitor, which stays in RAM when the boot core has left
 * secure state. Without firmware somebody must serve PSCI's CPU_ON and SYSTEM_OFF (DEN
 * 0022, 5.1.4 and 5.1.9), as QEMU does where it is the firmware. Power is switched off
 * by a line of a PL061 (DDI 0190) that only secure state can reach.
 */
#include "arch/assembly.h"
#include "generated/board.h"

	.arch_extension sec

#define GPIO     0x090b0000
#define GPIO_DIR 0x400
#define LINE_OFF 1

#define PSCI_CPU_ON     0x84000003
#define PSCI_SYSTEM_OFF 0x84000008

	.section .text.monitor, "ax", %progbits

	routine board_init_secure
	ldr	r0, =monitor_vectors
	mcr	p15, 0, r0, c12, c0, 1	@ MVBAR
	bx	lr

/* SMC from hyp, on the boot core. Guests' SMCs trap to hyp and never come here. No
 * stack; r0-r3 are the caller's to lose (SMCCC, DEN 0028). */
	.balign	32
monitor_vectors:
	b	.
	b	.
	b	monitor_smc		@ 0x08
	b	.
	b	.
	b	.
	b	.
	b	.

/* CPU_ON: r1 = MPIDR, r2 = entry, r3 = r0 there. Caches are off here, as they are
 * for the core that reads. */
start_core:
	ldr	r0, =mailbox
	stm	r0, {r1-r3}
	dsb				@ before the interrupt is
	ldr	r0, =BOARD_GICD
	ldr	r1, =0x01008000		@ SGI 0 to all others, in group 1 (4.3.15)
	str	r1, [r0, #0xf00]	@ GICD_SGIR
	mov	r0, #0
	movs	pc, lr

monitor_smc:
	ldr	r12, =PSCI_CPU_ON
	cmp	r0, r12
	beq	start_core
	ldr	r1, =PSCI_SYSTEM_OFF
	cmp	r0, r1
	mvnne	r0, #0			@ NOT_SUPPORTED
	movsne	pc, lr

/* Does not return. GPIODATA's address bits [9:2] are the mask of the lines that are
 * written (DDI 0190, 3.3.1). */
	ldr	r1, =GPIO
	mov	r2, #LINE_OFF
	str	r2, [r1, #GPIO_DIR]
	str	r2, [r1, #(LINE_OFF << 2)]
	dsb
1:	wfi
	b	1b
	.ltorg
