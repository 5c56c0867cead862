// SPDX-License-Identifier: BSD-2-Clause
/*
 * The decoder against examples worked out by hand from the manual (ARM ARM DDI
 * 0406C, A8.8): a case or more for each form, for each reason to refuse one, and
 * for the addresses that follow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/host/decode/compare.h"

#define SP 13
#define LR 14
#define PC 15

struct accepted {
	const char *text;
	uint32_t instruction;
	struct transfer expected;
};

struct rejected {
	const char *text;
	uint32_t instruction;
};

struct address {
	const char *text;
	bool is_thumb;
	uint32_t instruction;
	uint32_t base, index;
	bool carry;
	uint32_t first, written_back;
};

/* A load or store of one register, and what else is to be said about it. */
#define LOAD(size, rt, ...)                                    \
	{                                                      \
		.is_load = true, STORE_(size, rt, __VA_ARGS__) \
	}
#define STORE(size, rt, ...)                  \
	{                                     \
		STORE_(size, rt, __VA_ARGS__) \
	}
#define STORE_(size, rt, ...) .bytes = size, .count = 1, .registers = { rt }, .base = __VA_ARGS__
/* Of two. */
#define LOAD2(rt, rt2, ...)                                    \
	{                                                      \
		.is_load = true, STORE2_(rt, rt2, __VA_ARGS__) \
	}
#define STORE2(rt, rt2, ...)                  \
	{                                     \
		STORE2_(rt, rt2, __VA_ARGS__) \
	}
#define STORE2_(rt, rt2, ...) .bytes = 4, .count = 2, .registers = { rt, rt2 }, .base = __VA_ARGS__
/* Of a list. */
#define LIST(n, ...)   .bytes = 4, .is_list = true, .immediate = 4 * n, .count = n, __VA_ARGS__
#define REGISTERS(...) .registers = { __VA_ARGS__ }

#define INDEX(rm, type, by) .has_index = true, .index = rm, .shift = type, .shift_amount = by
#define POST                .is_post_indexed = true, .writes_back = true
#define SUBTRACT            .is_subtracted = true
#define SIGNED              .is_signed = true
#define WRITE_BACK          .writes_back = true
#define USER                .is_unprivileged = true
/* How a list's addresses are said: upwards from, or downwards to, the base. */
#define IA .is_post_indexed = true
#define IB .is_post_indexed = true, .skew_bytes = 4
#define DA .is_subtracted = true, .skew_bytes = 4
#define DB .is_subtracted = true

/* clang-format off */

