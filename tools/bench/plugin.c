// SPDX-License-Identifier: BSD-2-Clause
/*
 * A TCG plugin for QEMU that sees every instruction executed from the hypervisor's
 * memory, takes them apart into paths (from an exception vector to the ERET), and
 * counts the guests' instructions. Loaded by tools/bench/run.py:
 *
 *   -plugin bench.so,out=FILE[,low=A,high=B][,vector=A ...]
 *           [,thumb=A-B ...][,look=A ...][,threads=on]
 *
 * low, high: the hypervisor's text, physical; without, everything is a guest's.
 * vector: each of its vector tables. thumb: its text from A to before B is Thumb. look: where it looks for interrupts on its way;
 * the longest stretch without is kept. threads: each vCPU of QEMU runs in its own
 * thread (MTTCG); guests' instructions are then counted by the block. Marks in a
 * guest (guests/bench/mark.h) tell which row of the table is being measured on
 * that vCPU.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include "tools/bench/cost.h"
#include "tools/bench/qemu_plugin.h"
#include "tools/bench/trace.h"

#define CORES_MAX        8
#define VECTORS_MAX      4
#define LOOKS_MAX        16
#define THUMBS_MAX       1024
#define VECTOR_BYTES     32u
#define INSTRUCTION_SIZE 2u /* the least: Thumb's */

/* Hints that the architecture leaves unallocated are NOPs (A5.2.11): no exit, no
 * effect. 0x80 + row begins a sample, 0xc0 and up are commands. */
#define MARK_MASK   0xffffff80u
#define MARK_VALUE  0xe320f080u
#define MARK_ROWS   0x40u
#define MARK_END    0x40u /* the sample ends */
#define MARK_FAIL   0x41u /* the sample ends, and was not what it should have been */
#define MARK_FINISH 0x42u /* the run ends */

/* An instruction of the hypervisor's. */
struct site {
	uint32_t address;
	struct cost cost;
	bool is_eret;
	bool is_vector;
	bool is_look;
	uint64_t boot_count; /* executions before the first guest */
};

/* A vCPU of QEMU, which runs the hypervisor and its guests. */
struct core {
	struct trace_path path;
	struct trace_path stretch; /* since the last look, on the same path */
	bool is_after_eret;
	bool has_path;
	bool is_booted; /* a guest has run here */
	uint32_t row;
	uint32_t samples[MARK_ROWS];
	uint64_t guest_count; /* instructions, with `threads` */
	uint64_t guest_start; /* of them, before the sample */
};

static const char *out_name;
static uint32_t low, high;
static uint32_t vectors[VECTORS_MAX];
static uint32_t vector_count;
static uint32_t looks[LOOKS_MAX];
static uint32_t look_count;
static struct thumb {
	uint32_t start, end;
} thumbs[THUMBS_MAX];
static uint32_t thumb_count;
static struct trace_path longest;
static struct site *sites;
static struct core cores[CORES_MAX];
static const uint8_t *hyp_memory; /* where QEMU keeps address `low` */
static uint64_t guest_count;      /* without `threads` */
static bool has_threads;
static struct trace_cost boot_cost; /* of the core that boots first */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_API;

/* ---- Paths ------------------------------------------------------------------- */

/* Before the first guest runs nobody waits for an interrupt. */
static void end_stretch(struct core *core)
{
	if (core->is_booted && core->stretch.cost.instructions > longest.cost.instructions) {
		struct trace_path kept = longest;

		longest = core->stretch;
		core->stretch = kept;
	}
	trace_path_reset(&core->stretch);
}

static void end_path(struct core *core)
{
	if (!core->has_path)
		return;
	end_stretch(core);
	if (core->is_booted)
		trace_keep(&core->path, core->row, core->samples[core->row % MARK_ROWS]);
	else if (!boot_cost.instructions)
		boot_cost = core->path.cost;
	core->is_booted = true;
	core->has_path = false;
	trace_path_reset(&core->path);
}

