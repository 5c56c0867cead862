// SPDX-License-Identifier: BSD-2-Clause
/*
 * See trap.h (ARM ARM DDI 0406C, B3.13). Interrupts are masked throughout; every
 * path is bounded and ends with a vCPU to run.
 */
#include "kernel/trap.h"

#include "arch/exception.h"
#include "kernel/sched.h"
#include "kernel/world.h"

/* An exception class that no setting of ours can bring: undefined for the guest. */
static enum exit_result trap_unknown(struct vcpu *vcpu, UNUSED uint32_t hsr)
{
	return exception_inject_undefined(&vcpu->frame);
}

/* WFI waits unless something is pending already, or an interrupt of the core may be about to
 * say so (of the list registers: heard too late, it would be another's); WFE does not trap. */
static enum exit_result trap_wfx(struct vcpu *vcpu, uint32_t hsr)
{
	if (!(hsr & HSR_WFX_IS_WFE) && !(read_ISR() & ISR_I) && !vgic_has_pending(vcpu))
		sched_block(vcpu);
	return EXIT_DONE;
}

#define HCPTR_COPROCESSOR_MASK 0xfu

static enum exit_result trap_hcptr(struct vcpu *vcpu, uint32_t hsr)
{
	uint32_t coprocessor = hsr & HCPTR_COPROCESSOR_MASK;

	if (coprocessor != 10 && coprocessor != 11)
		return trap_unknown(vcpu, hsr);
	world_take_vfp(vcpu);
	sched_enter(vcpu); /* it will not trap now, and nothing has asked for more */
}

/* Where a stage-2 fault happened, of level 2 or 3. */
static uint32_t fault_ipa(void)
{
	return read_HPFAR() << (12 - HPFAR_TO_PAGE_SHIFT) | (read_HDFAR() & (PAGE_BYTES - 1));
}

/* A translation fault on an access of an instruction is a device's; anything else
 * is what a real bus would answer with an abort. Our tables begin at level 2: a fault
 * of level 1 is beyond 32 bits of IPA (TranslationTableWalkLD; QEMU's HPFAR is cut off). */
#define DATA_ABORT_MMIO      (HSR_FSC_TRANSLATION | HSR_FSC_LEVEL_2_3)
#define DATA_ABORT_MMIO_MASK (HSR_EA | HSR_CM | HSR_S1PTW | HSR_FSC_KIND_MASK | HSR_FSC_LEVEL_2_3)

/* On a Cortex-A15 with erratum 766422 (r0p4 and before) HSR.Rt is wrong for Thumb stores. */
static bool is_thumb_store_wrong;

static enum exit_result trap_data_abort(struct vcpu *vcpu, uint32_t hsr)
{
	if ((hsr & DATA_ABORT_MMIO_MASK) != DATA_ABORT_MMIO)
		return EXIT_FAULT;
	if (!(hsr & HSR_ISV) ||
	    ((hsr & HSR_WNR) && (vcpu->frame.cpsr & PSR_T) && is_thumb_store_wrong))
		return emulate_access(vcpu, fault_ipa(), hsr);
	return mmio_access(vcpu, fault_ipa(), hsr);
}

static enum exit_result trap_prefetch_abort(UNUSED struct vcpu *vcpu, UNUSED uint32_t hsr)
{
	return EXIT_FAULT;
}

/* Handled again when others have answered: until then the guest does not go on. */
static void wait_for_answer(struct vcpu *vcpu, uint32_t hsr)
{
	vcpu->waits = (struct vcpu_trap){ hsr, read_HDFAR(), read_HPFAR() };
	sched_set_state(vcpu, VCPU_WAITING);
}

ON_FAST_PATH void settle(struct vcpu *vcpu, uint32_t hsr, enum exit_result result)
{
	if (result == EXIT_DONE)
		vcpu_skip(vcpu, 2 + 2 * (hsr >> HSR_IL_SHIFT & 1));
	else if (result > EXIT_DONE)
		fault_guest(vcpu, hsr, result);
	else if (CONFIG_CORE_COUNT > 1 && result == EXIT_WAIT && vcpu->vgic.asked_at)
		wait_for_answer(vcpu, hsr);
}

ON_FAST_PATH _Noreturn void finish(struct vcpu *vcpu, uint32_t hsr, enum exit_result result)
{
	settle(vcpu, hsr, result);
	sched_return(vcpu);
}

static RARELY_RUN _Noreturn void finish_slowly(struct vcpu *vcpu, uint32_t hsr,
					       enum exit_result result)
{
	finish(vcpu, hsr, result);
}

