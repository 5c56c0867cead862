// SPDX-License-Identifier: BSD-2-Clause
/*
 * See exception.h.
 */
#include "arch/exception.h"

#include "arch/cp15.h"
#include "arch/psr.h"
#include "arch/regfile.h"
#include "kernel/vcpu.h"

#define SCTLR_V  (1u << 13) /* vectors at 0xffff0000 */
#define SCTLR_EE (1u << 25) /* exceptions are taken big-endian */
#define SCTLR_TE (1u << 30) /* exceptions are taken in Thumb */

#define VECTOR_UNDEFINED      0x04u
#define VECTOR_PREFETCH_ABORT 0x0cu
#define VECTOR_DATA_ABORT     0x10u

#define TTBCR_EAE (1u << 31) /* long-descriptor format */

/* Fault status: synchronous external abort, in either format (B4.1.52). */
#define FSR_SHORT_EXTERNAL 0x008u
#define FSR_LONG_EXTERNAL  0x210u
#define FSR_WNR            (1u << 11)

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

static uint32_t external_abort_status(void)
{
	return read_TTBCR() & TTBCR_EAE ? FSR_LONG_EXTERNAL : FSR_SHORT_EXTERNAL;
}

void exception_inject_undefined(struct vcpu_frame *frame)
{
	uint32_t offset = frame->cpsr & PSR_T ? 2 : 4;

	enter(frame, PSR_MODE_UND, VECTOR_UNDEFINED, frame->pc + offset);
}

void exception_inject_prefetch_abort(struct vcpu_frame *frame, uint32_t address)
{
	write_IFAR(address);
	write_IFSR(external_abort_status());
	enter(frame, PSR_MODE_ABT, VECTOR_PREFETCH_ABORT, frame->pc + 4);
}

void exception_inject_data_abort(struct vcpu_frame *frame, uint32_t address, bool is_write)
{
	write_DFAR(address);
	write_DFSR(external_abort_status() | (is_write ? FSR_WNR : 0));
	enter(frame, PSR_MODE_ABT, VECTOR_DATA_ABORT, frame->pc + 8);
}
