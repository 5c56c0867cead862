// SPDX-License-Identifier: BSD-2-Clause
/*
 * Identification and implementation-defined registers: each is read into r2; then
 * r4 (all ones) is written, and it is read once more.
 */
#include "guests/lib/form.inc"

	.syntax	unified
	.fpu	neon-vfpv4

	.macro	register name, coprocessor, op1, crn, crm, op2
	a32	"\name", "mrc \coprocessor, \op1, r2, \crn, \crm, \op2"
	a32	"\name written", "mcr \coprocessor, \op1, r4, \crn, \crm, \op2; mrc \coprocessor, \op1, r2, \crn, \crm, \op2"
	.endm

	forms	cp15_registers
	register MIDR, p15, 0, c0, c0, 0
	register CTR, p15, 0, c0, c0, 1
	register TCMTR, p15, 0, c0, c0, 2
	register TLBTR, p15, 0, c0, c0, 3
	register MPIDR, p15, 0, c0, c0, 5
	register REVIDR, p15, 0, c0, c0, 6
	register ID_PFR0, p15, 0, c0, c1, 0
	register ID_PFR1, p15, 0, c0, c1, 1
	register ID_DFR0, p15, 0, c0, c1, 2
	register ID_AFR0, p15, 0, c0, c1, 3
	register ID_MMFR0, p15, 0, c0, c1, 4
	register ID_MMFR1, p15, 0, c0, c1, 5
	register ID_MMFR2, p15, 0, c0, c1, 6
	register ID_MMFR3, p15, 0, c0, c1, 7
	register ID_ISAR0, p15, 0, c0, c2, 0
	register ID_ISAR1, p15, 0, c0, c2, 1
	register ID_ISAR2, p15, 0, c0, c2, 2
	register ID_ISAR3, p15, 0, c0, c2, 3
	register ID_ISAR4, p15, 0, c0, c2, 4
	register ID_ISAR5, p15, 0, c0, c2, 5
	register CCSIDR, p15, 1, c0, c0, 0
	register CLIDR, p15, 1, c0, c0, 1
	register AIDR, p15, 1, c0, c0, 7
	register ACTLR, p15, 0, c1, c0, 1
	register SCR, p15, 0, c1, c1, 0
	register NSACR, p15, 0, c1, c1, 2
	register L2CTLR, p15, 1, c9, c0, 2
	register L2ECTLR, p15, 1, c9, c0, 3
	register PMCEID0, p15, 0, c9, c12, 6
	register PMCEID1, p15, 0, c9, c12, 7
	register PMOVSR, p15, 0, c9, c12, 3
	register CNTFRQ, p15, 0, c14, c0, 0
	register ISR, p15, 0, c12, c1, 0
	register JIDR, p14, 7, c0, c0, 0
	register JOSCR, p14, 7, c1, c0, 0
	register JMCR, p14, 7, c2, c0, 0
	register DBGDIDR, p14, 0, c0, c0, 0
	register DBGDRAR, p14, 0, c1, c0, 0
	register DBGDSAR, p14, 0, c2, c0, 0
	register DBGDSCRint, p14, 0, c0, c1, 0
	register DBGDSCRext, p14, 0, c0, c2, 2
	register DBGVCR, p14, 0, c0, c7, 0
	register DBGBVR0, p14, 0, c0, c0, 4
	register DBGBCR0, p14, 0, c0, c0, 5
	register DBGOSLSR, p14, 0, c1, c1, 4
	register DBGPRCR, p14, 0, c1, c4, 4
	register HCR, p15, 4, c1, c1, 0
	register VPIDR, p15, 4, c0, c0, 0
	a32	"FPSID", "vmrs r2, fpsid"
	a32	"MVFR0", "vmrs r2, mvfr0"
	a32	"MVFR1", "vmrs r2, mvfr1"
	forms_end
