// SPDX-License-Identifier: BSD-2-Clause
/*
 * See trace.h. Two paths are the same if their addresses and costs are (by a 64-bit
 * hash of them). What would not fit any more is counted in one nameless trace.
 */
#include "tools/bench/trace.h"

#include <stdlib.h>
#include <string.h>

#define PATH_MAX_LENGTH   (1u << 16) /* of one path: more is counted, not listed */
#define TABLE_SIZE        (1u << 18) /* slots; a power of two */
#define TABLE_MAX_TRACES  (TABLE_SIZE / 2)
#define TABLE_MAX_ADDRESS (1u << 26) /* in all */
#define ROWS              (TRACE_ROW_NONE + 1)

struct trace {
	uint64_t hash;
	struct trace_cost cost;
	uint32_t *addresses;
	uint32_t length;
	uint32_t number;  /* in the order of their appearance; 0: the nameless one */
	uint32_t *counts; /* by row */
};

struct event {
	uint8_t row;
	char what; /* p: a path, s: a sample, f: a sample that went wrong */
	uint32_t sample;
	uint64_t value; /* the path's number; of a sample, the guest's instructions */
};

static struct trace nameless;
static struct trace *table[TABLE_SIZE];
static uint32_t trace_count;
static uint64_t address_count;
static struct event *events;
static size_t event_count;
static size_t event_capacity;

/* QEMU goes on without us as little as we do without memory. */
static void *checked(void *memory, size_t bytes)
{
	if (!memory) {
		fprintf(stderr, "bench plugin: out of memory (%zu bytes)\n", bytes);
		abort();
	}
	return memory;
}

static void *claim(size_t bytes)
{
	return checked(malloc(bytes + 1), bytes); /* never of nothing */
}

static void *grow(void *old, size_t bytes)
{
	return checked(realloc(old, bytes), bytes);
}

static void hash_add(uint64_t *hash, uint64_t value)
{
	*hash = (*hash ^ value) * 0x100000001b3u; /* FNV-1a's prime */
	*hash ^= *hash >> 29;
}

void trace_path_reset(struct trace_path *path)
{
	path->cost = (struct trace_cost){ 0 };
	path->length = 0;
	path->hash = 0xcbf29ce484222325u;
}

void trace_path_add(struct trace_path *path, uint32_t address, struct cost cost)
{
	path->cost.instructions++;
	path->cost.kinds[cost.kind] += cost.units;
	hash_add(&path->hash, address);
	if (path->length == PATH_MAX_LENGTH)
		return;
	if (path->length == path->capacity) {
		path->capacity = path->capacity ? path->capacity * 2 : 1024;
		path->addresses = grow(path->addresses, path->capacity * sizeof(uint32_t));
	}
	path->addresses[path->length++] = address;
}

static struct trace *trace_create(const struct trace_path *path, uint64_t hash)
{
	struct trace *trace = claim(sizeof(*trace));
	size_t bytes = path->length * sizeof(uint32_t);

	*trace = (struct trace){ .hash = hash, .cost = path->cost, .length = path->length };
	trace->number = ++trace_count;
	address_count += path->length;
	trace->addresses = claim(bytes);
	memcpy(trace->addresses, path->addresses, bytes);
	trace->counts = claim(ROWS * sizeof(uint32_t));
	memset(trace->counts, 0, ROWS * sizeof(uint32_t));
	return trace;
}

static void add_to_nameless(const struct trace_path *path)
{
	nameless.cost.instructions += path->cost.instructions;
	nameless.cost.words += path->cost.words;
	nameless.cost.devices += path->cost.devices;
	for (int kind = 0; kind < COST_KINDS; kind++)
		nameless.cost.kinds[kind] += path->cost.kinds[kind];
	if (!nameless.counts)
		nameless.counts = calloc(ROWS, sizeof(uint32_t));
}

static struct trace *find_or_create(const struct trace_path *path)
{
	uint64_t hash = path->hash;

	hash_add(&hash, path->cost.words);
	hash_add(&hash, path->cost.devices);
	for (size_t slot = hash % TABLE_SIZE;; slot = (slot + 1) % TABLE_SIZE) {
		if (table[slot] && table[slot]->hash != hash)
			continue;
		if (table[slot])
			return table[slot];
		if (trace_count >= TABLE_MAX_TRACES || address_count >= TABLE_MAX_ADDRESS) {
			add_to_nameless(path);
			return &nameless;
		}
		table[slot] = trace_create(path, hash);
		return table[slot];
	}
}

static void add_event(struct event event)
{
	if (event_count == event_capacity) {
		event_capacity = event_capacity ? event_capacity * 2 : 4096;
		events = grow(events, event_capacity * sizeof(*events));
	}
	events[event_count++] = event;
}

void trace_keep(const struct trace_path *path, uint32_t row, uint32_t sample)
{
	struct trace *trace = find_or_create(path);

	trace->counts[row]++;
	if (row != TRACE_ROW_NONE)
		add_event((struct event){ (uint8_t)row, 'p', sample, trace->number });
}

void trace_sample(uint32_t row, uint32_t sample, uint64_t guest_instructions)
{
	add_event((struct event){ (uint8_t)row, 's', sample, guest_instructions });
}

void trace_sample_failed(uint32_t row, uint32_t sample)
{
	add_event((struct event){ (uint8_t)row, 'f', sample, 0 });
}

void trace_write_cost(FILE *file, const char *name, const struct trace_cost *cost)
{
	fprintf(file, "%s %lu %lu %lu", name, cost->instructions, cost->words, cost->devices);
	for (int kind = COST_PLAIN + 1; kind < COST_KINDS; kind++)
		fprintf(file, " %lu", cost->kinds[kind]);
}

void trace_write_path(FILE *file, const char *name, const struct trace_path *path)
{
	trace_write_cost(file, name, &path->cost);
	for (uint32_t i = 0; i < path->length; i++)
		fprintf(file, " %x", path->addresses[i]);
	fputc('\n', file);
}

static void write_trace(FILE *file, const struct trace *trace)
{
	char name[32];

	snprintf(name, sizeof(name), "trace %u", trace->number);
	trace_write_cost(file, name, &trace->cost);
	for (uint32_t i = 0; i < trace->length; i++)
		fprintf(file, " %x", trace->addresses[i]);
	fputc('\n', file);
	for (uint32_t row = 0; row < ROWS; row++)
		if (trace->counts[row])
			fprintf(file, "count %u %u %u\n", row, trace->number, trace->counts[row]);
}

void trace_write(FILE *file)
{
	for (size_t slot = 0; slot < TABLE_SIZE; slot++)
		if (table[slot])
			write_trace(file, table[slot]);
	if (nameless.counts)
		write_trace(file, &nameless);
	for (size_t i = 0; i < event_count; i++)
		fprintf(file, "event %c %u %u %lu\n", events[i].what, events[i].row,
			events[i].sample, events[i].value);
}
