// SPDX-License-Identifier: BSD-2-Clause
/*
 * The cost model's view of an instruction: of which kind it is, and how many
 * registers it moves. The weights themselves are the reader's (tools/bench/model.py);
 * loads and stores are not told apart here, their words are counted as they happen.
 * Called by plugin.c when an instruction is translated.
 */
#ifndef BULKHEAD_TOOLS_BENCH_COST_H
#define BULKHEAD_TOOLS_BENCH_COST_H

#include <stdbool.h>
#include <stdint.h>

enum cost_kind {
	COST_PLAIN,       /* an instruction; what it loads and stores comes on top */
	COST_SYSTEM_READ, /* MRC, MRRC of CP14, CP15 */
	COST_SYSTEM_WRITE,
	COST_MAINTENANCE, /* TLB, cache, branch predictor and address translation */
	COST_VFP,         /* units: registers between VFP and core or memory */
	COST_BARRIER,     /* DSB, DMB, ISB */
	COST_KINDS,
};

struct cost {
	enum cost_kind kind;
	uint32_t units;
};

/* Classifies one instruction: A32, T16 zero-extended, T32 with its first half on top. */
struct cost cost_of(uint32_t opcode);

/* Is it the return from hyp mode, ERET? */
bool cost_is_eret(uint32_t opcode);

#endif
