// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where CPU_ON enters to be looked at: in A32 and in T32. Each records what it found
 * in entry_record (MMU off: in memory) and powers its CPU off.
 */
	.syntax unified

	.macro	record set
	ldr	r1, =entry_record
	str	r0, [r1, #4]
	mrs	r2, cpsr
	str	r2, [r1, #8]
	mrc	p15, 0, r2, c1, c0, 0		// SCTLR
	str	r2, [r1, #12]
	mrc	p15, 0, r2, c2, c0, 2		// TTBCR
	str	r2, [r1, #16]
	mrc	p15, 0, r2, c14, c3, 1		// CNTV_CTL
	str	r2, [r1, #20]
	mrc	p15, 0, r2, c0, c0, 5		// MPIDR
	str	r2, [r1, #24]
	mov	r2, #\set
	str	r2, [r1]
	dsb
	ldr	r0, =0x84000002			// CPU_OFF
	.arch_extension virt
	hvc	#0
	b	.
	.ltorg
	.endm

	.text
	.arm
	.global entry_a32
	.type	entry_a32, %function
entry_a32:
	record	1

	.thumb
	.global entry_t32
	.type	entry_t32, %function
	.thumb_func
entry_t32:
	record	2

	.bss
	.balign 64
	.global entry_record
entry_record:
	.space 64
