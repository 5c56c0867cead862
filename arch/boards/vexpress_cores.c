// SPDX-License-Identifier: BSD-2-Clause
/*
 * Versatile Express: a core is started by the mailbox, where it sleeps in secure.S or,
 * parked by a boot loader, waits for SYS_FLAGS (V2M-P1 TRM, DUI 0447, chapter 4).
 */
#include "arch/boards/board.h"

#include "arch/cache.h"
#include "arch/gic.h"

enum { SYS_FLAGSSET = 0x30 / 4, SYS_FLAGSCLR = 0x34 / 4 };

#define SYS ((volatile uint32_t *)0x1c010000u)

/* In assembly: what a sleeping core reads, with its caches off, and where one goes that
 * waited for SYS_FLAGS. */
extern struct {
	uint32_t mpidr;
	void (*entry)(void);
	void *argument;
} mailbox;
void parked_entry(void);

/* On the Cortex-A15 and A7 a core's interface of the GIC has its own number. */
bool board_start_core(uint32_t mpidr, void (*entry)(void), void *argument)
{
	mailbox.mpidr = mpidr;
	mailbox.entry = entry;
	mailbox.argument = argument;
	cache_clean_invalidate(&mailbox, sizeof(mailbox));
	SYS[SYS_FLAGSCLR] = UINT32_MAX;
	SYS[SYS_FLAGSSET] = (uint32_t)parked_entry;
	gic_send_sgi(1u << (mpidr & 0xff), 0);
	return true;
}