/* An ERET ends a path unless hyp mode itself goes on behind it (it returned from a
 * fault of its own): only the next instruction tells. */
static void on_instruction(unsigned int cpu, void *data)
{
	struct site *site = data;
	struct core *core = &cores[cpu];

	pthread_mutex_lock(&lock);
	if (core->is_after_eret && site->is_vector)
		end_path(core);
	core->has_path = true;
	core->is_after_eret = site->is_eret;
	if (!boot_cost.instructions)
		site->boot_count++;
	trace_path_add(&core->path, site->address, site->cost);
	if (look_count) {
		if (site->is_look)
			end_stretch(core);
		trace_path_add(&core->stretch, site->address, site->cost);
	}
	pthread_mutex_unlock(&lock);
}

/* Comes after the instruction's own callback. */
static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *data)
{
	struct trace_cost *cost = &cores[cpu].path.cost;
	const struct qemu_plugin_hwaddr *haddr = qemu_plugin_get_hwaddr(info, vaddr);

	(void)data;
	if (haddr && qemu_plugin_hwaddr_is_io(haddr))
		cost->devices++;
	else
		cost->words += qemu_plugin_mem_size_shift(info) == 3 ? 2 : 1;
}

/* ---- Output ------------------------------------------------------------------ */

static void write_boot(FILE *file)
{
	if (!boot_cost.instructions)
		return;
	trace_write_cost(file, "boot", &boot_cost);
	fputc('\n', file);
	for (uint32_t i = 0; i < (high - low) / INSTRUCTION_SIZE; i++)
		if (sites[i].boot_count)
			fprintf(file, "site %x %lu\n", sites[i].address, sites[i].boot_count);
}

static uint64_t count_guests(void)
{
	uint64_t count = guest_count;

	for (int i = 0; i < CORES_MAX; i++)
		count += cores[i].guest_count;
	return count;
}

static void write_results(void)
{
	FILE *file = fopen(out_name, "w");

	if (!file) {
		perror(out_name);
		return;
	}
	for (int i = 0; i < CORES_MAX; i++)
		end_path(&cores[i]);
	fprintf(file, "bulkhead-bench 1\nguest %lu\n", count_guests());
	write_boot(file);
	trace_write(file);
	if (look_count)
		trace_write_path(file, "stretch 0", &longest);
	fputs("end\n", file);
	if (fclose(file))
		perror(out_name);
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	write_results();
}

/* ---- Marks ------------------------------------------------------------------- */

static void on_mark(unsigned int cpu, void *data)
{
	uint32_t mark = (uint32_t)(uintptr_t)data;
	struct core *core = &cores[cpu];

	pthread_mutex_lock(&lock);
	end_path(core);
	if (mark < MARK_ROWS) {
		core->row = mark;
		core->guest_start = guest_count + core->guest_count;
	} else if (mark == MARK_FINISH) {
		write_results();
		_Exit(0);
	} else if (core->row != TRACE_ROW_NONE) {
		uint32_t sample = core->samples[core->row]++;

		trace_sample(core->row, sample,
			     guest_count + core->guest_count - core->guest_start);
		if (mark == MARK_FAIL)
			trace_sample_failed(core->row, sample);
		core->row = TRACE_ROW_NONE;
	}
	pthread_mutex_unlock(&lock);
}

/* ---- Translation ------------------------------------------------------------- */

static bool is_in_vector(uint32_t address)
{
	for (uint32_t i = 0; i < vector_count; i++)
		if (address - vectors[i] < VECTOR_BYTES)
			return true;
	return false;
}

static bool is_look(uint32_t address)
{
	for (uint32_t i = 0; i < look_count; i++)
		if (address == looks[i])
			return true;
	return false;
}

/* The hypervisor's first instruction runs where it was linked to, untranslated: from
 * it on QEMU's memory tells the physical address, whatever a guest's virtual one is. */
static struct site *find_site(struct qemu_plugin_insn *insn)
{
	const uint8_t *here = qemu_plugin_insn_haddr(insn);

