// SPDX-License-Identifier: BSD-2-Clause
/*
 * See regfile.h. Registers 0 to 7 are in the frame in every mode; the others
 * are, too, but for the modes that have their own.
 */
#include "arch/regfile.h"

#include "arch/banked.h"
#include "arch/psr.h"

#define SP 13u
#define LR 14u

/* Registers 8 to 14 that have a bank: mode, number, name. User and System mode
 * share a bank, whose LR is in the frame. */
/* clang-format off */
#define BANKS(X) \
	X(FIQ, 8, R8_fiq)   X(FIQ, 9, R9_fiq)   X(FIQ, 10, R10_fiq) X(FIQ, 11, R11_fiq) \
	X(FIQ, 12, R12_fiq) X(FIQ, SP, SP_fiq)  X(FIQ, LR, LR_fiq) \
	X(IRQ, SP, SP_irq)  X(IRQ, LR, LR_irq)  X(SVC, SP, SP_svc)  X(SVC, LR, LR_svc) \
	X(ABT, SP, SP_abt)  X(ABT, LR, LR_abt)  X(UND, SP, SP_und)  X(UND, LR, LR_und) \
	X(USR, SP, SP_usr)  X(SYS, SP, SP_usr)
/* clang-format on */

/* One number for a mode and a register in it. */
#define BANKED(mode, n) ((mode) << 4 | (n))

#define READ_BANK(mode, n, name)         \
	case BANKED(PSR_MODE_##mode, n): \
		return read_##name();
#define WRITE_BANK(mode, n, name)        \
	case BANKED(PSR_MODE_##mode, n): \
		write_##name(value);     \
		break;

uint32_t regfile_read_high(const struct vcpu_frame *frame, uint32_t n)
{
	switch (BANKED(frame->cpsr & PSR_MODE_MASK, n)) {
		BANKS(READ_BANK)
	default:
		return n < SP ? frame->r[n] : (n == LR ? frame->lr_usr : 0);
	}
}

void regfile_write_high(struct vcpu_frame *frame, uint32_t n, uint32_t value)
{
	switch (BANKED(frame->cpsr & PSR_MODE_MASK, n)) {
		BANKS(WRITE_BANK)
	default:
		if (n < SP)
			frame->r[n] = value;
		else if (n == LR)
			frame->lr_usr = value;
		break;
	}
}
