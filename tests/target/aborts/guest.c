// SPDX-License-Identifier: BSD-2-Clause
/*
 * Aborts and undefined instructions as the architecture has them: what is in each
 * register and in CPSR when the guest's vector is reached. Each form of forms.S, in
 * User, System and Supervisor mode, under several settings of the system. Holds
 * natively on QEMU's `virt`, too, but for what only the hypervisor forbids (guest=1).
 * ARM ARM DDI 0406C: B1.8.3, B1.9, B3.13, B4.1.51, B4.1.52, B4.1.95, B4.1.96.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/platform.h"
#include "guests/lib/probe.h"
#include "tests/target/aborts/tables.h"

#define ALL        0xffffffffu
#define BEYOND_RAM 0x50000000u

#define CPSR_IT    0x0600fc00u
#define CPSR_E     0x200u
#define CPSR_A     0x100u
#define CPSR_J     0x01000000u
#define CPSR_FLAGS 0x680f0000u /* ZCQ and GE: conditions EQ and CS hold */

#define SCTLR_A  (1u << 1)
#define SCTLR_V  (1u << 13)
#define SCTLR_EE (1u << 25)
#define SCTLR_TE (1u << 30)

extern const struct probe_form aborts_reads[], aborts_writes[], aborts_fetches[];
extern const struct probe_form aborts_unaligned[];
extern const struct probe_form aborts_undefined[], aborts_undefined_usr[], aborts_refused[];

static const char *setting = ""; /* named in each failed check */
static bool is_guest;            /* of ours */

/* What an abort must leave. */
struct expectation {
	uint32_t vector;
	uint32_t status; /* DFSR or IFSR, short format; WnR is added for writes */
	uint32_t address;
	uint32_t return_lr;
};

static bool is_long_format(void)
{
	return (cp15_read_TTBCR() & 1u << 31) != 0;
}

static const char *mode_name(uint32_t cpsr)
{
	switch (cpsr & CPU_MODE_MASK) {
	case CPU_MODE_USR:
		return "usr";
	case CPU_MODE_SYS:
		return "sys";
	default:
		return "svc";
	}
}

static void check(const struct probe *probe, const struct probe_form *form, const char *what,
		  uint32_t value, uint32_t expected, uint32_t mask)
{
	char text[160];

	if ((value ^ expected) & mask)
		snprintf(text, sizeof(text), "%s, %s %s %s: %s", setting,
			 mode_name(probe->start.cpsr), form->is_thumb ? "t32" : "a32", form->name,
			 what);
	else
		text[0] = '\0';
	check_equal(text, value, expected, mask);
}

/* ITSTATE where the form's instruction is, as CPSR has it (A2.5.2). */
static uint32_t it_bits(const struct probe_form *form)
{
	const uint16_t *at = (const uint16_t *)form->code;
	const uint16_t *end = at + form->skip_bytes / 2;
	uint32_t it = *at & 0xff;

	if (!form->is_thumb || at == end || *at >> 8 != 0xbf)
		return 0;
	for (at++; at < end; at += *at < 0xe800 ? 1 : 2)
		it = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	return it >> 2 << 10 | (it & 3) << 25;
}

/* CPSR, SPSR and LR: the same for all of them (B1.8.3, B1.8.10). */
static void check_entry(const struct probe *probe, const struct probe_form *form,
			const struct expectation *expected, uint32_t spsr)
{
	uint32_t sctlr = cp15_read_SCTLR();
	bool is_undefined = expected->vector == EXCEPTION_UNDEFINED;
	uint32_t cpsr = (spsr & (CPSR_FLAGS | CPSR_A | CPU_CPSR_F)) | CPU_CPSR_I |
			(is_undefined ? CPU_MODE_UND : CPU_MODE_ABT | CPSR_A) |
			(sctlr & SCTLR_TE ? CPU_CPSR_T : 0) | (sctlr & SCTLR_EE ? CPSR_E : 0);

	check(probe, form, "vector", probe->result.vector, expected->vector, ALL);
	check(probe, form, "CPSR", probe->result.cpsr, cpsr, ALL);
	check(probe, form, "SPSR", probe->result.spsr, spsr, ALL);
	check(probe, form, "LR", probe->result.return_lr, expected->return_lr, ALL);
}

