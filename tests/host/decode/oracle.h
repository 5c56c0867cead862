// SPDX-License-Identifier: BSD-2-Clause
/*
 * What capstone's disassembly says that an instruction does, as arch/decode.h's
 * structure, and why a device does not support it: the second opinion.
 */
#ifndef BULKHEAD_TESTS_HOST_DECODE_ORACLE_H
#define BULKHEAD_TESTS_HOST_DECODE_ORACLE_H

#include <capstone/capstone.h>

#include "arch/decode.h"

enum oracle_set {
	ORACLE_A32,
	ORACLE_T32,
	ORACLE_T16,
};

/* Why an instruction that is one of ours by name is to be refused. */
enum oracle_reason {
	ORACLE_SUPPORTED,
	ORACLE_PC_TRANSFERRED,
	ORACLE_PC_INDEX,
	ORACLE_PC_BASE,
	ORACLE_BASE_REUSED,
	ORACLE_PAIR,
	ORACLE_BITS_NOT_ZERO,
	ORACLE_LIST_TOO_SHORT,
	ORACLE_USER_WRITE_BACK,
	ORACLE_SP,
	ORACLE_UNKNOWN_NAME,   /* not one of ours */
	ORACLE_NO_INSTRUCTION, /* capstone knows none */
	ORACLE_REASONS,
};

extern const char *const oracle_reason_names[ORACLE_REASONS];

/* The names of our instructions, without condition and width. */
const char *oracle_name(unsigned index);
extern const unsigned oracle_name_count;

struct oracle_opinion {
	struct transfer transfer; /* is set unless the name is unknown */
	unsigned name;            /* for oracle_name() */
	enum oracle_reason reason;
};

/* False if what capstone printed was not understood: a defect of the test. */
bool oracle_judge(const cs_insn *insn, enum oracle_set set, uint32_t encoding,
		  struct oracle_opinion *opinion);

#endif
