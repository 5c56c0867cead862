// SPDX-License-Identifier: BSD-2-Clause
/*
 * See exception.h.
 */
#include "arch/exception.h"

#include "arch/cp15.h"
#include "arch/psr.h"
#include "arch/regfile.h"

#define SCTLR_V  (1u << 13) /* vectors at 0xffff0000 */
#define SCTLR_EE (1u << 25) /* exceptions are taken big-endian */
#define SCTLR_TE (1u << 30) /* exceptions are taken in Thumb */

#define VECTOR_UNDEFINED      0x04u
#define VECTOR_PREFETCH_ABORT 0x0cu
#define VECTOR_DATA_ABORT     0x10u

#define TTBCR_EAE (1u << 31) /* long-descriptor format */

/* Fault status by kind: short-descriptor format (table B3-23), and long (table
 * B3-24) with the bit that says so. */
static const uint16_t short_status[] = {
	[ABORT_EXTERNAL] = 0x008,        [ABORT_EXTERNAL_WALK_1] = 0x00c,
	[ABORT_EXTERNAL_WALK_2] = 0x00e, [ABORT_EXTERNAL_WALK_3] = 0x00e,
	[ABORT_ALIGNMENT] = 0x001,
};
static const uint16_t long_status[] = {
	[ABORT_EXTERNAL] = 0x210,        [ABORT_EXTERNAL_WALK_1] = 0x215,
	[ABORT_EXTERNAL_WALK_2] = 0x216, [ABORT_EXTERNAL_WALK_3] = 0x217,
	[ABORT_ALIGNMENT] = 0x221,
};

/* Exception entry into ABT or UND mode (B1.8.10, pseudocode EnterMode). */
static void enter(struct vcpu_frame *frame, uint32_t mode, uint32_t vector, uint32_t lr)
{
	uint32_t sctlr = read_SCTLR();
	uint32_t base = sctlr & SCTLR_V ? 0xffff0000u : read_VBAR();
	uint32_t cpsr = frame->cpsr;

	regfile_enter(mode, lr, cpsr);
	cpsr &= ~(uint32_t)(PSR_MODE_MASK | PSR_IT_MASK | PSR_J | PSR_T | PSR_E);
	cpsr |= mode | PSR_I;
	if (mode == PSR_MODE_ABT)
		cpsr |= PSR_A;
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

static uint32_t status_of(enum abort_kind kind)
{
	return exception_is_long_format() ? long_status[kind] : short_status[kind];
}

void exception_inject_undefined(struct vcpu_frame *frame)
{
	uint32_t offset = frame->cpsr & PSR_T ? 2 : 4;

	enter(frame, PSR_MODE_UND, VECTOR_UNDEFINED, frame->pc + offset);
}

void exception_inject_prefetch_abort(struct vcpu_frame *frame, uint32_t address,
				     enum abort_kind kind)
{
	write_IFAR(address);
	write_IFSR(status_of(kind));
	enter(frame, PSR_MODE_ABT, VECTOR_PREFETCH_ABORT, frame->pc + 4);
}

void exception_inject_data_abort(struct vcpu_frame *frame, uint32_t address, enum abort_kind kind,
				 uint32_t status)
{
	write_DFAR(address);
	write_DFSR(status_of(kind) | status);
	enter(frame, PSR_MODE_ABT, VECTOR_DATA_ABORT, frame->pc + 8);
}
