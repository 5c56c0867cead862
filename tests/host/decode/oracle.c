// SPDX-License-Identifier: BSD-2-Clause
/*
 * See oracle.h. The text is read and not capstone's operands: in version 4 those
 * lack the write-back of LDRT, PUSH and POP, and all trace of a -0.
 */
#include "tests/host/decode/oracle.h"

#include <stdlib.h>
#include <string.h>

#define SP 13
#define PC 15

/* What a name says: bytes of an access, and letters: load, signed, user
 * (unprivileged), dual, multiple, before, descending, stack. */
static const struct name {
	const char *text;
	uint8_t bytes;
	const char *traits;
} names[] = {
	{ "ldr", 4, "l" },      { "ldrb", 1, "l" },    { "ldrh", 2, "l" },
	{ "ldrsb", 1, "ls" },   { "ldrsh", 2, "ls" },  { "str", 4, "" },
	{ "strb", 1, "" },      { "strh", 2, "" },     { "ldrt", 4, "lu" },
	{ "ldrbt", 1, "lu" },   { "ldrht", 2, "lu" },  { "ldrsbt", 1, "lsu" },
	{ "ldrsht", 2, "lsu" }, { "strt", 4, "u" },    { "strbt", 1, "u" },
	{ "strht", 2, "u" },    { "ldrd", 4, "l2" },   { "strd", 4, "2" },
	{ "ldm", 4, "lm" },     { "ldmib", 4, "lmb" }, { "ldmda", 4, "lmd" },
	{ "ldmdb", 4, "lmbd" }, { "stm", 4, "m" },     { "stmib", 4, "mb" },
	{ "stmda", 4, "md" },   { "stmdb", 4, "mbd" }, { "push", 4, "mbdk" },
	{ "pop", 4, "lmk" },
};

const unsigned oracle_name_count = sizeof(names) / sizeof(names[0]);

const char *oracle_name(unsigned index)
{
	return names[index].text;
}

const char *const oracle_reason_names[ORACLE_REASONS] = {
	[ORACLE_SUPPORTED] = "supported",
	[ORACLE_PC_TRANSFERRED] = "PC transferred",
	[ORACLE_PC_INDEX] = "PC is index",
	[ORACLE_PC_BASE] = "PC is base of a list or store, or written back",
	[ORACLE_BASE_REUSED] = "written-back base transferred",
	[ORACLE_PAIR] = "ill-formed pair",
	[ORACLE_BITS_NOT_ZERO] = "bits that should be zero",
	[ORACLE_LIST_TOO_SHORT] = "list too short",
	[ORACLE_USER_WRITE_BACK] = "User registers with write-back",
	[ORACLE_SP] = "SP where T32 forbids it",
	[ORACLE_UNKNOWN_NAME] = "another instruction",
	[ORACLE_NO_INSTRUCTION] = "no instruction",
};

static bool has(const struct name *name, char trait)
{
	return strchr(name->traits, trait) != NULL;
}

/* ---- Reading the text ---- */

/* Moves over the expected text, if it is there. */
static bool skip(const char **text, const char *expected)
{
	size_t length = strlen(expected);

	if (strncmp(*text, expected, length) != 0)
		return false;
	*text += length;
	return true;
}

static bool read_number(const char **text, unsigned long *number)
{
	char *end;

	*number = strtoul(*text, &end, 0);
	if (end == *text)
		return false;
	*text = end;
	return true;
}

static bool read_register(const char **text, uint8_t *n)
{
	static const char *const aliases[] = { "sb", "sl", "fp", "ip", "sp", "lr", "pc" };
	unsigned long number;

	for (unsigned i = 0; i < 7; i++) {
		if (skip(text, aliases[i])) {
			*n = (uint8_t)(9 + i);
			return true;
		}
	}
	if (!skip(text, "r") || !read_number(text, &number) || number > 15)
		return false;
	*n = (uint8_t)number;
	return true;
}

