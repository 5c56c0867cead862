// SPDX-License-Identifier: BSD-2-Clause
/*
 * Messages and doorbells between VMs, for bare-metal guests: the calls of ivc/abi.h,
 * by HVC or through the device's page. No state but the way that was chosen; no locks:
 * on several CPUs the page wants one, HVC none.
 *
 * The life of a user: ivc_open(); then, in the interrupt (an edge: see ivc_enable) or
 * in a loop, ivc_events() and whatever it tells of, until there is nothing left.
 */
#ifndef GUESTS_LIB_IVC_H
#define GUESTS_LIB_IVC_H

#include <stdbool.h>
#include <stdint.h>

#include "ivc/abi.h"

/* config/platforms/ivc.dtsi */
#define IVC_PAGE  0x0a000000u
#define IVC_INTID 48u

/* Who has done what: a bit per peer. */
struct ivc_events {
	uint32_t open;      /* can get something */
	uint32_t messages;  /* has sent one, that waits */
	uint32_t doorbells; /* has rung */
	uint32_t changes;   /* has begun a new life, or ended one */
};

/* From now on through the page at this address; 0: by HVC. */
void ivc_use_page(uint32_t address);

/* Any call: r[0] is the function, r[1] to r[4] are arguments; r[0] to r[3] the results.
 * Returns r[0]. */
uint32_t ivc_call(uint32_t r[5]);

/* Enables the interrupt at this CPU's distributor, as an edge. */
void ivc_enable_interrupt(void);

/* Opens (anew) or closes this VM's end of all its channels. */
void ivc_open(bool is_open);

/* IVC_SUCCESS, IVC_DENIED, IVC_BUSY or IVC_CLOSED. */
uint32_t ivc_send(uint32_t peer, const uint32_t words[3]);

/* The peer (0 and up) and its words, or IVC_EMPTY, IVC_DENIED, IVC_CLOSED. peer may be
 * IVC_ANY. */
uint32_t ivc_receive(uint32_t peer, uint32_t words[3]);

/* To everyone; returns the peers that it reached. */
uint32_t ivc_broadcast(const uint32_t words[3]);

/* Returns the peers that it reached, or IVC_DENIED. */
uint32_t ivc_ring(uint32_t peers);

/* What there is; doorbells and changes are cleared. */
struct ivc_events ivc_events(void);

/* The same, and nothing is cleared. */
struct ivc_events ivc_look(void);

#endif
