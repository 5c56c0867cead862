// SPDX-License-Identifier: BSD-2-Clause
/*
 * Prints what each register of forms.S is for privileged code and for User mode, and
 * whether a write changes it; the test has the table of what they should be. Then the
 * cycle counter. Natively it prints what the hardware says.
 */
#include <stdio.h>

#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/probe.h"

extern const struct probe_form cp15_registers[];

static void show(const struct probe_form *form, const char *mode, uint32_t cpsr)
{
	struct probe probe = { .start = { .pc = form->code, .cpsr = cpsr | 0x1c0 } };

	probe.start.r[4] = 0xffffffff;
	probe_run(&probe);
	if (probe.result.vector == EXCEPTION_UNDEFINED)
		printf("cp15: %s %s undefined\n", mode, form->name);
	else if (probe.result.vector == EXCEPTION_SUPERVISOR_CALL)
		printf("cp15: %s %s 0x%08lx\n", mode, form->name, probe.result.r[2]);
	else
		printf("cp15: %s %s exception %lu\n", mode, form->name, probe.result.vector);
}

static uint32_t spin_cycles(void)
{
	uint32_t start = cp15_read_PMCCNTR();

	for (uint32_t i = 0; i < 10000; i++)
		__asm__ volatile("");
	return cp15_read_PMCCNTR() - start;
}

static void show_cycles(void)
{
	cp15_write_PMCNTENSET(0x80000000);
	cp15_write_PMCR(1);
	printf("cp15: cycles counted: %s\n", spin_cycles() > 0 ? "yes" : "no");
	cp15_write_PMCR(0);
	printf("cp15: cycles when off: %s\n", spin_cycles() > 0 ? "yes" : "no");
	cp15_write_PMCCNTR(0x12345678);
	printf("cp15: PMCCNTR written 0x%08lx\n", cp15_read_PMCCNTR());
}

int main(void)
{
	for (const struct probe_form *form = cp15_registers; form->name; form++) {
		show(form, "svc", CPU_MODE_SVC);
		show(form, "usr", CPU_MODE_USR);
	}
	if (devicetree_argument("cycles", 1))
		show_cycles();
	printf("cp15: done\n");
	return 0;
}