/* Nothing was transferred, no base written back. */
static void check_registers(const struct probe *probe, const struct probe_form *form)
{
	for (uint32_t i = 0; i < 13; i++)
		if (i != 3 || !form->skip_bytes)
			check(probe, form, "a register", probe->result.r[i], probe->start.r[i],
			      ALL);
	check(probe, form, "SP", probe->result.sp, probe->start.sp, ALL);
	if ((probe->start.cpsr & CPU_MODE_MASK) != CPU_MODE_SVC)
		check(probe, form, "LR of its mode", probe->result.lr, probe->start.lr, ALL);
}

static void check_status(const struct probe *probe, const struct probe_form *form,
			 const struct expectation *expected)
{
	bool is_data = expected->vector == EXCEPTION_DATA_ABORT;
	uint32_t mask = is_long_format() ? 0x2a3f : 0x2e0f; /* not: domain, ExT */

	check(probe, form, is_data ? "DFSR" : "IFSR",
	      is_data ? probe->result.dfsr : probe->result.ifsr, expected->status, mask);
	check(probe, form, is_data ? "DFAR" : "IFAR",
	      is_data ? probe->result.dfar : probe->result.ifar, expected->address, ALL);
}

static void start(struct probe *probe, const struct probe_form *form, uint32_t cpsr)
{
	memset(probe, 0, sizeof(*probe));
	for (uint32_t i = 1; i < 13; i++)
		probe->start.r[i] = 0x01010101u * i;
	probe->start.sp = 0x5050f00c;
	probe->start.lr = 0x1020f00c;
	probe->start.pc = form->code;
	probe->start.cpsr = cpsr | CPSR_FLAGS | (form->is_thumb ? CPU_CPSR_T : 0);
}

