// SPDX-License-Identifier: BSD-2-Clause
/*
 * The event trace's rings of 16-byte events, one per core, written without a lock by
 * that core, read from a memory dump by tools/bhtrace. See trace.h.
 */
#pragma once

#include "kernel/core.h"

/* What happened; and by these names the decoded trace has its `a` and `b`: tools/bhtrace
 * reads this list. */
enum trace_event {
	TRACE_EXIT,   /* hsr, pc: a guest's instruction trapped */
	TRACE_IRQ,    /* iar, none: a physical interrupt came */
	TRACE_RETURN, /* pc, cpsr: the guest goes on */
	TRACE_SWITCH, /* from, to: world switch: vCPU numbers, ~0: none */
	TRACE_INJECT, /* vcpu, intid: an interrupt became pending in a list register */
	TRACE_WAKE,   /* vcpu, none: an idle vCPU wants the core */
	TRACE_BLOCK,  /* vcpu, none: WFI */
	TRACE_IDLE,   /* none, none: the core sleeps until an interrupt */
	TRACE_FAULT,  /* hsr, address: a guest's mistake, about to be answered */
	TRACE_START,  /* vm, restarts: a VM is loaded (again) */
	TRACE_STOP,   /* vm, none: it is off, or halted */
};

/* Little-endian, as memory has it. */
struct trace_entry {
	uint32_t time;  /* CNTPCT [31:0] */
	uint32_t event; /* enum trace_event */
	uint32_t a;
	uint32_t b;
};

#define TRACE_MAGIC 0x31544842u /* "BHT1" */

/* Where there is no trace, that this compiles. */
#define TRACE_CAPACITY (CONFIG_TRACE_EVENTS ? CONFIG_TRACE_EVENTS : 1u)

/* One per core, found in a dump by its magic number. */
struct trace_ring {
	uint32_t magic;
	uint32_t core;
	uint32_t counter_hz;
	uint32_t count; /* events ever written; the next goes to count % CAPACITY */
	uint64_t start; /* CNTPCT at trace_init() */
	uint64_t reserved;
	struct trace_entry entries[TRACE_CAPACITY];
};

_Static_assert((TRACE_CAPACITY & (TRACE_CAPACITY - 1)) == 0, "a power of two");

extern struct trace_ring trace_rings[CONFIG_CORE_COUNT];

static inline void trace_init(uint32_t core)
{
	trace_rings[core].core = core;
	trace_rings[core].counter_hz = read_CNTFRQ();
	trace_rings[core].start = read_CNTPCT();
	trace_rings[core].magic = TRACE_MAGIC;
}

static inline void trace_write(uint32_t core, enum trace_event event, uint32_t a, uint32_t b)
{
	struct trace_ring *ring = &trace_rings[core];
	struct trace_entry *entry = &ring->entries[ring->count++ % TRACE_CAPACITY];

	entry->time = (uint32_t)read_CNTPCT();
	entry->event = event;
	entry->a = a;
	entry->b = b;
}
