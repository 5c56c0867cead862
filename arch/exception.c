// SPDX-License-Identifier: BSD-2-Clause
/*
 * See exception.h.
 */
#include "arch/exception.h"

#include "arch/banked.h"
#include "arch/hsr.h"
#include "arch/psr.h"

#define SCTLR_V  (1u << 13) /* vectors at 0xffff0000 */
#define SCTLR_EE (1u << 25) /* exceptions are taken big-endian */
#define SCTLR_TE (1u << 30) /* exceptions are taken in Thumb */

#define VECTOR_UNDEFINED      0x04u
#define VECTOR_PREFETCH_ABORT 0x0cu
#define VECTOR_DATA_ABORT     0x10u

#define TTBCR_EAE (1u << 31) /* long-descriptor format */

/* Fault status by kind: short-descriptor format (table B3-23), and long (table
 * B3-24) with the bit that says so. */
static const uint16_t statuses[][2] = {
	[ABORT_EXTERNAL] = { 0x008, 0x210 },        [ABORT_EXTERNAL_WALK_1] = { 0x00c, 0x215 },
	[ABORT_EXTERNAL_WALK_2] = { 0x00e, 0x216 }, [ABORT_EXTERNAL_WALK_3] = { 0x00e, 0x217 },
	[ABORT_ALIGNMENT] = { 0x001, 0x221 },
};

/* DFSR.WnR and CM are HSR's (B4.1.52). */
#define HSR_TO_DFSR_SHIFT 5

/* Exception entry into ABT or UND mode (B1.8.10, pseudocode EnterMode). */
ON_FAST_PATH void enter(struct vcpu_frame *frame, uint32_t mode, uint32_t vector, uint32_t lr)
{
	uint32_t sctlr = read_SCTLR();
	uint32_t base = sctlr & SCTLR_V ? 0xffff0000u : read_VBAR();
	uint32_t cpsr = frame->cpsr;

	if (mode == PSR_MODE_ABT) {
		write_LR_abt(lr);
		write_SPSR_abt(cpsr);
		cpsr |= PSR_A;
	} else {
		write_LR_und(lr);
		write_SPSR_und(cpsr);
	}
	cpsr &= ~(uint32_t)(PSR_MODE_MASK | PSR_IT_MASK | PSR_J | PSR_T | PSR_E);
	cpsr |= mode | PSR_I;
	if (sctlr & SCTLR_TE)
		cpsr |= PSR_T;
	if (sctlr & SCTLR_EE)
		cpsr |= PSR_E;
	frame->cpsr = cpsr;
	frame->pc = base + vector;
}

bool exception_is_long_format(void)
{
	return (read_TTBCR() & TTBCR_EAE) != 0;
}

enum exit_result exception_inject_undefined(struct vcpu_frame *frame)
{
	uint32_t offset = frame->cpsr & PSR_T ? 2 : 4;

	enter(frame, PSR_MODE_UND, VECTOR_UNDEFINED, frame->pc + offset);
	return EXIT_JUMP;
}

void exception_inject_abort(struct vcpu_frame *frame, uint32_t hsr, uint32_t address,
			    enum abort_kind kind)
{
	uint32_t status = statuses[kind][exception_is_long_format()];

	if (hsr >> HSR_EC_SHIFT == HSR_EC_PREFETCH_ABORT) {
		write_IFAR(address);
		write_IFSR(status);
		enter(frame, PSR_MODE_ABT, VECTOR_PREFETCH_ABORT, frame->pc + 4);
	} else {
		write_DFAR(address);
		write_DFSR(status | (hsr & (HSR_WNR | HSR_CM)) << HSR_TO_DFSR_SHIFT);
		enter(frame, PSR_MODE_ABT, VECTOR_DATA_ABORT, frame->pc + 8);
	}
}
