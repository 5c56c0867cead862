// SPDX-License-Identifier: BSD-2-Clause
/*
 * The decoder against capstone: all 16-bit Thumb encodings, and millions of random
 * 32-bit ones, most of them in the space of loads and stores. Both must agree on
 * what is supported, and in every field of what is. DECODE_SAMPLES is how many of
 * A32 and of T32 are drawn, DECODE_SEED where the sequence begins.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/decode/compare.h"
#include "tests/host/decode/oracle.h"

#define SAMPLES_DEFAULT 2000000
#define SEED_DEFAULT    1
#define REPORTED_MAX    20
#define NAMES_MAX       64
#define THUMB_WIDE      0xe800u

struct comparison {
	enum oracle_set set;
	csh capstone;
	cs_insn *insn;
	uint64_t random;
	uint64_t by_reason[ORACLE_REASONS];
	uint64_t by_name[NAMES_MAX]; /* of what is supported */
	uint64_t failures;
};

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

/* xorshift64*: 32 good bits at a time. */
static uint32_t draw(struct comparison *c)
{
	c->random ^= c->random >> 12;
	c->random ^= c->random << 25;
	c->random ^= c->random >> 27;
	return (uint32_t)(c->random * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

static void start(struct comparison *c, enum oracle_set set)
{
	cs_mode mode = set == ORACLE_A32 ? CS_MODE_ARM : CS_MODE_THUMB;

	*c = (struct comparison){ .set = set };
	c->random = number_from("DECODE_SEED", SEED_DEFAULT) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	assert_int_equal(cs_open(CS_ARCH_ARM, mode, &c->capstone), CS_ERR_OK);
	c->insn = cs_malloc(c->capstone);
	assert_non_null(c->insn);
	assert_true(oracle_name_count <= NAMES_MAX);
}

/* The bytes as they lie in memory: halfwords, little-endian. */
static size_t to_bytes(enum oracle_set set, uint32_t encoding, uint8_t *bytes)
{
	uint32_t word = set == ORACLE_T32 ? encoding << 16 | encoding >> 16 : encoding;
	size_t count = set == ORACLE_T16 ? 2 : 4;

	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)(word >> 8 * i);
	return count;
}

static void report(struct comparison *c, uint32_t encoding, bool is_known, const char *what)
{
	if (c->failures++ >= REPORTED_MAX)
		return;
	print_error("0x%08" PRIx32 " %s %s: %s\n", encoding, is_known ? c->insn->mnemonic : "?",
		    is_known ? c->insn->op_str : "?", what);
}

static const char *find_difference(const struct oracle_opinion *opinion, bool is_accepted,
				   const struct transfer *t)
{
	if (opinion->reason != ORACLE_SUPPORTED)
		return is_accepted ? oracle_reason_names[opinion->reason] : NULL;
	if (!is_accepted)
		return "is rejected";
	return compare_transfers(&opinion->transfer, t);
}

static void compare(struct comparison *c, uint32_t encoding)
{
	struct oracle_opinion opinion = { .reason = ORACLE_NO_INSTRUCTION };
	struct transfer t;
	uint8_t bytes[4];
	size_t size = to_bytes(c->set, encoding, bytes);
	const uint8_t *code = bytes;
	uint64_t address = 0;
	const char *difference;
	bool is_known = cs_disasm_iter(c->capstone, &code, &size, &address, c->insn);
	bool is_accepted = decode_either(c->set != ORACLE_A32, encoding, &t);

	if (is_known && !oracle_judge(c->insn, c->set, encoding, &opinion)) {
		report(c, encoding, is_known, "the test does not understand this text");
		return;
	}
	c->by_reason[opinion.reason]++;
	if (opinion.reason == ORACLE_SUPPORTED)
		c->by_name[opinion.name]++;
	difference = find_difference(&opinion, is_accepted, &t);
	if (difference)
		report(c, encoding, is_known, difference);
}

/* Is this word one of the text's? */
static bool contains(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

/* A comparison in which an instruction never came up says nothing about it. */
static void check_coverage(struct comparison *c)
{
	static const char *const names[] = {
		[ORACLE_A32] = "ldr ldrb ldrh ldrsb ldrsh ldrt ldrbt ldrht ldrsbt ldrsht str strb "
			       "strh strt strbt strht ldrd strd ldm ldmib ldmda ldmdb stm stmib "
			       "stmda stmdb push pop",
		[ORACLE_T32] = "ldr ldrb ldrh ldrsb ldrsh ldrt ldrbt ldrht ldrsbt ldrsht str strb "
			       "strh strt strbt strht ldrd strd ldm ldmdb stm stmdb push pop",
		[ORACLE_T16] = "ldr ldrb ldrh ldrsb ldrsh str strb strh ldm stm push pop",
	};

	for (unsigned i = 0; i < oracle_name_count; i++) {
		if (contains(names[c->set], oracle_name(i)) == (c->by_name[i] > 0))
			continue;
		print_error("%s: supported %" PRIu64 " times\n", oracle_name(i), c->by_name[i]);
		c->failures++;
	}
}

static void finish(struct comparison *c)
{
	cs_free(c->insn, 1);
	cs_close(&c->capstone);
	for (unsigned i = 0; i < ORACLE_REASONS; i++)
		if (c->by_reason[i])
			print_message("%12" PRIu64 " %s\n", c->by_reason[i],
				      oracle_reason_names[i]);
	check_coverage(c);
	assert_int_equal(c->failures, 0);
}

/* ---- Where encodings come from ---- */

/* The load and store spaces of A32 (A5.2.8, A5.3, A5.5), and everything. */
static uint32_t draw_a32(struct comparison *c)
{
	uint32_t encoding = draw(c);

	switch (draw(c) % 8) {
	case 0:
	case 1:
		return (encoding & ~0x0e000000u) | 0x04000000;
	case 2:
		return (encoding & ~0x0e000010u) | 0x06000000;
	case 3:
	case 4:
		return (encoding & ~0x0e000000u) | 0x00000090;
	case 5: /* an index, without bits that should be zero */
		return (encoding & ~0x0e400f00u) | 0x00000090;
	case 6:
		return (encoding & ~0x0e000000u) | 0x08000000;
	default:
		return encoding;
	}
}

/* And of T32 (A6.3.5 to A6.3.10). */
static uint32_t draw_t32(struct comparison *c)
{
	uint32_t encoding = draw(c) | 0xe0000000;

	switch (draw(c) % 8) {
	case 0:
	case 1:
		encoding = (encoding & ~0xfe400000u) | 0xe8000000;
		break;
	case 2:
		encoding = (encoding & ~0xfe400000u) | 0xe8400000;
		break;
	case 3:
	case 4:
	case 5:
		encoding = (encoding & ~0xfe000000u) | 0xf8000000;
		break;
	case 6: /* an index */
		encoding = (encoding & ~0xfe800fc0u) | 0xf8000000;
		break;
	default:
		break;
	}
	return encoding >> 16 < THUMB_WIDE ? encoding | THUMB_WIDE << 16 : encoding;
}

/* Encodings that chance would seldom bring: LDR with the name POP. */
static void compare_rare(struct comparison *c)
{
	for (uint32_t n = 0; n < 16; n++)
		compare(c, c->set == ORACLE_A32 ? 0xe49d0004 | n << 12 : 0xf85d0b04 | n << 12);
}

static void compare_samples(enum oracle_set set, uint32_t (*draw_encoding)(struct comparison *c))
{
	uint64_t samples = number_from("DECODE_SAMPLES", SAMPLES_DEFAULT);
	struct comparison c;

	start(&c, set);
	compare_rare(&c);
	for (uint64_t i = 0; i < samples; i++)
		compare(&c, draw_encoding(&c));
	finish(&c);
}

static void agrees_on_a32(void **state)
{
	(void)state;
	compare_samples(ORACLE_A32, draw_a32);
}

static void agrees_on_t32(void **state)
{
	(void)state;
	compare_samples(ORACLE_T32, draw_t32);
}

static void agrees_on_t16(void **state)
{
	struct comparison c;

	(void)state;
	start(&c, ORACLE_T16);
	for (uint32_t encoding = 0; encoding <= UINT16_MAX; encoding++)
		compare(&c, encoding);
	finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_on_a32),
		cmocka_unit_test(agrees_on_t32),
		cmocka_unit_test(agrees_on_t16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
