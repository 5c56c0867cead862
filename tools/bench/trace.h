// SPDX-License-Identifier: BSD-2-Clause
/*
 * Paths through the hypervisor, as lists of executed addresses: each different one
 * is kept once, with how often it was taken. And the bench guest's samples: which
 * paths were taken between two of its marks. Called by plugin.c, which serialises.
 */
#ifndef BULKHEAD_TOOLS_BENCH_TRACE_H
#define BULKHEAD_TOOLS_BENCH_TRACE_H

#include <stdint.h>
#include <stdio.h>

#include "tools/bench/cost.h"

/* What a path has cost, in the cost model's units. */
struct trace_cost {
	uint64_t instructions;
	uint64_t words;   /* loaded and stored, in memory */
	uint64_t devices; /* accesses elsewhere */
	uint64_t kinds[COST_KINDS];
};

/* A path while it is being recorded. */
struct trace_path {
	struct trace_cost cost;
	uint32_t *addresses;
	uint32_t length; /* of addresses: less than cost.instructions if it was cut */
	uint32_t capacity;
	uint64_t hash;
};

#define TRACE_ROW_NONE 0xffu /* between no two marks */

/* Empties a path, or makes one from zeroes. */
void trace_path_reset(struct trace_path *path);

/* Records an executed instruction. */
void trace_path_add(struct trace_path *path, uint32_t address, struct cost cost);

/* Keeps a path that has ended: it belongs to this sample of this row. */
void trace_keep(const struct trace_path *path, uint32_t row, uint32_t sample);

/* Notes that a sample was taken, even if no path is in it, with the instructions of
 * the guest's meanwhile; or that it went wrong. */
void trace_sample(uint32_t row, uint32_t sample, uint64_t guest_instructions);
void trace_sample_failed(uint32_t row, uint32_t sample);

/* Writes a path that is not kept. */
void trace_write_path(FILE *file, const char *name, const struct trace_path *path);

/* Writes a cost, and everything kept, in the format that counts.py reads. */
void trace_write_cost(FILE *file, const char *name, const struct trace_cost *cost);
void trace_write(FILE *file);

#endif
