// SPDX-License-Identifier: BSD-2-Clause
/*
 * Rows of two VMs on one core: three words to the other, who sleeps; and taking them.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "ivc/abi.h"

#define SAMPLES 17u
#define INTID   48u /* config/platforms/ivc.dtsi */

/* One call with the registers fixed, for the path may depend on them, behind `before`;
 * comes to what `result` holds then. */
#define CALL(before, function, argument, result)                          \
	({                                                                \
		register uint32_t r0 __asm__("r0") = function;            \
		register uint32_t r1 __asm__("r1") = argument;            \
		register uint32_t r2 __asm__("r2") = 1;                   \
		register uint32_t r3 __asm__("r3") = 2;                   \
		register uint32_t r4 __asm__("r4") = 3;                   \
                                                                          \
		before;                                                   \
		__asm__ volatile(".arch_extension virt\n\thvc #0"         \
				 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) \
				 : "r"(r4)                                \
				 : "memory");                             \
		result;                                                   \
	})

static void prepare(void)
{
	uint32_t config = board.gicd + GICD_ICFGR + INTID / 16 * 4;

	mmio_write32(config, mmio_read32(config) | 2u << INTID % 16 * 2);
	mmio_write32(board.gicd + GICD_ISENABLER + INTID / 32 * 4, 1u << INTID % 32);
	CALL(, IVC_OPEN, 1, r0);
	while (!CALL(, IVC_EVENTS, 1, r0))
		;
	CALL(, IVC_EVENTS, 1, r0); /* r2 = 1: it clears the changes, too */
}

static void wait_interrupt(void)
{
	cpu_wait_for_interrupt();
	cpu_enable_interrupts();
	cpu_instruction_barrier();
	cpu_disable_interrupts();
}

void rows_ivc_send(void)
{
	prepare();
	for (uint32_t i = 0; i < SAMPLES; i++) {
		uint32_t result = CALL(MARK_BEGIN(ROW_IVC_SEND), IVC_SEND, 0, r0);

		board_end_sample(result == IVC_SUCCESS);
		while (!CALL(, IVC_EVENTS, 1, r2)) /* the doorbell: it has been taken */
			wait_interrupt();
	}
}

void rows_ivc_receive(void)
{
	prepare();
	for (;;) {
		uint32_t result;

		while (!CALL(, IVC_EVENTS, 1, r1)) /* a message */
			wait_interrupt();
		result = CALL(MARK_BEGIN(ROW_IVC_RECEIVE), IVC_RECEIVE, 0, r0);
		board_end_sample(result == 0);
		CALL(, IVC_RING, 1, r0);
	}
}
