// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses to emulated devices that the syndrome does not describe (ARM ARM DDI 0406C,
 * B3.13.6; see trap.h). The instruction is fetched through the guest's own tables, read
 * once, and trusted in nothing: what it says must agree with the fault.
 */
#include "arch/barrier.h"
#include "arch/decode.h"
#include "kernel/condition.h"
#include "kernel/mmio.h"
#include "kernel/trap.h"
#include "kernel/vm.h"

#define PAR_F         (1ull << 0)     /* it faulted */
#define PAR_PA_BEYOND (0xffull << 32) /* PA[39:32] */
#define CPSR_C        (1u << 29)

/* As the guest translates, both stages, for a read by PL0 or PL1 (ATS12NSOUR and
 * ATS12NSOPR, B4.2.4). PAR is the guest's, too: it gets it back. It has the long
 * format, for stage 2 is on. */
static uint64_t translate(const struct vcpu *vcpu, uint32_t address)
{
	uint64_t guests = read_PAR();
	uint64_t par;

	if ((vcpu->frame.cpsr & PSR_MODE_MASK) == PSR_MODE_USR)
		__asm__ volatile("mcr p15, 0, %0, c7, c8, 6" : : "r"(address) : "memory");
	else
		__asm__ volatile("mcr p15, 0, %0, c7, c8, 4" : : "r"(address) : "memory");
	isb(); /* the result is there */
	par = read_PAR();
	write_PAR(guests);
	return par;
}

/* The word of code at an aligned address; false if it is not mapped, or not to RAM. (To
 * its own, or a buffer of its own: stage 2 lets it at no other.) */
ON_FAST_PATH bool read_code(const struct vcpu *vcpu, uint32_t address, uint32_t *word)
{
	uint64_t par = translate(vcpu, address);
	pa_t pa = { ((uint32_t)par & ~(PAGE_BYTES - 1)) | address % PAGE_BYTES };

	if (par & (PAR_F | PAR_PA_BEYOND) || pa.raw - BOARD_RAM_BASE >= BOARD_RAM_BYTES)
		return false;
	*word = guest_ram_word(vcpu->core, pa);
	return true;
}

/* As arch/decode.h wants it. Little-endian, whatever CPSR.E says (A3.3.1). Two halves of a
 * T32 instruction may lie in two words, or pages; that nothing else does is not left to the
 * guest's PC. */
static bool fetch(const struct vcpu *vcpu, uint32_t *encoding)
{
	uint32_t pc = vcpu->frame.pc, next = 0, halves;

	if (!read_code(vcpu, pc & ~3u, encoding))
		return false;
	if (!(vcpu->frame.cpsr & PSR_T))
		return true;
	halves = pc & 2 ? *encoding >> 16 : *encoding;
	*encoding = (uint16_t)halves;
	if (*encoding < DECODE_THUMB_WIDE)
		return true;
	if (pc & 2 && !read_code(vcpu, pc + 2, &next))
		return false;
	*encoding = *encoding << 16 | (uint16_t)next | halves >> 16; /* the first half on top */
	return true;
}

/* A32 has the condition in the instruction, Thumb in CPSR. */
static bool is_executed(const struct vcpu_frame *frame, uint32_t encoding)
{
	uint32_t condition = HSR_CV | encoding >> 28 << HSR_COND_SHIFT;

	return condition_passed(frame->cpsr & PSR_T ? 0 : condition, frame->cpsr);
}

static uint32_t base_of(const struct vcpu_frame *frame, const struct transfer *t)
{
	if (t->base != TRANSFER_PC)
		return regfile_read(frame, t->base);
	return (frame->pc + (frame->cpsr & PSR_T ? 4 : 8)) & ~3u;
}

static uint32_t offset_of(const struct vcpu_frame *frame, const struct transfer *t)
{
	uint32_t index = t->has_index ? regfile_read(frame, t->index) : 0;

	return decode_offset(t, index, frame->cpsr & CPSR_C);
}

/* Is this the access that faulted, and all of it in the page for which the fault
 * speaks? */
static bool is_expected(const struct transfer *t, uint32_t first)
{
	uint32_t fault = read_HDFAR();
	uint32_t bytes = t->count * t->bytes;

	return fault - first < bytes && first / PAGE_BYTES == fault / PAGE_BYTES &&
	       (first + bytes - 1) / PAGE_BYTES == fault / PAGE_BYTES;
}

