// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt" with secure=on: power is switched by two lines of a PL061 (DDI
 * 0190) that only secure state can reach. Called by the monitor (secure.S).
 */
#include "arch/assembly.h"

#define GPIO       0x090b0000
#define GPIO_DIR   0x400
#define LINE_OFF   1
#define LINE_RESET 2

	.section .text.monitor, "ax", %progbits

/* In: r0 = PSCI SYSTEM_OFF or SYSTEM_RESET. Does not return. GPIODATA's address
 * bits [9:2] are the mask of the lines that are written (DDI 0190, 3.3.1). */
	routine board_monitor_power
	ldr	r1, =GPIO
	mov	r2, #(LINE_OFF | LINE_RESET)
	str	r2, [r1, #GPIO_DIR]
	tst	r0, #1			@ 0x84000008 is off, 0x84000009 reset
	moveq	r2, #LINE_OFF
	movne	r2, #LINE_RESET
	str	r2, [r1, r2, lsl #2]
	dsb
1:	wfi
	b	1b
	.ltorg
