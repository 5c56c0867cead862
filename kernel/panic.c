// SPDX-License-Identifier: BSD-2-Clause
/*
 * See panic.h. Speaks by polling, stops all, keeps the machine as it is.
 */
#include "kernel/panic.h"

#include "arch/barrier.h"
#include "arch/cp15.h"
#include "kernel/console.h"

static _Noreturn void stop(void)
{
	console_flush();
	for (;;)
		wfi();
}

_Noreturn void panic(const char *message)
{
	console_print("PANIC: %s", message);
	stop();
}

_Noreturn void panic_wrong_board(const char *message)
{
	console_print("stopped: %s", message);
	stop();
}

#define STACK_WORDS 16u

_Noreturn void panic_exception(const struct panic_frame *frame)
{
	console_flush();
	console_print("PANIC: exception in the hypervisor, hsr 0x%08lx, pc 0x%08lx", read_HSR(),
		      frame->elr);
	console_print("  hdfar 0x%08lx hifar 0x%08lx spsr 0x%08lx lr 0x%08lx", read_HDFAR(),
		      read_HIFAR(), frame->spsr, frame->lr);
	for (uint32_t i = 0; i < 12; i += 4)
		console_print("  r%lu.. %08lx %08lx %08lx %08lx", i, frame->r[i], frame->r[i + 1],
			      frame->r[i + 2], frame->r[i + 3]);
	console_flush();
	for (uint32_t i = 0; i < STACK_WORDS; i += 4)
		console_print("  sp+%lx %08lx %08lx %08lx %08lx", 4 * i, frame->stack[i],
			      frame->stack[i + 1], frame->stack[i + 2], frame->stack[i + 3]);
	stop();
}
