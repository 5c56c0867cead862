// SPDX-License-Identifier: BSD-2-Clause
/*
 * See decode.h. One table for each instruction set: the first row that matches
 * names the function for that form. 16-bit forms are rewritten as the 32-bit ones
 * that they are short for. What only one form forbids is checked in its function,
 * the rules of a whole instruction set once, at the end.
 */
#include "arch/decode.h"

#include <stddef.h>

#define SP 13u
#define LR 14u
#define PC TRANSFER_PC

struct row {
	uint32_t mask;
	uint32_t match;
	bool (*decode)(struct transfer *t, uint32_t insn);
};

static uint32_t field(uint32_t insn, uint32_t low, uint32_t width)
{
	return insn >> low & ((1u << width) - 1);
}

static bool bit(uint32_t insn, uint32_t number)
{
	return insn >> number & 1;
}

static bool transfers(const struct transfer *t, uint32_t n)
{
	for (uint32_t i = 0; i < t->count; i++)
		if (t->registers[i] == n)
			return true;
	return false;
}

/* What has the same place in all 32-bit forms: L, Rn, Rt, Rm. */
static void set_wide(struct transfer *t, uint32_t insn)
{
	t->is_load = bit(insn, 20);
	t->base = (uint8_t)field(insn, 16, 4);
	t->registers[0] = (uint8_t)field(insn, 12, 4);
	t->index = (uint8_t)field(insn, 0, 4);
}

/* And in most of those that write back: P, U, W. */
static void set_indexed(struct transfer *t, uint32_t insn)
{
	set_wide(t, insn);
	t->is_post_indexed = !bit(insn, 24);
	t->is_subtracted = !bit(insn, 23);
	t->writes_back = t->is_post_indexed || bit(insn, 21);
}

/* LDR, STR, LDRB, STRB (A5.3). */
static bool a32_single(struct transfer *t, uint32_t insn)
{
	set_indexed(t, insn);
	t->is_unprivileged = t->is_post_indexed && bit(insn, 21);
	t->bytes = bit(insn, 22) ? 1 : 4;
	t->immediate = (uint16_t)field(insn, 0, 12);
	t->has_index = bit(insn, 25);
	t->shift = (uint8_t)field(insn, 5, 2);
	t->shift_amount = (uint8_t)field(insn, 7, 5);
	return true;
}

/* LDRH, STRH, LDRSB, LDRSH (A5.2.8). With an index, bits [11:8] should be zero. */
static bool a32_extra(struct transfer *t, uint32_t insn)
{
	set_indexed(t, insn);
	t->is_unprivileged = t->is_post_indexed && bit(insn, 21);
	t->bytes = bit(insn, 5) ? 2 : 1;
	t->is_signed = bit(insn, 6);
	t->immediate = (uint16_t)(field(insn, 8, 4) << 4 | field(insn, 0, 4));
	t->has_index = !bit(insn, 22);
	return !t->has_index || field(insn, 8, 4) == 0;
}

/* LDRD, STRD: told apart by bit 5, for bit 20 is clear in both. */
static bool a32_dual(struct transfer *t, uint32_t insn)
{
	bool is_valid = a32_extra(t, insn) && !t->is_unprivileged && t->registers[0] % 2 == 0;

	t->is_load = !bit(insn, 5);
	t->is_signed = false;
	t->bytes = 4;
	t->count = 2;
	t->registers[1] = t->registers[0] + 1;
	return is_valid && !(t->is_load && t->has_index && transfers(t, t->index));
}

/* LDM, STM, A32 and T32. IB and DA begin a word higher than IA and DB. */
static bool multiple(struct transfer *t, uint32_t insn)
{
	set_indexed(t, insn);
	t->is_list = true;
	t->skew_bytes = bit(insn, 24) == bit(insn, 23) ? 4 : 0;
	t->is_post_indexed = bit(insn, 23);
	t->writes_back = bit(insn, 21);
	t->is_user_bank = bit(insn, 22);
	t->count = 0;
	for (uint32_t n = 0; n < PC; n++)
		if (bit(insn, n))
			t->registers[t->count++] = (uint8_t)n;
	t->immediate = (uint16_t)(t->count * 4);
	return !bit(insn, PC) && t->base != PC && !(t->is_user_bank && t->writes_back);
}

