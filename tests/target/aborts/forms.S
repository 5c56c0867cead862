// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses that will fault, of [r1], in both instruction sets; guest.c runs them in
 * each mode. `blx r1` and the like leave for where no code is.
 */
#include "guests/lib/form.inc"

	.syntax	unified
	.fpu	neon-vfpv4
	.arch_extension virt
	.arch_extension sec

	forms	aborts_reads
	a32	"ldr r2, [r1]"
	a32	"ldrb r2, [r1]"
	a32	"ldrsh r2, [r1]"
	a32	"ldr r2, [r1], #4"
	a32	"ldr r2, [r1, #0]!"
	a32	"ldrd r2, r3, [r1]"
	a32	"ldm r1!, {r2, r3}"
	a32	"ldrt r2, [r1]"
	a32	"ldrex r2, [r1]"
	a32	"vldr s0, [r1]"
	a32	"ldreq r2, [r1]"
	t32	"ldr r2, [r1]"
	t32	"ldr.w r2, [r1]"
	t32	"ldrsb r2, [r1, r0]"
	t32	"ldr r2, [r1], #4"
	t32	"ldrd r2, r3, [r1], #8"
	t32	"ldm r1!, {r2, r3}"
	t32	"ldreq r2, [r1] in ITE", "ite eq; ldreq r2, [r1]; ldrne r2, [r1]", 2
	t32	"second in ITTT", "ittt eq; moveq r3, r3; ldreq.w r2, [r1]; moveq r4, #1", 4
	t32	"last in ITT", "itt eq; moveq r3, r3; ldreq r2, [r1], #4", 4
	forms_end

	forms	aborts_writes
	a32	"str r2, [r1]"
	a32	"strb r2, [r1]"
	a32	"strh r2, [r1]"
	a32	"str r2, [r1], #4"
	a32	"strd r2, r3, [r1]"
	a32	"stm r1!, {r2, r3}"
	a32	"strt r2, [r1]"
	a32	"vstr s0, [r1]"
	t32	"str r2, [r1]"
	t32	"strb.w r2, [r1]"
	t32	"strd r2, r3, [r1], #8"
	t32	"stm r1!, {r2, r3}"
	t32	"streq r2, [r1] in IT", "it eq; streq r2, [r1]", 2
	t32	"second in ITTT", "ittt eq; moveq r3, r3; streq.w r2, [r1]; moveq r4, #1", 4
	forms_end

	// Not aligned, of a device.
	forms	aborts_unaligned
	a32	"ldr r2, [r1]"
	a32	"ldrh r2, [r1]"
	a32	"ldr r2, [r1], #4"
	a32	"ldrd r2, r3, [r1]"
	a32	"ldm r1, {r2, r3}"
	t32	"ldr r2, [r1]"
	t32	"ldrsh r2, [r1, r0]"
	t32	"ldr r2, [r1], #4"
	t32	"ldrheq r2, [r1] in IT", "it eq; ldrheq r2, [r1]", 2
	forms_end

	// r1 = the bad address, even.
	forms	aborts_fetches
	a32	"bx r1"
	a32	"mov pc, r1"
	t32	"bx r1 to A32", "bx r1"
	t32	"mov pc, r1", "mov pc, r1"
	forms_end

	// Not for PL0.
	forms	aborts_undefined_usr
	a32	"hvc #0"
	a32	"smc #0"
	a32	"hvc #0x1234"
	a32	"mrc SCTLR", "mrc p15, 0, r2, c1, c0, 0"
	a32	"mrc ACTLR", "mrc p15, 0, r2, c1, c0, 1"
	a32	"mcr TTBR0", "mcr p15, 0, r2, c2, c0, 0"
	a32	"mrc CNTHCTL", "mrc p15, 4, r2, c14, c1, 0"
	a32	"mrrc CNTVOFF", "mrrc p15, 4, r2, r3, c14"
	a32	"wfi-like mcr", "mcr p15, 0, r2, c7, c0, 4"
	t32	"hvc #0"
	t32	"smc #0"
	t32	"mrc SCTLR", "mrc p15, 0, r2, c1, c0, 0"
	t32	"mrc ACTLR", "mrc p15, 0, r2, c1, c0, 1"
	t32	"mrceq SCTLR in IT", "it eq; mrceq p15, 0, r2, c1, c0, 0", 2
	forms_end

	// UNPREDICTABLE; traps, and the hypervisor says undefined.
	forms	aborts_refused
	a32	"mrc ACTLR to PC", "mrc p15, 0, apsr_nzcv, c1, c0, 1"
	a32	"mcr ACTLR from PC", ".inst 0xee01ff30"
	t32	"mrc ACTLR to PC", "mrc p15, 0, apsr_nzcv, c1, c0, 1"
	t32	"mrc ACTLR to PC in ITE", "ite eq; mrceq p15, 0, apsr_nzcv, c1, c0, 1; nop", 2
	forms_end

	// Not for anyone.
	forms	aborts_undefined
	a32	"udf #0"
	a32	"mrc p15, 5, r2, c6, c9, 7"
	a32	"mrc p15, 0, r2, c11, c9, 1"
	a32	"mrc p15, 7, r2, c4, c3, 2"
	a32	"mcr p15, 7, r2, c14, c3, 2"
	a32	"mrrc p15, 5, r2, r3, c9"
	a32	"mrc HCR", "mrc p15, 4, r2, c1, c1, 0"
	a32	"mcr HVBAR", "mcr p15, 4, r2, c12, c0, 0"
	a32	"mrrc VTTBR", "mrrc p15, 6, r2, r3, c2"
	a32	"mrrc HTTBR", "mrrc p15, 4, r2, r3, c2"
	a32	"mrc HSR", "mrc p15, 4, r2, c5, c2, 0"
	a32	"mcr CNTHCTL", "mcr p15, 4, r2, c14, c1, 0"
	a32	"mcrr CNTVOFF", "mcrr p15, 4, r2, r3, c14"
	a32	"mrs r2, ELR_hyp"
	a32	"mcr p7, 0, r2, c1, c0, 0"
	a32	"ldc p6, c1, [r1]"
	t32	"udf #0"
	t32	"mrc p15, 7, r2, c4, c3, 2"
	t32	"mrc HCR", "mrc p15, 4, r2, c1, c1, 0"
	t32	"mcreq p15, 7 in ITT", "itt eq; moveq r3, r3; mcreq p15, 7, r2, c4, c3, 2", 4
	t32	"mcr p7, 0, r2, c1, c0, 0"
	forms_end
