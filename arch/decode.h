// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a load or store instruction does, from its encoding alone: for accesses to
 * emulated devices that the syndrome does not describe (ARM ARM DDI 0406C, A5.3,
 * A5.5, A6.2 and A6.3). Pure; kernel/emulate.c calls it, host tests too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TRANSFER_REGISTERS_MAX 15u
#define TRANSFER_PC            15u

enum transfer_shift {
	TRANSFER_LSL,
	TRANSFER_LSR, /* amount 0: by 32 */
	TRANSFER_ASR, /* amount 0: by 32 */
	TRANSFER_ROR, /* amount 0: RRX, by one through the carry */
};

struct transfer {
	bool is_load;
	bool is_signed;       /* a load narrower than a word: sign-extend */
	bool is_list;         /* LDM, STM and their aliases */
	bool is_user_bank;    /* the registers of User mode (not the base) */
	bool is_unprivileged; /* LDRT and the like: with PL0's permissions */
	bool is_post_indexed; /* the first address does without the offset */
	bool is_subtracted;   /* the offset is */
	bool writes_back;     /* the base becomes base + offset, after all else */
	bool has_index;       /* the offset is a shifted register, not immediate */
	uint8_t bytes;        /* of each access: 1, 2 or 4 */
	uint8_t base;         /* TRANSFER_PC: literal, the PC aligned to 4 */
	uint8_t skew_bytes;   /* add to the first address: LDMIB, LDMDA */
	uint8_t index;        /* these three: if has_index */
	uint8_t shift;        /* enum transfer_shift */
	uint8_t shift_amount;
	uint16_t immediate;                        /* otherwise */
	uint8_t count;                             /* 1 .. TRANSFER_REGISTERS_MAX */
	uint8_t registers[TRANSFER_REGISTERS_MAX]; /* the first `count`, by their addresses */
};

/* From here on a Thumb halfword is the first of two (A6.1). */
#define DECODE_THUMB_WIDE 0xe800u

/* False, *transfer unspecified, for all that a device does not support: it is no
 * load or store, exclusive, SWP, a coprocessor's or vectors' one; it transfers the
 * PC; it is UNDEFINED or UNPREDICTABLE. The condition is the caller's to check.
 * decode_thumb: 16 bits zero-extended, or the first halfword in bits [31:16]. */
bool decode_a32(uint32_t instruction, struct transfer *transfer);
bool decode_thumb(uint32_t instruction, struct transfer *transfer);

/* What to add to the base, modulo 2^32. index: the value of that register, if there
 * is one; carry: CPSR.C. */
uint32_t decode_offset(const struct transfer *transfer, uint32_t index, bool carry);

/* Where the first of the accesses goes; the others follow upwards. */
uint32_t decode_first_address(const struct transfer *transfer, uint32_t base, uint32_t offset);
