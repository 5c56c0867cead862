// SPDX-License-Identifier: BSD-2-Clause
/*
 * The menu's figures from the event trace, in systems that have both. Called by menu.c
 * each few milliseconds while it is open, on core 0, which reads the other cores' rings
 * as they are: an event that is just being written counts for another cause, at worst.
 */
#include "kernel/menu.h"

#include "arch/hsr.h"
#include "kernel/trace_ring.h"
#include "kernel/vm.h"

static uint32_t index_of(uint32_t vcpu)
{
	return (uint32_t)(vcpus[vcpu % CONFIG_VCPU_COUNT].vm - vms);
}

void menu_count_events(uint32_t core, uint32_t figures[][MENU_FIGURES])
{
	static const uint8_t causes[HSR_EC_COUNT] = { [0 ... HSR_EC_COUNT - 1] = MENU_OTHER,
						      [HSR_EC_WFX] = MENU_WFI,
						      [HSR_EC_HVC] = MENU_CALL,
						      [HSR_EC_SMC] = MENU_CALL,
						      [HSR_EC_DATA_ABORT] = MENU_MMIO };
	static uint32_t seen[CONFIG_CORE_COUNT], running[CONFIG_CORE_COUNT];
	const struct trace_ring *ring = &trace_rings[core];

	if (ring->count - seen[core] > TRACE_CAPACITY)
		seen[core] = ring->count - TRACE_CAPACITY;
	for (; seen[core] != ring->count; seen[core]++) {
		const struct trace_entry *entry = &ring->entries[seen[core] % TRACE_CAPACITY];
		uint32_t *f = figures[running[core]];

		if (entry->event == TRACE_SWITCH)
			running[core] = index_of(entry->b);
		else if (entry->event == TRACE_INJECT)
			figures[index_of(entry->a)][MENU_GIVEN]++;
		else if (entry->event == TRACE_IRQ)
			f[MENU_IRQ]++;
		else if (entry->event == TRACE_EXIT)
			f[causes[entry->a >> HSR_EC_SHIFT]]++;
	}
}