	if (!hyp_memory && here && high > low && qemu_plugin_insn_vaddr(insn) == low)
		hyp_memory = here;
	if (!hyp_memory || here < hyp_memory || here >= hyp_memory + (high - low))
		return NULL;
	return &sites[(size_t)(here - hyp_memory) / INSTRUCTION_SIZE];
}

static bool is_thumb(uint32_t address)
{
	for (uint32_t i = 0; i < thumb_count; i++)
		if (address - thumbs[i].start < thumbs[i].end - thumbs[i].start)
			return true;
	return false;
}

static void instrument_hypervisor(struct qemu_plugin_insn *insn, struct site *site, uint32_t opcode)
{
	site->address = low + (uint32_t)(site - sites) * INSTRUCTION_SIZE;
	if (is_thumb(site->address) && qemu_plugin_insn_size(insn) == 4)
		opcode = opcode << 16 | opcode >> 16; /* as the manual writes it */
	site->cost = cost_of(opcode);
	site->is_eret = cost_is_eret(opcode);
	site->is_vector = is_in_vector(site->address);
	site->is_look = is_look(site->address);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_instruction, QEMU_PLUGIN_CB_NO_REGS, site);
	if (site->cost.kind == COST_PLAIN)
		qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, site);
}

/* One counter for all would lose what two threads add at the same time. */
static void on_guest_block(unsigned int cpu, void *data)
{
	cores[cpu].guest_count += (uintptr_t)data;
}

static void instrument_guest(struct qemu_plugin_insn *insn, uint32_t opcode)
{
	if (!has_threads)
		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   &guest_count, 1);
	if ((opcode & MARK_MASK) == MARK_VALUE)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)(opcode & ~MARK_MASK));
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uintptr_t guests = 0;

	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct site *site = find_site(insn);
		uint32_t opcode = 0;

		memcpy(&opcode, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
		if (site) {
			instrument_hypervisor(insn, site, opcode);
		} else {
			instrument_guest(insn, opcode);
			guests++;
		}
	}
	if (guests && has_threads)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_guest_block, QEMU_PLUGIN_CB_NO_REGS,
						     (void *)guests);
}

/* ---- Start ------------------------------------------------------------------- */

static struct thumb take_range(const char *value)
{
	char *end;
	uint32_t start = (uint32_t)strtoul(value, &end, 0);

	return (struct thumb){ start, *end == '-' ? (uint32_t)strtoul(end + 1, NULL, 0) : start };
}

static bool take_argument(const char *argument)
{
	const char *value = strchr(argument, '=');

	if (strcmp(argument, "threads=on") == 0)
		return has_threads = true;
	if (!value)
		return false;
	value++;
	if (strncmp(argument, "out=", 4) == 0)
		out_name = strdup(value);
	else if (strncmp(argument, "low=", 4) == 0)
		low = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(argument, "high=", 5) == 0)
		high = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(argument, "vector=", 7) == 0 && vector_count < VECTORS_MAX)
		vectors[vector_count++] = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(argument, "look=", 5) == 0 && look_count < LOOKS_MAX)
		looks[look_count++] = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(argument, "thumb=", 6) == 0 && thumb_count < THUMBS_MAX)
		thumbs[thumb_count++] = take_range(value);
	else
		return false;
	return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_plugin_info *info, int argc,
			char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!take_argument(argv[i])) {
			fprintf(stderr, "bench plugin: what is '%s'?\n", argv[i]);
			return -1;
		}
	}
	if (!out_name || high < low || (high > low && vector_count == 0)) {
		fprintf(stderr, "bench plugin: out=, and low=, high=, vector= are needed\n");
		return -1;
	}
	sites = calloc((high - low) / INSTRUCTION_SIZE + 1, sizeof(*sites));
	for (int i = 0; i < CORES_MAX; i++) {
		cores[i].row = TRACE_ROW_NONE;
		trace_path_reset(&cores[i].path);
		trace_path_reset(&cores[i].stretch);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return sites ? 0 : -1;
}