static const struct accepted a32_accepted[] = {
	{ "ldr r0, [r1, #4]", 0xe5910004, LOAD(4, 0, 1, .immediate = 4) },
	{ "str r2, [r3, #-0xffc]", 0xe5032ffc, STORE(4, 2, 3, .immediate = 0xffc, SUBTRACT) },
	{ "ldrb r4, [r5, r6]", 0xe7d54006, LOAD(1, 4, 5, INDEX(6, TRANSFER_LSL, 0)) },
	{ "strb r4, [r5, -r6, lsl #31]", 0xe7454f86,
	  STORE(1, 4, 5, INDEX(6, TRANSFER_LSL, 31), SUBTRACT) },
	{ "ldr r0, [r1], #4", 0xe4910004, LOAD(4, 0, 1, .immediate = 4, POST) },
	{ "str r0, [r1], #-4", 0xe4010004, STORE(4, 0, 1, .immediate = 4, POST, SUBTRACT) },
	{ "ldr r0, [r1, #8]!", 0xe5b10008, LOAD(4, 0, 1, .immediate = 8, WRITE_BACK) },
	{ "strb lr, [sp, #-1]!", 0xe56de001,
	  STORE(1, LR, SP, .immediate = 1, WRITE_BACK, SUBTRACT) },
	{ "ldr r0, [r1], r2, lsl #2", 0xe6910102, LOAD(4, 0, 1, INDEX(2, TRANSFER_LSL, 2), POST) },
	{ "str r0, [r1, -r2, lsr #32]!", 0xe7210022,
	  STORE(4, 0, 1, INDEX(2, TRANSFER_LSR, 0), WRITE_BACK, SUBTRACT) },
	{ "ldr r0, [r1, r2, asr #32]", 0xe7910042, LOAD(4, 0, 1, INDEX(2, TRANSFER_ASR, 0)) },
	{ "ldr r0, [r1, r2, ror #3]!", 0xe7b101e2,
	  LOAD(4, 0, 1, INDEX(2, TRANSFER_ROR, 3), WRITE_BACK) },
	{ "ldr r0, [r1], -r2, rrx", 0xe6110062,
	  LOAD(4, 0, 1, INDEX(2, TRANSFER_ROR, 0), POST, SUBTRACT) },
	{ "ldrne r0, [pc, #8]", 0x159f0008, LOAD(4, 0, PC, .immediate = 8) },
	{ "ldrt r0, [r1], #4", 0xe4b10004, LOAD(4, 0, 1, .immediate = 4, POST, USER) },
	{ "strbt r0, [r1], -r2, asr #1", 0xe66100c2,
	  STORE(1, 0, 1, INDEX(2, TRANSFER_ASR, 1), POST, SUBTRACT, USER) },

	{ "ldrh r0, [r1], #0xff", 0xe0d10fbf, LOAD(2, 0, 1, .immediate = 0xff, POST) },
	{ "strh r0, [r1, #-0x12]!", 0xe16101b2,
	  STORE(2, 0, 1, .immediate = 0x12, WRITE_BACK, SUBTRACT) },
	{ "ldrsb r0, [r1], -r2", 0xe01100d2,
	  LOAD(1, 0, 1, INDEX(2, TRANSFER_LSL, 0), POST, SUBTRACT, SIGNED) },
	{ "ldrsh r0, [r1, r2]!", 0xe1b100f2,
	  LOAD(2, 0, 1, INDEX(2, TRANSFER_LSL, 0), WRITE_BACK, SIGNED) },
	{ "ldrht r0, [r1], #2", 0xe0f100b2, LOAD(2, 0, 1, .immediate = 2, POST, USER) },
	{ "strht r0, [r1], r2", 0xe0a100b2,
	  STORE(2, 0, 1, INDEX(2, TRANSFER_LSL, 0), POST, USER) },
	{ "ldrsbt r0, [r1], -r2", 0xe03100d2,
	  LOAD(1, 0, 1, INDEX(2, TRANSFER_LSL, 0), POST, SUBTRACT, USER, SIGNED) },
	{ "ldrsht r0, [r1], #-4", 0xe07100f4,
	  LOAD(2, 0, 1, .immediate = 4, POST, SUBTRACT, USER, SIGNED) },

	{ "ldrd r0, r1, [r2]", 0xe1c200d0, LOAD2(0, 1, 2) },
	{ "ldrd r2, r3, [r4], #8", 0xe0c420d8, LOAD2(2, 3, 4, .immediate = 8, POST) },
	{ "strd r4, r5, [r6, #-16]!", 0xe16641f0,
	  STORE2(4, 5, 6, .immediate = 16, WRITE_BACK, SUBTRACT) },
	{ "strd r4, r5, [r6], r7", 0xe08640f7, STORE2(4, 5, 6, INDEX(7, TRANSFER_LSL, 0), POST) },
	{ "strd r4, r5, [r6, r4]", 0xe18640f4, STORE2(4, 5, 6, INDEX(4, TRANSFER_LSL, 0)) },
	{ "ldrd r12, sp, [r1, -r2]", 0xe101c0d2,
	  LOAD2(12, SP, 1, INDEX(2, TRANSFER_LSL, 0), SUBTRACT) },

	{ "ldm r0, {r1, r2}", 0xe8900006, { .is_load = true, LIST(2, REGISTERS(1, 2), IA) } },
	{ "ldmib r0!, {r1, lr}", 0xe9b04002,
	  { .is_load = true, LIST(2, REGISTERS(1, LR), IB), WRITE_BACK } },
	{ "ldmda r0, {r3, r4, r5}", 0xe8100038,
	  { .is_load = true, LIST(3, REGISTERS(3, 4, 5), DA) } },
	{ "ldmdb r0!, {r3, r4, r5}", 0xe9300038,
	  { .is_load = true, LIST(3, REGISTERS(3, 4, 5), DB), WRITE_BACK } },
	{ "stm r0!, {r0, r1}", 0xe8a00003, { LIST(2, REGISTERS(0, 1), IA), WRITE_BACK } },
	{ "stmib r0, {r1}", 0xe9800002, { LIST(1, REGISTERS(1), IB) } },
	{ "stmda r0!, {r1, r2, r3}", 0xe820000e, { LIST(3, REGISTERS(1, 2, 3), DA), WRITE_BACK } },
	{ "push {r4, lr}", 0xe92d4010, { LIST(2, REGISTERS(4, LR), DB), .base = SP, WRITE_BACK } },
	{ "pop {r4, r5}", 0xe8bd0030,
	  { .is_load = true, LIST(2, REGISTERS(4, 5), IA), .base = SP, WRITE_BACK } },
	{ "ldm r0, {sp, lr}^", 0xe8d06000,
	  { .is_load = true, LIST(2, REGISTERS(SP, LR), IA), .is_user_bank = true } },
	{ "stmdb r0, {r8-lr}^", 0xe9407f00,
	  { LIST(7, REGISTERS(8, 9, 10, 11, 12, SP, LR), DB), .is_user_bank = true } },
	{ "stm r0, {r0-lr}", 0xe8807fff,
	  { LIST(15, REGISTERS(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, SP, LR), IA) } },
};

