// SPDX-License-Identifier: BSD-2-Clause
/*
 * See forms.h. Encodings and what they forbid: ARM ARM DDI 0406C, A5.2.8, A5.3, A5.5,
 * A6.2.4, A6.3.5 to A6.3.10, and the instructions' own pages in A8.8.
 */
#include "tests/target/transfer/forms.h"

#include <stddef.h>

#define SP 13u
#define LR 14u

#define BIT(insn, n)            ((insn) >> (n)&1u)
#define FIELD(insn, low, width) ((insn) >> (low) & ((1u << (width)) - 1u))

static uint32_t state;

void dice_seed(uint32_t seed)
{
	state = seed * 2654435761u + 1;
}

uint32_t dice(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

uint32_t dice_below(uint32_t limit)
{
	return (uint32_t)((uint64_t)dice() * limit >> 32);
}

/* ---- A32 ---- */

/* Rn and P, U, W, of which P clear and W set is the unprivileged form. */
static void a32_index(struct form *f, uint32_t insn)
{
	f->base = FIELD(insn, 16, 4);
	f->is_post_indexed = !BIT(insn, 24);
	f->is_subtracted = !BIT(insn, 23);
	f->writes_back = f->is_post_indexed || BIT(insn, 21);
	f->is_load = BIT(insn, 20);
	f->moved = 1u << FIELD(insn, 12, 4);
}

/* Shifts by zero, which mean 32 or RRX, are drawn more often than others. */
static bool a32_word_byte(struct form *f, uint32_t insn)
{
	if (BIT(insn, 25) && dice_below(4) == 0)
		f->encoding = insn &= ~0xf80u;
	a32_index(f, insn);
	f->bytes = BIT(insn, 22) ? 1 : 4;
	f->immediate = FIELD(insn, 0, 12);
	if (BIT(insn, 25)) {
		f->index = FIELD(insn, 0, 4);
		f->shift = FIELD(insn, 5, 2);
		f->amount = FIELD(insn, 7, 5);
	}
	return true;
}

static void a32_extra_offset(struct form *f, uint32_t insn)
{
	a32_index(f, insn);
	f->immediate = FIELD(insn, 8, 4) << 4 | FIELD(insn, 0, 4);
	if (!BIT(insn, 22)) {
		f->index = FIELD(insn, 0, 4);
		f->encoding &= ~0xf00u;
	}
}

static bool a32_half_signed(struct form *f, uint32_t insn)
{
	a32_extra_offset(f, insn);
	f->bytes = BIT(insn, 5) ? 2 : 1;
	return f->is_load ? FIELD(insn, 5, 2) != 0 : FIELD(insn, 5, 2) == 1;
}

static bool a32_dual(struct form *f, uint32_t insn)
{
	uint32_t t = FIELD(insn, 12, 4);

	a32_extra_offset(f, insn);
	f->is_load = !BIT(insn, 5);
	f->moved = 3u << t;
	if (f->is_load && f->index < FORM_NO_INDEX && f->moved >> f->index & 1)
		return false;
	return t % 2 == 0 && (BIT(insn, 24) || !BIT(insn, 21));
}

/* Lists, in A32 and T32: to the lowest address from where the base points. */
static bool list(struct form *f, uint32_t insn)
{
	uint32_t bytes, is_up = BIT(insn, 23), is_before = BIT(insn, 24);

	f->is_list = true;
	f->base = FIELD(insn, 16, 4);
	f->is_load = BIT(insn, 20);
	f->writes_back = BIT(insn, 21);
	f->is_user_bank = BIT(insn, 22);
	f->moved = FIELD(insn, 0, 16);
	bytes = 4 * (uint32_t)__builtin_popcount(f->moved);
	f->skew = is_up ? 4 * is_before : 4 * !is_before - bytes;
	return !(f->is_user_bank && f->writes_back);
}

/* ---- T32 ---- */

/* Bits [24:20]: signed, (imm12), size, load. */
static bool t32_single(struct form *f, uint32_t insn)
{
	f->base = FIELD(insn, 16, 4);
	f->moved = 1u << FIELD(insn, 12, 4);
	f->is_load = BIT(insn, 20);
	f->bytes = 1u << FIELD(insn, 21, 2);
	if (f->bytes < 4 && f->moved == 1u << SP)
		return false;
	return BIT(insn, 24) ? f->is_load && f->bytes < 4 : f->bytes <= 4;
}

static bool t32_imm12(struct form *f, uint32_t insn)
{
	f->immediate = FIELD(insn, 0, 12);
	return t32_single(f, insn) && f->base != FORM_PC;
}

static bool t32_literal(struct form *f, uint32_t insn)
{
	f->immediate = FIELD(insn, 0, 12);
	f->is_subtracted = !BIT(insn, 23);
	return t32_single(f, insn);
}

static bool t32_imm8(struct form *f, uint32_t insn)
{
	uint32_t puw = FIELD(insn, 8, 3);

	f->immediate = FIELD(insn, 0, 8);
	f->is_post_indexed = !(puw & 4);
	f->is_subtracted = !(puw & 2);
	f->writes_back = puw & 1;
	if (!t32_single(f, insn) || f->base == FORM_PC || (puw & 5) == 0)
		return false;
	return puw != 6 || f->moved != 1u << SP;
}

static bool t32_register(struct form *f, uint32_t insn)
{
	f->index = FIELD(insn, 0, 4);
	f->amount = FIELD(insn, 4, 2);
	return t32_single(f, insn) && f->base != FORM_PC && f->index != SP;
}

static bool t32_dual(struct form *f, uint32_t insn)
{
	uint32_t t = FIELD(insn, 12, 4), t2 = FIELD(insn, 8, 4);

	a32_index(f, insn);
	f->writes_back = BIT(insn, 21);
	f->immediate = 4 * FIELD(insn, 0, 8);
	f->moved = 1u << t | 1u << t2;
	if (t == SP || t2 == SP || (f->base == FORM_PC && !f->is_load))
		return false;
	return BIT(insn, 24) + BIT(insn, 21) > 0 && t != t2;
}

static bool t32_list(struct form *f, uint32_t insn)
{
	bool is_known = list(f, insn);

	return is_known && (f->moved & (f->moved - 1)) &&
	       !(f->writes_back && f->moved >> f->base & 1);
}

/* ---- T16 ---- */

static void t16_low(struct form *f, uint32_t insn)
{
	f->base = FIELD(insn, 3, 3);
	f->moved = 1u << FIELD(insn, 0, 3);
	f->is_load = BIT(insn, 11);
}

static bool t16_register(struct form *f, uint32_t insn)
{
	/* STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH */
	static const uint8_t bytes[] = { 4, 2, 1, 1, 4, 2, 1, 2 };

	t16_low(f, insn);
	f->index = FIELD(insn, 6, 3);
	f->is_load = FIELD(insn, 9, 3) > 2;
	f->bytes = bytes[FIELD(insn, 9, 3)];
	return true;
}

static bool t16_immediate(struct form *f, uint32_t insn)
{
	t16_low(f, insn);
	f->bytes = BIT(insn, 12) ? 1 : 4;
	f->immediate = FIELD(insn, 6, 5) * f->bytes;
	return true;
}

static bool t16_half(struct form *f, uint32_t insn)
{
	t16_low(f, insn);
	f->bytes = 2;
	f->immediate = FIELD(insn, 6, 5) * 2;
	return true;
}

static bool t16_stack(struct form *f, uint32_t insn)
{
	f->base = SP;
	f->moved = 1u << FIELD(insn, 8, 3);
	f->is_load = BIT(insn, 11);
	f->immediate = FIELD(insn, 0, 8) * 4;
	return true;
}

static bool t16_literal(struct form *f, uint32_t insn)
{
	t16_stack(f, insn);
	f->base = FORM_PC;
	f->is_load = true;
	return true;
}

/* As the LDM or STM that it is short for. */
static bool t16_list(struct form *f, uint32_t insn)
{
	uint32_t n = FIELD(insn, 8, 3), is_load = BIT(insn, 11);
	uint32_t writes_back = !(is_load && BIT(insn, n));

	return list(f, 1u << 23 | writes_back << 21 | is_load << 20 | n << 16 | FIELD(insn, 0, 8));
}

static bool t16_push_pop(struct form *f, uint32_t insn)
{
	uint32_t is_pop = BIT(insn, 11), low = FIELD(insn, 0, 8);

	if (is_pop)
		return list(f, 0x00bd0000 | BIT(insn, 8) << FORM_PC | low);
	return list(f, 0x012d0000 | BIT(insn, 8) << LR | low);
}

/* ---- All ---- */

/* drawn: the bits that the dice decide. */
struct row {
	uint32_t match;
	uint32_t drawn;
	bool (*learn)(struct form *f, uint32_t insn);
	bool is_thumb;
};

static const struct row rows[] = {
	{ 0x04000000, 0x01ffffff, a32_word_byte, false }, /* immediate */
	{ 0x06000000, 0x01ffffef, a32_word_byte, false }, /* register */
	{ 0x001000b0, 0x01efff4f, a32_half_signed, false },
	{ 0x001000d0, 0x01efff2f, a32_half_signed, false },
	{ 0x000000b0, 0x01efff0f, a32_half_signed, false },
	{ 0x000000d0, 0x01efff2f, a32_dual, false },
	{ 0x08000000, 0x01bf7fff, list, false },
	{ 0x08400000, 0x019f7fff, list, false },          /* user registers */
	{ 0x051f0000, 0x00c0ffff, a32_word_byte, false }, /* from the PC on */
	{ 0x015f0090, 0x0080ff6f, a32_half_signed, false },
	{ 0x014f00d0, 0x0080ff2f, a32_dual, false },
	{ 0xf8800000, 0x017fffff, t32_imm12, true },
	{ 0xf8000800, 0x017ff7ff, t32_imm8, true },
	{ 0xf8000000, 0x017ff03f, t32_register, true },
	{ 0xf81f0000, 0x01e0ffff, t32_literal, true },
	{ 0xe8400000, 0x01bfffff, t32_dual, true },
	{ 0xe95f0000, 0x0080ffff, t32_dual, true }, /* from the PC on */
	{ 0xe8800000, 0x003f5fff, t32_list, true }, /* IA */
	{ 0xe9000000, 0x003f5fff, t32_list, true }, /* DB */
	{ 0x5000, 0x0fff, t16_register, true },
	{ 0x6000, 0x1fff, t16_immediate, true },
	{ 0x8000, 0x0fff, t16_half, true },
	{ 0x9000, 0x0fff, t16_stack, true },
	{ 0x4800, 0x07ff, t16_literal, true },
	{ 0xc000, 0x0fff, t16_list, true },
	{ 0xb400, 0x09ff, t16_push_pop, true },
};

const uint32_t form_rows = sizeof(rows) / sizeof(rows[0]);

/* What all of them forbid; and that the base is the index only where the address
 * does not depend on it, for else it can't be aimed. */
static bool is_legal(const struct form *f)
{
	bool moves_base = f->moved >> f->base & 1;
	bool is_lowest = (f->moved & ((1u << f->base) - 1)) == 0;

	if (f->moved == 0 || f->moved >> FORM_PC || f->index == FORM_PC)
		return false;
	if (f->base == FORM_PC && (f->writes_back || f->is_list || f->index != FORM_NO_INDEX))
		return false;
	if (f->writes_back && moves_base && !(f->is_list && !f->is_load && is_lowest))
		return false;
	return f->index != f->base || f->is_post_indexed;
}

bool form_draw(struct form *form, uint32_t row)
{
	const struct row *r = &rows[row];
	uint32_t insn = r->match | (dice() & r->drawn);

	*form = (struct form){
		.encoding = insn,
		.is_thumb = r->is_thumb,
		.is_wide = !r->is_thumb || insn >> 16,
		.bytes = 4,
		.index = FORM_NO_INDEX,
	};
	if (!r->learn(form, insn) || !is_legal(form))
		return false;
	if (!r->is_thumb)
		form->encoding |= (dice_below(2) ? 14 : dice_below(14)) << 28;
	return true;
}

uint32_t form_offset(const struct form *f, uint32_t index, bool carry)
{
	uint64_t twice = (uint64_t)index << 32 | index;
	uint32_t value = f->immediate, n = f->amount;

	if (f->is_post_indexed)
		return 0;
	if (f->index != FORM_NO_INDEX) {
		if (f->shift == 0)
			value = index << n;
		else if (f->shift == 1)
			value = (uint32_t)((uint64_t)index >> (n ? n : 32));
		else if (f->shift == 2)
			value = (uint32_t)((int64_t)(int32_t)index >> (n ? n : 32));
		else
			value = n ? (uint32_t)(twice >> n) : (uint32_t)carry << 31 | index >> 1;
	}
	return (f->is_subtracted ? -value : value) + f->skew;
}
