// SPDX-License-Identifier: BSD-2-Clause
/*
 * A TCG plugin for QEMU that counts each VM's instructions, by the physical address
 * they lie at, between two marks that a guest executes (guest.c). Loaded by
 * test_plan.py:
 *
 *   -plugin shares.so,out=FILE,low=A,vm=B,vm=C ...
 *
 * low: the hypervisor's first instruction; vm: where a VM's RAM begins, ascending, all
 * behind the hypervisor. A line each is written: the hypervisor's count, then the VMs'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/qemu_plugin.h"

#define OWNERS_MAX 9u
#define MARK_BEGIN 0xe320f0e0u
#define MARK_END   0xe320f0e1u

static const char *out_name;
static uint32_t starts[OWNERS_MAX]; /* physical; [0]: the hypervisor's */
static uint32_t owner_count = 1;
static uint64_t counts[OWNERS_MAX];
static uint64_t counts_at_begin[OWNERS_MAX];
static const uint8_t *memory; /* where QEMU keeps address starts[0] */

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_API;

static void on_begin(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	memcpy(counts_at_begin, counts, sizeof(counts));
}

static void on_end(unsigned int cpu, void *data)
{
	FILE *file = fopen(out_name, "w");

	(void)cpu;
	(void)data;
	if (!file) {
		perror(out_name);
		return;
	}
	for (uint32_t i = 0; i < owner_count; i++)
		fprintf(file, "%lu\n", counts[i] - counts_at_begin[i]);
	if (fclose(file))
		perror(out_name);
}

/* Of whom an instruction is: of the last one that begins at or before it. */
static uint32_t owner_of(const uint8_t *here)
{
	uint64_t address = (uint64_t)(here - memory) + starts[0];
	uint32_t owner = 0;

	while (owner + 1 < owner_count && address >= starts[owner + 1])
		owner++;
	return owner;
}

/* The hypervisor's first instruction runs untranslated, where it was linked to. */
static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const uint8_t *here = qemu_plugin_insn_haddr(insn);
		uint32_t opcode = 0;

		if (!memory && qemu_plugin_insn_vaddr(insn) == starts[0])
			memory = here;
		if (!memory || !here)
			continue;
		memcpy(&opcode, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   &counts[owner_of(here)], 1);
		if (opcode == MARK_BEGIN || opcode == MARK_END)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, opcode == MARK_BEGIN ? on_begin : on_end,
				QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_plugin_info *info, int argc,
			char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "out=", 4) == 0)
			out_name = strdup(argv[i] + 4);
		else if (strncmp(argv[i], "low=", 4) == 0)
			starts[0] = (uint32_t)strtoul(argv[i] + 4, NULL, 0);
		else if (strncmp(argv[i], "vm=", 3) == 0 && owner_count < OWNERS_MAX)
			starts[owner_count++] = (uint32_t)strtoul(argv[i] + 3, NULL, 0);
		else
			return -1;
	}
	if (!out_name || !starts[0] || owner_count == 1) {
		fprintf(stderr, "shares plugin: out=, low= and vm= are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
