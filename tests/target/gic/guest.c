// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interrupt controller, register by register and interrupt by interrupt, as
 * GICv2 has it (IHI 0048B); the other files here are its parts. They hold on QEMU's
 * bare `virt`, too, but for what the manual leaves open.
 */
#include "guests/lib/cpu.h"
#include "tests/target/gic/log.h"

int main(void)
{
	check_begin("gic");
	log_init();
	test_registers();
	test_states();
	test_priorities();
	test_groups();
	test_many();
	test_sgis();
	test_linked();
	return check_end();
}
