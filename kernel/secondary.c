// SPDX-License-Identifier: BSD-2-Clause
/*
 * The other cores: how the boot core starts them, how they begin, and the interrupt by
 * which one asks another. Linked only where the manifest uses several.
 */
#include "arch/barrier.h"
#include "arch/boards/board.h"
#include "kernel/boot.h"
#include "kernel/panic.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"

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
		panic_stop("the board refuses to start a core that the manifest uses");
	while (!atomic_load(&core->is_up))
		if (read_CNTPCT() > end)
			panic_stop("a core that the manifest uses does not start");
}

RARELY_RUN void boot_start_others(void)
{
	for (uint32_t i = 1; i < CONFIG_CORE_COUNT; i++)
		start_core(i);
}

/* SGIs for whom the core runs, the commonest request, change nothing for the scheduler;
 * all else that it came for is found there. */
void request_irq(struct core *core, UNUSED uint32_t intid)
{
	struct vcpu *vcpu = core->loaded;
	uint32_t rest = CORE_REQUEST_VCPUS;

	dmb(); /* acknowledged before the requests are read, or one that came between is lost */
	if (vcpu) {
		uint32_t asked = atomic_fetch_and_explicit(&vcpu->requests, VCPU_REQUEST_SGI - 1,
							   memory_order_acquire);

		vgic_sgis_of_loaded(vcpu, asked / VCPU_REQUEST_SGI);
		rest = asked % VCPU_REQUEST_SGI |
		       atomic_load_explicit(&core->requests, memory_order_relaxed);
	}
	for (uint32_t i = 0; core->vcpu_count > 1 && i < core->vcpu_count; i++)
		rest |= atomic_load_explicit(&core->vcpus[i]->requests, memory_order_relaxed);
	if (rest)
		request_core(core, CORE_REQUEST_VCPUS);
}
