// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random loads and stores: a table of the instruction sets' encodings, from which one
 * is drawn, and what must be known of it to aim it at an address. What the manual
 * calls UNPREDICTABLE or UNDEFINED is never drawn.
 */
#ifndef TESTS_TRANSFER_FORMS_H
#define TESTS_TRANSFER_FORMS_H

#include <stdbool.h>
#include <stdint.h>

#define FORM_PC       15u
#define FORM_NO_INDEX 16u

struct form {
	uint32_t encoding; /* of T32, the first halfword on top */
	bool is_thumb;
	bool is_wide;
	bool is_load;
	bool is_post_indexed; /* the offset does not count for the address */
	bool is_subtracted;
	bool writes_back;
	bool is_list;
	bool is_user_bank;
	uint32_t moved; /* the registers transferred, a bit each */
	uint32_t bytes; /* of each */
	uint32_t base;
	uint32_t index;
	uint32_t shift; /* LSL, LSR, ASR, ROR, and how far */
	uint32_t amount;
	uint32_t immediate;
	uint32_t skew; /* from there to the lowest address: of lists */
};

/* The table's rows, for a count of each. */
extern const uint32_t form_rows;

/* Draws one of a row; false if what the dice said must not be run. */
bool form_draw(struct form *form, uint32_t row);

/* From the base register to the lowest address accessed. */
uint32_t form_offset(const struct form *form, uint32_t index, bool carry);

/* The same seed, the same numbers. */
void dice_seed(uint32_t seed);
uint32_t dice(void);
uint32_t dice_below(uint32_t limit);

#endif