/* X(exception class, handler, what its answer leads to). */
#define EXITS(X)                           \
	X(UNKNOWN, unknown, finish_slowly) \
	X(WFX, wfx, finish)                \
	X(CP15_32, coprocessor, finish)    \
	X(HCPTR, hcptr, finish)            \
	X(HVC, hypercall, finish)          \
	X(SMC, smc, finish_slowly)         \
	X(PREFETCH_ABORT, prefetch_abort, finish_slowly)

#define EXIT(class, handler, finish)                                                      \
	static OUT_OF_LINE _Noreturn void exit_##handler(struct vcpu *vcpu, uint32_t hsr) \
	{                                                                                 \
		TRACE(vcpu->core, EXIT, hsr, vcpu->frame.pc);                             \
		finish(vcpu, hsr, trap_##handler(vcpu, hsr));                             \
	}
EXITS(EXIT)

/* What nearly all data aborts are, the short way: a register of a device's, by a word or a
 * half-word of an A32 instruction. */
#define SHORT_WAY(sas) (DATA_ABORT_MMIO | HSR_ISV | (sas) << HSR_SAS_SHIFT)
#define SHORT_WAY_MASK (DATA_ABORT_MMIO_MASK | HSR_ISV | HSR_SSE | HSR_WORD_MASK)

/* It leads to more than the next instruction. */
static OUT_OF_LINE _Noreturn void exit_slowly(enum exit_result result, struct vcpu *vcpu)
{
	finish(vcpu, read_HSR(), result);
}

/* Comes back if it isn't one of this size. */
ON_FAST_PATH void go_short_way(struct vcpu *vcpu, uint32_t hsr, uint32_t sas)
{
	enum exit_result result;
	uint32_t offset;

	if ((hsr & SHORT_WAY_MASK) != SHORT_WAY(sas) || (vcpu->frame.cpsr & (PSR_T | PSR_E)))
		return;
	offset = read_HDFAR() % PAGE_BYTES;
	if (offset % 4)
		return;
	TRACE(vcpu->core, EXIT, hsr, vcpu->frame.pc);
	result = mmio_access_register(vcpu, read_HPFAR() >> HPFAR_TO_PAGE_SHIFT, offset, hsr,
				      sas == HSR_SAS_WORD);
	if (result != EXIT_DONE || vcpu->core->needs_schedule)
		exit_slowly(result, vcpu);
	TRACE(vcpu->core, RETURN, vcpu->frame.pc + 4, vcpu->frame.cpsr);
	enter_guest_next(&vcpu->frame);
}

static OUT_OF_LINE _Noreturn void exit_other_access(struct vcpu *vcpu, uint32_t hsr)
{
	if (hsr & HSR_ISV)
		go_short_way(vcpu, hsr, HSR_SAS_HALF_WORD);
	TRACE(vcpu->core, EXIT, hsr, vcpu->frame.pc);
	finish(vcpu, hsr, trap_data_abort(vcpu, hsr));
}

static _Noreturn void exit_data_abort(struct vcpu *vcpu, uint32_t hsr)
{
	go_short_way(vcpu, hsr, HSR_SAS_WORD);
	exit_other_access(vcpu, hsr);
}

#define SLOT(class, handler, finish) [HSR_EC_##class] = exit_##handler,
void (*const exit_table[HSR_EC_COUNT])(struct vcpu *, uint32_t) = {
	/* clang-format off */
	[0 ... HSR_EC_COUNT - 1] = exit_unknown,
	[HSR_EC_CP15_64] = exit_coprocessor,
	[HSR_EC_CP14_32] = exit_coprocessor,
	[HSR_EC_CP14_64] = exit_coprocessor,
	EXITS(SLOT)
	[HSR_EC_DATA_ABORT] = exit_data_abort,
	/* clang-format on */
};

#define MIDR_VARIANT_MASK 0x00f00000u

void trap_init(void)
{
	uint32_t midr = read_MIDR();

	if ((midr & MIDR_PART_MASK) == MIDR_CORTEX_A15 && (midr & MIDR_VARIANT_MASK) == 0)
		is_thumb_store_wrong = true;
}

void trap_again(struct vcpu *vcpu)
{
	uint32_t hsr = vcpu->waits.hsr;

	write_HDFAR(vcpu->waits.hdfar);
	write_HPFAR(vcpu->waits.hpfar);
	settle(vcpu, hsr, trap_data_abort(vcpu, hsr)); /* only accesses wait */
	if (vcpu->state != VCPU_WAITING)
		vcpu->vgic.asked_at = 0;
}

/* An external abort that came late: it belongs to the VM that runs (HCR.AMO). */
_Noreturn void trap_asynchronous_abort(struct vcpu *vcpu)
{
	TRACE(vcpu->core, EXIT, (uint32_t)HSR_EC_DATA_ABORT << HSR_EC_SHIFT | HSR_EA,
	      vcpu->frame.pc);
	fault_asynchronous(vcpu);
	sched_return(vcpu);
}
