// SPDX-License-Identifier: BSD-2-Clause
/*
 * From start.S to the first guest: the boot as a list.
 */
#include "kernel/boot.h"

#include "arch/cache.h"
#include "arch/stage1.h"
#include "kernel/console.h"
#include "kernel/irq.h"
#include "kernel/panic.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"

/* Only the Cortex-A15 needs the flush on entry (vectors.S). */
static void set_vectors(void)
{
	bool is_a15 = (read_MIDR() & MIDR_PART_MASK) == MIDR_CORTEX_A15;

	write_HVBAR((uint32_t)(is_a15 ? vectors_hardened : vectors_plain));
}

#define ICPIDR2_ARCH_SHIFT 4
#define GICV2              2u
#define VTR_LISTS_MASK     0x3fu

/* What the manifest assumed about the board, as far as the board can tell. */
static void check_board(void)
{
	if ((GICD->ICPIDR2 >> ICPIDR2_ARCH_SHIFT & 0xf) != GICV2)
		panic_stop("the interrupt controller is no GICv2: use another board or manifest "
			   "(QEMU virt: gic-version=2)");
	if ((GICH->VTR & VTR_LISTS_MASK) + 1 != GIC_LIST_COUNT)
		panic_stop("the GIC has not the 4 list registers of a Cortex-A7 or A15");
	if (4u << (read_CTR() >> 16 & 0xf) < CACHE_LINE_BYTES_MIN) /* DminLine (B4.1.42) */
		panic_stop("a data cache has shorter lines than a Cortex-A7's or A15's");
	if (read_CNTFRQ() < 1000)
		panic_stop("CNTFRQ is not set: firmware must do so, or start from reset");
}

void boot_init_core(struct core *core)
{
	core->index = (uint32_t)(core - cores);
	write_HTPIDR((uint32_t)core); /* core_current() */
	set_vectors();
	gic_init_core();
	core->gic_targets = GICD->ITARGETSR[0];
	trace_init(core->index);
	timeout_init();
	world_init();
	sched_init(core);
	irq_init_core(core);
	atomic_store(&core->is_up, true);
}

RARELY_RUN _Noreturn void boot_primary(struct core *core)
{
	write_HTPIDR((uint32_t)core); /* whoever prints wants to know */
	set_vectors();
	stage1_init();
	stage1_enable();
	console_init(); /* from here on we can speak */
	check_board();
	gic_init_distributor();
	for (uint32_t i = 0; config_inits[i]; i++)
		config_inits[i]();
	trap_init();
	boot_init_core(core);
	console_enable();
	if (CONFIG_CORE_COUNT > 1)
		boot_start_others();
	console_print("%s, %lu VMs on %lu cores" CONSOLE_ASK, BOARD_NAME, config_vm_count,
		      (uint32_t)CONFIG_CORE_COUNT);
	for (uint32_t i = 0; i < config_vm_count; i++)
		vm_stop(&vms[i], VM_NEXT_LOAD);
	sched_run(core);
}
