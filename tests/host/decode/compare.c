// SPDX-License-Identifier: BSD-2-Clause
/*
 * See compare.h.
 */
#include "tests/host/decode/compare.h"

#include <stddef.h>
#include <string.h>

bool decode_either(bool is_thumb, uint32_t instruction, struct transfer *transfer)
{
	return is_thumb ? decode_thumb(instruction, transfer) : decode_a32(instruction, transfer);
}

#define FIELDS(X)          \
	X(is_load)         \
	X(is_signed)       \
	X(is_list)         \
	X(is_user_bank)    \
	X(is_unprivileged) \
	X(is_post_indexed) \
	X(is_subtracted)   \
	X(writes_back)     \
	X(has_index)       \
	X(bytes)           \
	X(base)            \
	X(skew_bytes)      \
	X(count)

#define COMPARE(name)                         \
	if (expected->name != actual->name) { \
		return #name;                 \
	}

const char *compare_transfers(const struct transfer *expected, const struct transfer *actual)
{
	FIELDS(COMPARE)
	if (memcmp(expected->registers, actual->registers, expected->count) != 0)
		return "registers";
	if (expected->has_index) {
		COMPARE(index)
		COMPARE(shift)
		COMPARE(shift_amount)
	} else {
		COMPARE(immediate)
	}
	return NULL;
}
