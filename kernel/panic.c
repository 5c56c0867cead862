// SPDX-License-Identifier: BSD-2-Clause
/*
 * See panic.h. Speaks by polling, stops all, keeps the machine as it is. What it
 * prints, tools/bhsym reads.
 */
#include "kernel/panic.h"

#include "arch/barrier.h"
#include "arch/gic.h"
#include "kernel/console.h"
#include "kernel/core.h"

_Noreturn void panic_irq(UNUSED struct core *core, UNUSED uint32_t intid)
{
	for (;;)
		wfi();
}

_Noreturn void panic_stop(const char *message)
{
	console_print("stopped: %s", message);
	console_flush();
	panic_irq(NULL, PANIC_SGI);
}

#define STACK_WORDS 64u

_Noreturn void panic_exception(const struct panic_frame *frame)
{
	const struct core *core = core_current();
	uint32_t left =
		(uint32_t)((const uint32_t *)(core->stack + CORE_STACK_BYTES) - frame->stack);

	if (CONFIG_CORE_COUNT > 1)
		gic_send_sgi(0xff & ~core->gic_targets, PANIC_SGI);
	console_flush();
	console_print("PANIC: exception in the hypervisor");
	console_print("  core %lu, hsr %08lx, pc %08lx, lr %08lx, spsr %08lx", core->index,
		      read_HSR(), frame->elr, frame->lr, frame->spsr);
	console_print("  hdfar %08lx, hifar %08lx, r12 %08lx, sp %08lx", read_HDFAR(), read_HIFAR(),
		      frame->r[12], (uint32_t)frame->stack);
	console_print_words("r", frame->r, 12);
	console_flush();
	console_print_words("sp+", frame->stack,
			    left < STACK_WORDS ? (left + 3) & ~3u : STACK_WORDS);
	panic_stop("give this log to tools/bhsym; it names functions and lines");
}