/* Between values and the registers of the guest's mode, or of User mode. */
static void move_registers(struct vcpu_frame *frame, const struct transfer *t, uint32_t *values)
{
	uint32_t cpsr = frame->cpsr;

	if (t->is_user_bank)
		frame->cpsr = (cpsr & ~(uint32_t)PSR_MODE_MASK) | PSR_MODE_USR;
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->is_load)
			regfile_write(frame, t->registers[i], values[i]);
		else
			values[i] = regfile_read(frame, t->registers[i]);
	}
	frame->cpsr = cpsr;
}

/* Word by word: no list has others. */
static OUT_OF_LINE enum exit_result transfer_list(struct vcpu *vcpu, const struct transfer *t,
						  uint32_t ipa, uint32_t hsr)
{
	uint32_t values[TRANSFER_REGISTERS_MAX] = { 0 };
	enum exit_result result = EXIT_DONE;

	if (!t->is_load)
		move_registers(&vcpu->frame, t, values);
	/* Listing looks at every interrupt: once will do. */
	vcpu->vgic.is_held = true;
	for (uint32_t i = 0; i < t->count && result == EXIT_DONE; i++)
		result = mmio_transfer(vcpu, ipa + i * 4, hsr, &values[i]);
	vgic_unhold(vcpu);
	if (t->is_load && result == EXIT_DONE)
		move_registers(&vcpu->frame, t, values);
	return result;
}

static enum exit_result emulate(struct vcpu *vcpu, const struct core_decoded *decoded, uint32_t ipa,
				uint32_t hsr)
{
	const struct transfer *t = &decoded->transfer;
	struct vcpu_frame *frame = &vcpu->frame;
	uint32_t base = base_of(frame, t), offset = offset_of(frame, t);
	uint32_t first = decode_first_address(t, base, offset);
	enum exit_result result;

	if (t->is_load != !(hsr & HSR_WNR))
		return EXIT_FAULT;
	if (decoded->syndrome && first == read_HDFAR())
		result = mmio_access(vcpu, ipa, hsr | decoded->syndrome);
	else if (!is_expected(t, first))
		return EXIT_FAULT;
	else if (t->bytes != 4 || first % 4)
		return EXIT_MISALIGNED;
	else
		result = transfer_list(vcpu, t, ipa - ipa % PAGE_BYTES + first % PAGE_BYTES, hsr);
	if (result == EXIT_DONE && t->writes_back)
		regfile_write(frame, t->base, base + offset);
	return result;
}

/* What the instruction does; of the last one it is remembered: a driver's loop repeats
 * itself. Without registers: nothing that a device supports. */
static const struct core_decoded *decode(struct vcpu *vcpu, uint32_t encoding)
{
	struct core_decoded *last = &vcpu->core->decoded;
	struct transfer *t = &last->transfer;
	uint32_t state = vcpu->frame.cpsr & PSR_T;

	if (last->encoding == encoding && last->state == state)
		return last;
	last->encoding = encoding;
	last->state = state;
	if (!(state ? decode_thumb : decode_a32)(encoding, t))
		t->count = 0;
	last->syndrome = 0;
	if (t->count == 1 && !t->is_user_bank)
		last->syndrome = HSR_ISV | (uint32_t)t->bytes >> 1 << HSR_SAS_SHIFT |
				 (t->is_signed ? HSR_SSE : 0) |
				 (uint32_t)t->registers[0] << HSR_SRT_SHIFT;
	return last;
}

OUT_OF_LINE enum exit_result emulate_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr)
{
	bool is_thumb = vcpu->frame.cpsr & PSR_T;
	enum exit_result result = EXIT_DONE;
	uint32_t encoding;

	if (vcpu->frame.cpsr & PSR_J)
		return EXIT_FAULT; /* ThumbEE's loads differ (A9.4) */
	if (!fetch(vcpu, &encoding))
		return EXIT_WAIT; /* it will fault, or be mapped, when it runs again */
	if (is_executed(&vcpu->frame, encoding))
		result = emulate(vcpu, decode(vcpu, encoding), ipa, hsr);
	if (result != EXIT_DONE)
		return result;
	vcpu_skip(vcpu, is_thumb && encoding <= UINT16_MAX ? 2 : 4);
	return EXIT_JUMP;
}