/* ", lsl #2" or nothing. */
static bool read_shift(const char **text, struct transfer *t)
{
	static const char *const shifts[] = { ", lsl #", ", lsr #", ", asr #", ", ror #" };
	unsigned long amount;

	for (unsigned i = 0; i < 4; i++) {
		if (skip(text, shifts[i])) {
			t->shift = (enum transfer_shift)i;
			if (!read_number(text, &amount))
				return false;
			t->shift_amount = amount % 32;
			return true;
		}
	}
	if (skip(text, ", rrx"))
		t->shift = TRANSFER_ROR;
	return true;
}

/* "#-4" or "-r2, lsl #2", after the base and a comma. */
static bool read_offset(const char **text, struct transfer *t)
{
	bool is_immediate = skip(text, "#");
	unsigned long number;

	t->is_subtracted = skip(text, "-");
	if (is_immediate) {
		if (!read_number(text, &number))
			return false;
		t->immediate = (uint16_t)number;
		return true;
	}
	t->has_index = true;
	return read_register(text, &t->index) && read_shift(text, t);
}

/* "r0, [r1], #4" and all its variants. */
static bool read_single(const char *text, const struct name *name, struct transfer *t)
{
	t->count = has(name, '2') ? 2 : 1;
	for (unsigned i = 0; i < t->count; i++)
		if (!read_register(&text, &t->registers[i]) || !skip(&text, ", "))
			return false;
	if (!skip(&text, "[") || !read_register(&text, &t->base))
		return false;
	if (skip(&text, ", ") && !read_offset(&text, t))
		return false;
	if (!skip(&text, "]"))
		return false;
	t->writes_back = skip(&text, "!");
	if (skip(&text, ", ")) {
		t->is_post_indexed = true;
		t->writes_back = true;
		if (!read_offset(&text, t))
			return false;
	}
	return *text == '\0';
}

/* "r0!, {r1, r2} ^"; without the base for PUSH and POP. */
static bool read_list(const char *text, const struct name *name, struct transfer *t, bool *has_pc)
{
	uint8_t n;

	t->base = SP;
	t->writes_back = true;
	if (!has(name, 'k')) {
		if (!read_register(&text, &t->base))
			return false;
		t->writes_back = skip(&text, "!");
		if (!skip(&text, ", "))
			return false;
	}
	if (!skip(&text, "{"))
		return false;
	while (read_register(&text, &n)) {
		*has_pc = n == PC;
		if (n != PC)
			t->registers[t->count++] = n;
		(void)skip(&text, ", ");
	}
	if (!skip(&text, "}"))
		return false;
	t->is_user_bank = skip(&text, " ^");
	t->immediate = (uint16_t)(4 * (t->count + *has_pc));
	t->is_list = true;
	t->is_subtracted = has(name, 'd');
	t->is_post_indexed = !has(name, 'd');
	t->skew_bytes = has(name, 'b') != has(name, 'd') ? 4 : 0;
	return *text == '\0';
}

/* The name with a condition or none, and ".w" or not. */
static const struct name *find_name(const char *mnemonic)
{
	static const char conditions[] = "eq ne hs lo mi pl vs vc hi ls ge lt gt le al ";

	for (unsigned i = 0; i < oracle_name_count; i++) {
		const char *rest = mnemonic;
		char suffix[4] = "";

		if (!skip(&rest, names[i].text))
			continue;
		if (*rest != '\0' && *rest != '.') {
			suffix[0] = rest[0];
			suffix[1] = rest[1];
			suffix[2] = ' ';
			if (rest[1] == '\0' || !strstr(conditions, suffix))
				continue;
			rest += 2;
		}
		if (*rest == '\0' || strcmp(rest, ".w") == 0)
			return &names[i];
	}
	return NULL;
}

/* ---- Judging what was read ---- */

