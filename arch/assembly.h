// SPDX-License-Identifier: BSD-2-Clause
/*
 * What every assembly file begins with: ARM state, one syntax for as and clang, and
 * the head of a routine that others call.
 */
#pragma once

#ifdef __ASSEMBLER__
/* clang-format off */

	.syntax unified
	.arm

	.macro	routine name
	.global	\name
	.type	\name, %function
\name:
	.endm

#endif
