// SPDX-License-Identifier: BSD-2-Clause
/*
 * The other cores: how the boot core starts them, and they begin. Linked only where the
 * manifest uses several.
 */
#include "arch/boards/board.h"
#include "kernel/boot.h"
#include "kernel/panic.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"

RARELY_RUN _Noreturn void boot_secondary(struct core *core)
{
	boot_init_core(core);
	sched_run(core);
}

#define START_MS 1000u

static void start_core(uint32_t i)
{
	struct core *core = &cores[i];
	uint64_t end = read_CNTPCT() + timeout_ticks(START_MS);

	if (!board_start_core(config_cores[i].mpidr, secondary_start, core))
		panic_wrong_board("the board refuses to start a core that the manifest uses");
	while (!atomic_load(&core->is_up))
		if (read_CNTPCT() > end)
			panic_wrong_board("a core that the manifest uses does not start");
}

RARELY_RUN void boot_start_others(void)
{
	for (uint32_t i = 1; i < CONFIG_CORE_COUNT; i++)
		start_core(i);
}