static bool transfers(const struct transfer *t, unsigned n)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->registers[i] == n)
			return true;
	return false;
}

/* LDRD, STRD (A8.8.72, A8.8.73, A8.8.210, A8.8.211). */
static bool is_bad_pair(const struct transfer *t, enum oracle_set set, uint32_t encoding)
{
	if (t->is_list || t->count != 2)
		return false;
	if (set == ORACLE_T32)
		return t->is_load && t->registers[0] == t->registers[1];
	if (t->registers[0] & 1)
		return true;
	if (!(encoding & 1u << 24) && encoding & 1u << 21)
		return true;
	return t->is_load && t->has_index && transfers(t, t->index);
}

/* The registers of LDRH and its kin leave bits [11:8] unused. */
static bool has_bits(const struct transfer *t, enum oracle_set set, uint32_t encoding)
{
	return set == ORACLE_A32 && !t->is_list && t->has_index && (encoding >> 25 & 7) == 0 &&
	       (encoding & 0xf00) != 0;
}

static bool is_pc_base(const struct transfer *t, enum oracle_set set)
{
	if (t->base != PC)
		return false;
	return t->writes_back || t->is_list || (set == ORACLE_T32 && !t->is_load);
}

static bool is_base_reused(const struct transfer *t, enum oracle_set set)
{
	if (!t->writes_back || !transfers(t, t->base))
		return false;
	return !t->is_list || t->is_load || set == ORACLE_T32;
}

/* T32: SP only as a single, privileged word, and never as index. */
static bool is_bad_sp(const struct transfer *t, enum oracle_set set)
{
	if (set != ORACLE_T32)
		return false;
	if (t->has_index && t->index == SP)
		return true;
	if (!transfers(t, SP))
		return false;
	return t->is_list || t->count == 2 || t->bytes != 4 || t->is_unprivileged;
}

static enum oracle_reason find_reason(const struct transfer *t, enum oracle_set set,
				      uint32_t encoding, bool has_pc)
{
	if (has_pc || transfers(t, PC))
		return ORACLE_PC_TRANSFERRED;
	if (t->has_index && t->index == PC)
		return ORACLE_PC_INDEX;
	if (is_pc_base(t, set))
		return ORACLE_PC_BASE;
	if (is_base_reused(t, set))
		return ORACLE_BASE_REUSED;
	if (is_bad_pair(t, set, encoding))
		return ORACLE_PAIR;
	if (has_bits(t, set, encoding))
		return ORACLE_BITS_NOT_ZERO;
	if (t->is_list && t->count < (set == ORACLE_T32 ? 2 : 1))
		return ORACLE_LIST_TOO_SHORT;
	if (t->is_user_bank && t->writes_back)
		return ORACLE_USER_WRITE_BACK;
	if (is_bad_sp(t, set))
		return ORACLE_SP;
	return ORACLE_SUPPORTED;
}

bool oracle_judge(const cs_insn *insn, enum oracle_set set, uint32_t encoding,
		  struct oracle_opinion *opinion)
{
	const struct name *name = find_name(insn->mnemonic);
	struct transfer *t = &opinion->transfer;
	bool has_pc = false;

	memset(opinion, 0, sizeof(*opinion));
	opinion->reason = ORACLE_UNKNOWN_NAME;
	if (!name)
		return true;
	opinion->name = (unsigned)(name - names);
	t->bytes = name->bytes;
	t->is_load = has(name, 'l');
	t->is_signed = has(name, 's');
	t->is_unprivileged = has(name, 'u');
	if (!(has(name, 'm') ? read_list(insn->op_str, name, t, &has_pc)
			     : read_single(insn->op_str, name, t)))
		return false;
	/* POP {r0} may be short for LDR r0, [sp], #4. */
	if (set == ORACLE_A32 && (encoding >> 25 & 7) == 2)
		t->is_list = false;
	opinion->reason = find_reason(t, set, encoding, has_pc);
	return true;
}
