// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU "virt" with secure=on: power is switched off by a line of a PL061 (DDI
 * 0190) that only secure state can reach. Called by the monitor (secure.S).
 */
#include "arch/assembly.h"

#define GPIO     0x090b0000
#define GPIO_DIR 0x400
#define LINE_OFF 1

	.section .text.monitor, "ax", %progbits

/* Does not return. GPIODATA's address bits [9:2] are the mask of the lines that are
 * written (DDI 0190, 3.3.1). */
	routine board_monitor_power_off
	ldr	r1, =GPIO
	mov	r2, #LINE_OFF
	str	r2, [r1, #GPIO_DIR]
	str	r2, [r1, #(LINE_OFF << 2)]
	dsb
1:	wfi
	b	1b
	.ltorg
