// SPDX-License-Identifier: BSD-2-Clause
/*
 * The event trace: TRACE() writes an event to the core's ring (kernel/trace_ring.h). It
 * exists only in systems whose manifest has `trace-events`; elsewhere TRACE() is
 * nothing at all.
 */
#pragma once

#include "kernel/core.h"

#if CONFIG_TRACE_EVENTS
#include "kernel/trace_ring.h"
#define TRACE(core, event, a, b) trace_write((core)->index, TRACE_##event, (a), (b))
#else
#define trace_init(core)         ((void)0)
#define TRACE(core, event, a, b) ((void)0)
#endif