static const struct accepted t32_accepted[] = {
	{ "ldr.w r0, [r1, #0xfff]", 0xf8d10fff, LOAD(4, 0, 1, .immediate = 0xfff) },
	{ "str.w sp, [r1, #4]", 0xf8c1d004, STORE(4, SP, 1, .immediate = 4) },
	{ "ldrsb.w r0, [r1, #5]", 0xf9910005, LOAD(1, 0, 1, .immediate = 5, SIGNED) },
	{ "strh.w r0, [r1, #6]", 0xf8a10006, STORE(2, 0, 1, .immediate = 6) },
	{ "ldrsh.w r0, [r1, #-6]", 0xf9310c06, LOAD(2, 0, 1, .immediate = 6, SUBTRACT, SIGNED) },
	{ "ldr.w r0, [r1], #4", 0xf8510b04, LOAD(4, 0, 1, .immediate = 4, POST) },
	{ "ldr.w r0, [r1], #-255", 0xf85109ff, LOAD(4, 0, 1, .immediate = 255, POST, SUBTRACT) },
	{ "str.w r0, [r1, #-4]!", 0xf8410d04,
	  STORE(4, 0, 1, .immediate = 4, WRITE_BACK, SUBTRACT) },
	{ "strb.w r0, [r1], #1", 0xf8010b01, STORE(1, 0, 1, .immediate = 1, POST) },
	{ "ldrsh.w r0, [r1, #2]!", 0xf9310f02, LOAD(2, 0, 1, .immediate = 2, WRITE_BACK, SIGNED) },
	{ "ldrt r0, [r1, #4]", 0xf8510e04, LOAD(4, 0, 1, .immediate = 4, USER) },
	{ "strbt r0, [r1, #255]", 0xf8010eff, STORE(1, 0, 1, .immediate = 255, USER) },
	{ "ldrsht r0, [r1, #8]", 0xf9310e08, LOAD(2, 0, 1, .immediate = 8, USER, SIGNED) },
	{ "ldr.w r0, [r1, r2, lsl #3]", 0xf8510032, LOAD(4, 0, 1, INDEX(2, TRANSFER_LSL, 3)) },
	{ "strb.w r0, [sp, r2]", 0xf80d0002, STORE(1, 0, SP, INDEX(2, TRANSFER_LSL, 0)) },
	{ "ldrsb.w r0, [pc, #-5]", 0xf91f0005, LOAD(1, 0, PC, .immediate = 5, SUBTRACT, SIGNED) },

	{ "ldrd r0, r3, [r1, #-8]", 0xe9510302, LOAD2(0, 3, 1, .immediate = 8, SUBTRACT) },
	{ "ldrd r0, r3, [r1], #1020", 0xe8f103ff, LOAD2(0, 3, 1, .immediate = 1020, POST) },
	{ "strd r3, r0, [r1, #16]!", 0xe9e13004, STORE2(3, 0, 1, .immediate = 16, WRITE_BACK) },
	{ "strd r0, r0, [r1]", 0xe9c10000, STORE2(0, 0, 1) },
	{ "ldrd r0, r1, [pc, #8]", 0xe9df0102, LOAD2(0, 1, PC, .immediate = 8) },
	{ "ldrd r0, r2, [sp], #8", 0xe8fd0202, LOAD2(0, 2, SP, .immediate = 8, POST) },

	{ "ldm.w r0, {r1, r12}", 0xe8901002,
	  { .is_load = true, LIST(2, REGISTERS(1, 12), IA) } },
	{ "ldmdb r0!, {r1, r2, lr}", 0xe9304006,
	  { .is_load = true, LIST(3, REGISTERS(1, 2, LR), DB), WRITE_BACK } },
	{ "stm.w r8!, {r1, r2}", 0xe8a80006,
	  { LIST(2, REGISTERS(1, 2), IA), .base = 8, WRITE_BACK } },
	{ "push.w {r4, r8}", 0xe92d0110,
	  { LIST(2, REGISTERS(4, 8), DB), .base = SP, WRITE_BACK } },
	{ "pop.w {r4, r8}", 0xe8bd0110,
	  { .is_load = true, LIST(2, REGISTERS(4, 8), IA), .base = SP, WRITE_BACK } },

	{ "ldr.n r0, [r1, #4]", 0x6848, LOAD(4, 0, 1, .immediate = 4) },
	{ "str.n r7, [r6, #124]", 0x67f7, STORE(4, 7, 6, .immediate = 124) },
	{ "ldrb.n r0, [r1, #31]", 0x7fc8, LOAD(1, 0, 1, .immediate = 31) },
	{ "strb.n r0, [r1, #1]", 0x7048, STORE(1, 0, 1, .immediate = 1) },
	{ "ldrh.n r0, [r1, #62]", 0x8fc8, LOAD(2, 0, 1, .immediate = 62) },
	{ "strh.n r0, [r1, #2]", 0x8048, STORE(2, 0, 1, .immediate = 2) },
	{ "ldr.n r0, [sp, #1020]", 0x98ff, LOAD(4, 0, SP, .immediate = 1020) },
	{ "str.n r1, [sp, #4]", 0x9101, STORE(4, 1, SP, .immediate = 4) },
	{ "ldr.n r3, [pc, #8]", 0x4b02, LOAD(4, 3, PC, .immediate = 8) },
	{ "str.n r0, [r1, r2]", 0x5088, STORE(4, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "strh.n r0, [r1, r2]", 0x5288, STORE(2, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "strb.n r0, [r1, r2]", 0x5488, STORE(1, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "ldrsb.n r0, [r1, r2]", 0x5688, LOAD(1, 0, 1, INDEX(2, TRANSFER_LSL, 0), SIGNED) },
	{ "ldr.n r0, [r1, r2]", 0x5888, LOAD(4, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "ldrh.n r0, [r1, r2]", 0x5a88, LOAD(2, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "ldrb.n r0, [r1, r2]", 0x5c88, LOAD(1, 0, 1, INDEX(2, TRANSFER_LSL, 0)) },
	{ "ldrsh.n r5, [r6, r7]", 0x5ff5, LOAD(2, 5, 6, INDEX(7, TRANSFER_LSL, 0), SIGNED) },
	{ "push {r0, r7, lr}", 0xb581,
	  { LIST(3, REGISTERS(0, 7, LR), DB), .base = SP, WRITE_BACK } },
	{ "pop {r1, r2}", 0xbc06,
	  { .is_load = true, LIST(2, REGISTERS(1, 2), IA), .base = SP, WRITE_BACK } },
	{ "stmia r0!, {r0, r3}", 0xc009, { LIST(2, REGISTERS(0, 3), IA), WRITE_BACK } },
	{ "ldmia r4!, {r0, r3}", 0xcc09,
	  { .is_load = true, LIST(2, REGISTERS(0, 3), IA), .base = 4, WRITE_BACK } },
	{ "ldmia r3, {r0, r3}", 0xcb09,
	  { .is_load = true, LIST(2, REGISTERS(0, 3), IA), .base = 3 } },
};

static const struct rejected a32_rejected[] = {
	{ "ldr pc, [r0]", 0xe590f000 },
	{ "str pc, [r0, #4]", 0xe580f004 },
	{ "ldrb pc, [r0]", 0xe5d0f000 },
	{ "ldrh pc, [r1]", 0xe1d1f0b0 },
	{ "ldrd lr, pc, [r0]", 0xe1c0e0d0 },
	{ "ldrd r1, r2, [r0]", 0xe1c010d0 },
	{ "ldrd r0, r1, [r2, r0]", 0xe18200d0 },
	{ "ldrd r0, r1, [r2, r1]", 0xe18200d1 },
	{ "ldrd, post-indexed with W", 0xe0e200d8 },
	{ "ldrd r0, r1, [r1], #8", 0xe0c100d8 },
	{ "strd r0, r1, [r0, #8]!", 0xe1e000f8 },
	{ "ldr r0, [r0], #4", 0xe4900004 },
	{ "ldr r0, [r0, #4]!", 0xe5b00004 },
	{ "str r0, [r0, r1]!", 0xe7a00001 },
	{ "ldrt r0, [r0], #4", 0xe4b00004 },
	{ "ldr r0, [pc], #4", 0xe49f0004 },
	{ "strb r0, [pc, #4]!", 0xe5ef0004 },
	{ "ldr r0, [r1, pc]", 0xe791000f },
	{ "ldrh r0, [r1, pc]", 0xe19100bf },
	{ "ldrh r0, [r1, r2] with bits [11:8]", 0xe19101b2 },
	{ "ldm r0, {}", 0xe8900000 },
	{ "ldm r0, {r1, pc}", 0xe8908002 },
	{ "stm r0, {r1, pc}", 0xe8808002 },
	{ "ldm r0!, {r1, pc}^", 0xe8f08002 },
	{ "ldm r0!, {r1}^", 0xe8f00002 },
	{ "stm r0!, {r1}^", 0xe8e00002 },
	{ "ldm r0!, {r0, r1}", 0xe8b00003 },
	{ "ldm pc, {r0}", 0xe89f0001 },
	{ "stm pc, {r0}", 0xe88f0001 },
	{ "ldrex r0, [r1]", 0xe1910f9f },
	{ "strex r0, r1, [r2]", 0xe1820f91 },
	{ "ldrexd r0, r1, [r2]", 0xe1b20f9f },
	{ "swp r0, r1, [r2]", 0xe1020091 },
	{ "mul r0, r1, r2", 0xe0000291 },
	{ "vldr s0, [r0]", 0xed900a00 },
	{ "vstm r0, {d0}", 0xec800b02 },
	{ "ldc p14, c5, [r0]", 0xed905e00 },
	{ "pld [r0]", 0xf5d0f000 },
	{ "ssat r0, #4, r1", 0xe6a30011 },
	{ "rfeia r0", 0xf8900a00 },
	{ "srsia sp, #19", 0xf8cd0513 },
	{ "add r0, r1, r2", 0xe0810002 },
};

static const struct rejected t32_rejected[] = {
	{ "ldr.w pc, [r0]", 0xf8d0f000 },
	{ "ldr.w pc, [r0], #4", 0xf850fb04 },
	{ "str.w pc, [r0]", 0xf8c0f000 },
	{ "str.w r0, [pc, #4]", 0xf8cf0004 },
	{ "strd r0, r1, [pc]", 0xe9cf0100 },
	{ "ldrd r0, r1, [pc, #8]!", 0xe9ff0102 },
	{ "ldr.w r0, [r0], #4", 0xf8500b04 },
	{ "strh.w r0, [r0, #4]!", 0xf8200f04 },
	{ "strb.w sp, [r0]", 0xf880d000 },
	{ "ldrh.w sp, [r0]", 0xf8b0d000 },
	{ "ldrt sp, [r0, #4]", 0xf850de04 },
	{ "ldr.w r0, [r1, sp]", 0xf851000d },
	{ "ldr.w r0, [r1, pc]", 0xf851000f },
	{ "ldrd r0, r0, [r1]", 0xe9d10000 },
	{ "ldrd r0, sp, [r1]", 0xe9d10d00 },
	{ "strd pc, r0, [r1]", 0xe9c1f000 },
	{ "ldrd r0, r1, [r1], #8", 0xe8f10102 },
	{ "ldm.w r0, {r1}", 0xe8900002 },
	{ "ldm.w r0, {r1, pc}", 0xe8908002 },
	{ "ldm.w r0, {r1, sp}", 0xe8902002 },
	{ "stm.w r0!, {r0, r1}", 0xe8a00003 },
	{ "stm.w r0, {r1, pc}", 0xe8808002 },
	{ "ldm.w r0!, {r0, r1}", 0xe8b00003 },
	{ "ldr, P = 0, W = 0", 0xf8510804 },
	{ "ldr, P = 0, U = 1, W = 0", 0xf8510a04 },
	{ "a signed word", 0xf9d10004 },
	{ "a signed store", 0xf9010004 },
	{ "size 3", 0xf8f10004 },
	{ "pop {r0, pc}", 0xbd01 },
	{ "pop {}", 0xbc00 },
	{ "push {}", 0xb400 },
	{ "ldmia r0!, {}", 0xc800 },
	{ "ldrex r0, [r1]", 0xe8510f00 },
	{ "strexb r0, r1, [r2]", 0xe8c21f40 },
	{ "ldrexd r0, r1, [r2]", 0xe8d2017f },
	{ "tbb [r0, r1]", 0xe8d0f001 },
	{ "tbh [r0, r1, lsl #1]", 0xe8d0f011 },
	{ "pld [r0, #4]", 0xf890f004 },
	{ "vldr s0, [r0]", 0xed900a00 },
	{ "vld1.8 {d0}, [r0]", 0xf920070f },
	{ "rfeia r0", 0xe990c000 },
	{ "srsia sp!, #19", 0xe9adc013 },
	{ "half of a wide one", 0xf8d0 },
	{ "cbz r0, .", 0xb100 },
	{ "nop", 0xbf00 },
};

static const struct address addresses[] = {
	{ "ldr r0, [r1, #4]", false, 0xe5910004, 0x1000, 0, false, 0x1004, 0x1004 },
	{ "ldr r0, [r1], #4", false, 0xe4910004, 0x1000, 0, false, 0x1000, 0x1004 },
	{ "str r0, [r1], #-4", false, 0xe4010004, 0x1000, 0, false, 0x1000, 0x0ffc },
	{ "str r0, [r1], #-4 at 0", false, 0xe4010004, 0, 0, false, 0, 0xfffffffc },
	{ "strb r4, [r5, -r6, lsl #31]", false, 0xe7454f86, 0x1000, 1, false,
	  0x80001000, 0x80001000 },
	{ "ldr r0, [r1], r2, lsl #2", false, 0xe6910102, 0x1000, 3, false, 0x1000, 0x100c },
	{ "lsr #32", false, 0xe7210022, 0x1000, 0xffffffff, true, 0x1000, 0x1000 },
	{ "lsr #1", false, 0xe79100a2, 0x1000, 0x80000002, false, 0x40001001, 0x40001001 },
	{ "asr #32, negative", false, 0xe7910042, 0x1000, 0x80000000, false, 0xfff, 0xfff },
	{ "asr #32, positive", false, 0xe7910042, 0x1000, 0x7fffffff, false, 0x1000, 0x1000 },
	{ "asr #1", false, 0xe79100c2, 0x1000, 0xfffffff8, false, 0x0ffc, 0x0ffc },
	{ "ror #3", false, 0xe7b101e2, 0x1000, 0x0000000c, false, 0x80001001, 0x80001001 },
	{ "-rrx, carry", false, 0xe6110062, 0x1000, 0x10, true, 0x1000, 0x80000ff8 },
	{ "-rrx, no carry", false, 0xe6110062, 0x1000, 0x11, false, 0x1000, 0x0ff8 },
	{ "ldm r0, {r1, r2}", false, 0xe8900006, 0x1000, 0, false, 0x1000, 0x1008 },
	{ "ldmib r0!, {r1, lr}", false, 0xe9b04002, 0x1000, 0, false, 0x1004, 0x1008 },
	{ "ldmda r0, {r3, r4, r5}", false, 0xe8100038, 0x1000, 0, false, 0x0ff8, 0x0ff4 },
	{ "ldmdb r0!, {r3, r4, r5}", false, 0xe9300038, 0x1000, 0, false, 0x0ff4, 0x0ff4 },
	{ "push {r4, lr}", false, 0xe92d4010, 0x1000, 0, false, 0x0ff8, 0x0ff8 },
	{ "ldrd r0, r3, [r1], #1020", true, 0xe8f103ff, 0x1000, 0, false, 0x1000, 0x13fc },
	{ "ldrsb.w r0, [pc, #-5]", true, 0xf91f0005, 0x1000, 0, false, 0x0ffb, 0x0ffb },
	{ "ldr.w r0, [r1, r2, lsl #3]", true, 0xf8510032, 0x1000, 2, false, 0x1010, 0x1010 },
	{ "pop {r1, r2}", true, 0xbc06, 0x1000, 0, false, 0x1000, 0x1008 },
};

/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* All failures of a table are told, then the test fails. */
static void check_accepted(const struct accepted *cases, size_t count, bool is_thumb)
{
	size_t failures = 0;

	for (size_t i = 0; i < count; i++) {
		struct transfer t;
		const char *field = "is rejected";

		if (decode_either(is_thumb, cases[i].instruction, &t))
			field = compare_transfers(&cases[i].expected, &t);
		if (!field)
			continue;
		print_error("0x%08x %s: %s\n", cases[i].instruction, cases[i].text, field);
		failures++;
	}
	assert_int_equal(failures, 0);
}

static void check_rejected(const struct rejected *cases, size_t count, bool is_thumb)
{
	size_t failures = 0;

	for (size_t i = 0; i < count; i++) {
		struct transfer t;

		if (!decode_either(is_thumb, cases[i].instruction, &t))
			continue;
		print_error("0x%08x %s: is accepted\n", cases[i].instruction, cases[i].text);
		failures++;
	}
	assert_int_equal(failures, 0);
}

static void accepts_a32(void **state)
{
	(void)state;
	check_accepted(a32_accepted, COUNT(a32_accepted), false);
}

static void accepts_thumb(void **state)
{
	(void)state;
	check_accepted(t32_accepted, COUNT(t32_accepted), true);
}

static void rejects_a32(void **state)
{
	(void)state;
	check_rejected(a32_rejected, COUNT(a32_rejected), false);
}

static void rejects_thumb(void **state)
{
	(void)state;
	check_rejected(t32_rejected, COUNT(t32_rejected), true);
}

/* The condition is the caller's business, but for the unconditional space. */
static void accepts_any_condition(void **state)
{
	struct transfer t;

	(void)state;
	for (uint32_t condition = 0; condition < 15; condition++)
		assert_true(decode_a32(condition << 28 | 0x04910004, &t));
	assert_false(decode_a32(0xf4910004, &t));
}

static void computes_addresses(void **state)
{
	size_t failures = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		const struct address *a = &addresses[i];
		struct transfer t;
		uint32_t offset, first;

		assert_true(decode_either(a->is_thumb, a->instruction, &t));
		offset = decode_offset(&t, a->index, a->carry);
		first = decode_first_address(&t, a->base, offset);
		if (first == a->first && a->base + offset == a->written_back)
			continue;
		print_error("0x%08x %s: at 0x%08x, writes back 0x%08x\n", a->instruction, a->text,
			    first, a->base + offset);
		failures++;
	}
	assert_int_equal(failures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_a32),           cmocka_unit_test(accepts_thumb),
		cmocka_unit_test(rejects_a32),           cmocka_unit_test(rejects_thumb),
		cmocka_unit_test(accepts_any_condition), cmocka_unit_test(computes_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