/* LDRD, STRD (A6.3.6). */
static bool t32_dual(struct transfer *t, uint32_t insn)
{
	set_indexed(t, insn);
	t->count = 2;
	t->registers[1] = (uint8_t)field(insn, 8, 4);
	t->immediate = (uint16_t)(field(insn, 0, 8) * 4);
	return !t->is_load || t->registers[0] != t->registers[1];
}

/* LDR, STR, LDRB ... (A6.3.7 to A6.3.10): a positive offset, but for literals. What
 * is signed is a load, and narrow. */
static bool t32_single(struct transfer *t, uint32_t insn)
{
	set_wide(t, insn);
	t->bytes = (uint8_t)(1u << field(insn, 21, 2));
	t->is_signed = bit(insn, 24);
	t->immediate = (uint16_t)field(insn, 0, 12);
	t->is_subtracted = t->base == PC && !bit(insn, 23);
	return t->bytes <= 4 && !(t->is_signed && (t->bytes == 4 || !t->is_load));
}

static bool t32_register(struct transfer *t, uint32_t insn)
{
	t->has_index = true;
	t->shift_amount = (uint8_t)field(insn, 4, 2);
	return t32_single(t, insn);
}

/* P, U, W in other places, in two meaningless combinations, too. */
static bool t32_indexed(struct transfer *t, uint32_t insn)
{
	bool is_valid = t32_single(t, insn) && field(insn, 8, 3) != 0 && field(insn, 8, 3) != 2;

	t->is_post_indexed = !bit(insn, 10);
	t->is_subtracted = !bit(insn, 9);
	t->writes_back = bit(insn, 8);
	t->is_unprivileged = field(insn, 8, 3) == 6;
	t->immediate = (uint16_t)field(insn, 0, 8);
	return is_valid;
}

/* Rn and Rt of a 16-bit form, moved to where a 32-bit form has them. */
static uint32_t widen(uint32_t insn)
{
	return field(insn, 3, 3) << 16 | field(insn, 0, 3) << 12;
}

static bool t16_register(struct transfer *t, uint32_t insn)
{
	/* STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH */
	static const uint16_t wide[] = { 0xf84, 0xf82, 0xf80, 0xf91, 0xf85, 0xf83, 0xf81, 0xf93 };
	uint32_t operation = wide[field(insn, 9, 3)];

	return t32_register(t, operation << 20 | widen(insn) | field(insn, 6, 3));
}

/* Words, bytes, halfwords: the upper bits are 6, 7 and 8. */
static bool t16_immediate(struct transfer *t, uint32_t insn)
{
	static const uint8_t sizes[] = { [6] = 2, [7] = 0, [8] = 1 };
	uint32_t size = sizes[insn >> 12];
	uint32_t operation = 0xf88 | size << 1 | field(insn, 11, 1);

	return t32_single(t, operation << 20 | widen(insn) | field(insn, 6, 5) << size);
}

/* Relative to SP, or literal. */
static bool t16_relative(struct transfer *t, uint32_t insn)
{
	uint32_t operation = 0xf8c | field(insn, 11, 1);
	uint32_t base = bit(insn, 15) ? SP : PC;

	return t32_single(t, operation << 20 | base << 16 | field(insn, 8, 3) << 12 |
				     field(insn, 0, 8) << 2);
}

static bool t16_push_pop(struct transfer *t, uint32_t insn)
{
	uint32_t is_pop = field(insn, 11, 1);
	uint32_t operation = is_pop ? 0xe8bd : 0xe92d;

	return multiple(t,
			operation << 16 | field(insn, 8, 1) << (LR + is_pop) | field(insn, 0, 8));
}

/* A load writes back unless it loads the base. */
static bool t16_multiple(struct transfer *t, uint32_t insn)
{
	uint32_t n = field(insn, 8, 3), is_load = field(insn, 11, 1);
	uint32_t writes_back = !is_load || !bit(insn, n);

	return multiple(t, 0xe8800000 | writes_back << 21 | is_load << 20 | n << 16 |
				   field(insn, 0, 8));
}

/* Without the condition. */
static const struct row a32_rows[] = {
	{ 0x0e000000, 0x04000000, a32_single }, /* immediate */
	{ 0x0e000010, 0x06000000, a32_single }, /* register */
	{ 0x0e0000f0, 0x000000b0, a32_extra },  /* LDRH, STRH */
	{ 0x0e1000d0, 0x001000d0, a32_extra },  /* LDRSB, LDRSH */
	{ 0x0e1000d0, 0x000000d0, a32_dual },   /* LDRD, STRD */
	{ 0x0e000000, 0x08000000, multiple },   /* LDM, STM */
	{ 0, 0, NULL },
};

