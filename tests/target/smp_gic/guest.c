// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interrupt controller of several CPUs, as GICv2 has it (IHI 0048B); the other
 * files here are its parts. It holds on QEMU's bare `virt`, too. Boot argument
 * `times`: how many times as much of the storms.
 */
#include <stdio.h>

#include "guests/lib/devicetree.h"
#include "tests/target/smp_gic/parts.h"

int main(void)
{
	uint32_t times;

	is_native = devicetree_find_native();
	times = devicetree_argument("times", 1);
	check_begin("smp_gic");
	cpus = smp_begin();
	printf("smp_gic: %lu CPUs\n", cpus);
	if (cpus < 2 || cpus > CPUS_MAX)
		return 1;
	test_banked();
	ears_init();
	smp_let_nap(true);
	spis_reset(false);
	test_sgi_filters();
	test_sgi_pending();
	test_timers();
	test_ring(100 * times);
	test_routing();
	test_active();
	test_device();
	test_synchronize(100 * times);
	test_sgi_storm(300 * times, false);
	test_sgi_storm(300 * times, true);
	test_spi_storm(100 * times);
	return check_end();
}