/* Modes, with different masks; E is set in one. */
static const uint32_t states[] = {
	CPU_MODE_USR,
	CPU_MODE_SYS | CPU_CPSR_I | CPU_CPSR_F,
	CPU_MODE_SVC | CPSR_A | CPU_CPSR_I | CPSR_E,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* `status` is for reads; forms that write add WnR. */
static void test_data(const struct probe_form *forms, uint32_t address, uint32_t status)
{
	for (uint32_t i = 0; i < COUNT(states); i++) {
		for (const struct probe_form *form = forms; form->name; form++) {
			struct probe probe;
			struct expectation expected = {
				.vector = EXCEPTION_DATA_ABORT,
				.status = status | (is_long_format() ? 0x200 : 0),
				.address = address,
				.return_lr = form->code + form->skip_bytes + 8,
			};

			start(&probe, form, states[i]);
			probe.start.r[1] = address;
			probe_run(&probe);
			check_entry(&probe, form, &expected, probe.start.cpsr | it_bits(form));
			check_status(&probe, form, &expected);
			check_registers(&probe, form);
		}
	}
}

static void test_fetch(uint32_t address, uint32_t status)
{
	for (uint32_t i = 0; i < COUNT(states); i++) {
		for (const struct probe_form *form = aborts_fetches; form->name; form++) {
			bool is_exchange = strncmp(form->name, "bx", 2) == 0;
			struct probe probe;
			struct expectation expected = {
				.vector = EXCEPTION_PREFETCH_ABORT,
				.status = status | (is_long_format() ? 0x200 : 0),
				.address = address,
				.return_lr = address + 4,
			};

			start(&probe, form, states[i]);
			probe.start.r[1] = address;
			probe_run(&probe);
			check_entry(&probe, form, &expected,
				    is_exchange ? probe.start.cpsr & ~CPU_CPSR_T
						: probe.start.cpsr);
			check_status(&probe, form, &expected);
			check_registers(&probe, form);
		}
	}
}

static void test_undefined(const struct probe_form *forms, uint32_t state)
{
	for (const struct probe_form *form = forms; form->name; form++) {
		struct probe probe;
		struct expectation expected = {
			.vector = EXCEPTION_UNDEFINED,
			.return_lr = form->code + form->skip_bytes + (form->is_thumb ? 2 : 4),
		};

		start(&probe, form, state);
		probe_run(&probe);
		check_entry(&probe, form, &expected, probe.start.cpsr | it_bits(form));
		check_registers(&probe, form);
	}
}

#define EXTERNAL(is_long)         ((is_long) ? 0x010u : 0x008u)
#define EXTERNAL_WALK(is_long, n) ((is_long) ? 0x014u + (n) : 0x00cu + 2 * ((n)-1))
#define WNR                       0x800u

static void test_holes(uint32_t hole)
{
	uint32_t status = EXTERNAL(is_long_format());

	test_data(aborts_reads, hole + 0x100, status);
	test_data(aborts_writes, hole + 0x200, status | WNR);
	test_fetch(hole + 0x300, status);
}

static void test_all_undefined(void)
{
	for (uint32_t i = 0; i < COUNT(states); i++)
		test_undefined(aborts_undefined, states[i]);
	test_undefined(aborts_undefined_usr, CPU_MODE_USR);
	if (is_guest)
		test_undefined(aborts_refused, CPU_MODE_SVC);
}

/* Pages that are there, but hold no code. */
static void test_devices(void)
{
	uint32_t status = EXTERNAL(is_long_format());

	test_fetch(PLATFORM_UART, status);
	test_fetch(PLATFORM_GICD + 0x100, status);
	test_fetch(PLATFORM_GICC, status);
}

static void test_unaligned(void)
{
	uint32_t is_long = is_long_format();
	uint32_t status = is_long ? 0x21 : 0x01;

	/* GICD_ITARGETSR0: bytes can be read there, so nothing else is wrong. */
	test_data(aborts_unaligned, PLATFORM_GICD + 0x801, status);
}

static void with_sctlr(const char *what, uint32_t bits, void (*test)(void))
{
	uint32_t sctlr = cp15_read_SCTLR();

	setting = what;
	cp15_write_SCTLR(sctlr | bits);
	cpu_instruction_barrier();
	test();
	cp15_write_SCTLR(sctlr);
	cpu_instruction_barrier();
}

static void test_hole_and_undefined(void)
{
	test_holes(TABLES_HOLE);
	test_all_undefined();
}

static void test_vectors(void)
{
	static char moved[1024] __attribute__((aligned(64)));

	memcpy(moved, probe_vectors, PROBE_VECTORS_BYTES);
	cpu_data_barrier();
	cp15_write_ICIALLU(0);
	cpu_instruction_barrier();
	probe_vbar = (uint32_t)moved;
	with_sctlr("VBAR moved", 0, test_hole_and_undefined);
	probe_vbar = (uint32_t)probe_vectors_thumb;
	with_sctlr("SCTLR.TE", SCTLR_TE, test_hole_and_undefined);
	probe_vbar = (uint32_t)probe_vectors;
	with_sctlr("SCTLR.EE", SCTLR_EE, test_hole_and_undefined);
}

/* With SCTLR.V set VBAR is not used: one that leads nowhere shows it. */
static void test_high_vectors(const char *what)
{
	tables_map_page(0xffff0000, probe_vectors, PROBE_VECTORS_BYTES);
	probe_vbar = TABLES_HOLE;
	with_sctlr(what, SCTLR_V, test_hole_and_undefined);
	probe_vbar = (uint32_t)probe_vectors;
}

static void test_walk(const char *what, uint32_t level)
{
	uint32_t status = EXTERNAL_WALK(is_long_format(), level);

	setting = what;
	test_data(aborts_reads, TABLES_BROKEN + 0x100, status);
	test_data(aborts_writes, TABLES_BROKEN + 0x200, status | WNR);
	test_fetch(TABLES_BROKEN + 0x300, status);
}

static void test_mapped(const char *what)
{
	setting = what;
	test_holes(TABLES_HOLE);
	test_holes(BEYOND_RAM);
	test_all_undefined();
	if (is_guest) {
		test_devices();
		test_unaligned();
	}
}

int main(void)
{
	is_guest = devicetree_argument("guest", 0) != 0;
	check_begin("aborts");
	test_mapped("MMU off");
	with_sctlr("SCTLR.A", SCTLR_A, test_unaligned);
	test_vectors();

	cp15_write_TTBCR(1u << 31);
	cpu_instruction_barrier();
	test_mapped("MMU off, long");
	cp15_write_TTBCR(0);

	tables_enable_short();
	test_mapped("short");
	test_high_vectors("short, SCTLR.V");
	tables_break_short(1);
	test_walk("short, level 1 in a hole", 1);
	tables_break_short(2);
	test_walk("short, level 2 in a hole", 2);

	tables_enable_long(0);
	test_mapped("long");
	setting = "long, 4 GiB above the distributor";
	test_holes(TABLES_BEYOND + PLATFORM_GICD);
	test_high_vectors("long, SCTLR.V");
	for (uint32_t level = 1; level <= 3; level++) {
		static const char *const names[] = { "", "long, level 1 in a hole",
						     "long, level 2 in a hole",
						     "long, level 3 in a hole" };

		tables_break_long(level);
		test_walk(names[level], level);
	}
	/* 1 GiB above: the walk begins at level 2. */
	tables_enable_long(2);
	tables_break_long(1);
	test_walk("long, T1SZ = 2, the first table in a hole", 2);
	return check_end();
}