static const struct row thumb_rows[] = {
	{ 0xfffff000, 0x00005000, t16_register },  /* LDR, STR, LDRB ... */
	{ 0xffffe000, 0x00006000, t16_immediate }, /* word, byte */
	{ 0xfffff000, 0x00008000, t16_immediate }, /* halfword */
	{ 0xfffff000, 0x00009000, t16_relative },  /* SP */
	{ 0xfffff800, 0x00004800, t16_relative },  /* literal */
	{ 0xfffff600, 0x0000b400, t16_push_pop },
	{ 0xfffff000, 0x0000c000, t16_multiple }, /* LDM, STM */
	{ 0xffc00000, 0xe8800000, multiple },     /* IA */
	{ 0xffc00000, 0xe9000000, multiple },     /* DB */
	{ 0xff600000, 0xe8600000, t32_dual },     /* post-indexed */
	{ 0xff400000, 0xe9400000, t32_dual },     /* offset, pre-indexed */
	{ 0xfe1f0000, 0xf81f0000, t32_single },   /* LDR, LDRB ... */
	{ 0xfe800000, 0xf8800000, t32_single },   /* LDR, STR, LDRB ... */
	{ 0xfe800800, 0xf8000800, t32_indexed },  /* 8 bits, LDRT ... */
	{ 0xfe800fc0, 0xf8000000, t32_register }, /* shifted left */
	{ 0, 0, NULL },
};

/* In all sets: the PC is neither transferred nor index, and a base that is written
 * back is not transferred; but a list may store it. */
static bool is_legal(const struct transfer *t)
{
	bool is_busy = transfers(t, t->base) && (t->is_load || !t->is_list);

	return t->count > 0 && !transfers(t, PC) && !(t->has_index && t->index == PC) &&
	       !(t->writes_back && (t->base == PC || is_busy));
}

/* In T32: nothing is stored relative to the PC, SP is no index and is transferred
 * as one word alone, a list has two registers and not the base. */
static bool is_legal_t32(const struct transfer *t)
{
	if (transfers(t, SP) && (t->count > 1 || t->bytes < 4 || t->is_unprivileged))
		return false;
	if (t->is_list)
		return t->count > 1 && !(t->writes_back && transfers(t, t->base));
	return (t->is_load || t->base != PC) && !(t->has_index && t->index == SP);
}

static bool decode(const struct row *row, struct transfer *t, uint32_t insn)
{
	__builtin_memset(t, 0, offsetof(struct transfer, registers));
	t->bytes = 4;
	t->count = 1;
	while ((insn & row->mask) != row->match)
		row++;
	return row->decode && row->decode(t, insn) && is_legal(t);
}

bool decode_a32(uint32_t instruction, struct transfer *transfer)
{
	return instruction >> 28 != 0xf && decode(a32_rows, transfer, instruction);
}

bool decode_thumb(uint32_t instruction, struct transfer *transfer)
{
	return decode(thumb_rows, transfer, instruction) &&
	       (instruction >> 16 == 0 || is_legal_t32(transfer));
}

uint32_t decode_offset(const struct transfer *transfer, uint32_t index, bool carry)
{
	uint32_t amount = transfer->shift_amount;
	uint32_t sign = -(index >> 31);
	uint32_t value = index;

	if (!transfer->has_index)
		value = transfer->immediate;
	else if (transfer->shift == TRANSFER_LSL)
		value <<= amount;
	else if (transfer->shift == TRANSFER_LSR)
		value = amount ? value >> amount : 0;
	else if (transfer->shift == TRANSFER_ASR)
		value = amount ? value >> amount | sign << (32 - amount) : sign;
	else if (amount)
		value = value >> amount | value << (32 - amount);
	else
		value = value >> 1 | (uint32_t)carry << 31;
	return transfer->is_subtracted ? -value : value;
}

uint32_t decode_first_address(const struct transfer *transfer, uint32_t base, uint32_t offset)
{
	return base + (transfer->is_post_indexed ? 0 : offset) + transfer->skew_bytes;
}
