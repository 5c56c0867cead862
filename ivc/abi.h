// SPDX-License-Identifier: BSD-2-Clause
/*
 * Inter-VM communication as a guest sees it: the one header that the hypervisor and
 * its guests share. Anyone's guest may include it; it needs nothing but C.
 *
 * A call is a fast call of the SMC Calling Convention (DEN 0028), in the range of
 * vendor-specific hypervisor services: HVC with the function in r0, arguments from
 * r1 on; the result comes in r0, more of it in r1 .. r3. The device's page is a
 * second way in, for who can't make an HVC: word n of it is r[n] of a call, and a
 * store to word 0 makes the call. Page and interrupt are in the guest's device tree,
 * compatible = "bulkhead,ivc"; its property "peers" names the VMs that this one has
 * a channel to. A peer's number is its place there. Nobody else can be named.
 *
 * The interrupt is an edge: one comes whenever a message or a doorbell has arrived,
 * or a peer has changed. Take all that IVC_EVENTS tells of, and none is missed.
 *
 * A message is three words. Each sender has a place of its own at the receiver, for
 * one message: the next is BUSY until the receiver has taken it. A peer that (re)opens
 * or resets begins a new life, and all that was under way to or from its last one is
 * gone. Both sides see that: until a VM has cleared the change of its peer, it can't
 * send to or receive from that peer. So what it sends before belongs to the old life
 * and may be lost, what it sends after is received by the new one, once, and in order.
 * A peer that is switched off or halted has ended its life: a change, and not open. One
 * that restarts tells of it when it has been loaded again; one that is paused, or hangs,
 * tells nothing: it is open, and BUSY. Who depends on it wants a time limit.
 */
#ifndef BULKHEAD_IVC_ABI_H
#define BULKHEAD_IVC_ABI_H

/* Functions. "peer" is a number, "peers" a bit for each. */
#define IVC_FEATURES 0x86000000u /* (function): SUCCESS if there is one */
/* (0 or 1): close, or open (anew): only who is open gets anything. All messages and
 * doorbells to and from this VM are forgotten. SUCCESS */
#define IVC_OPEN 0x86000001u
/* (peer, word, word, word): SUCCESS, DENIED, BUSY, CLOSED */
#define IVC_SEND 0x86000002u
/* (peer, or IVC_ANY: by turns): the peer, and three words; or DENIED, EMPTY, CLOSED.
 * This is the acknowledgement, too. */
#define IVC_RECEIVE 0x86000003u
/* (word, word, word): to each peer; the peers that IVC_SEND would succeed for */
#define IVC_BROADCAST 0x86000004u
/* (peers): ring their doorbells; the peers that were open. DENIED, and none is rung,
 * if there is no such peer */
#define IVC_RING 0x86000005u
/* (peers, peers): clear these doorbells, and these changes. The peers that are open,
 * that have sent a message, rung the doorbell, changed: before any was cleared. */
#define IVC_EVENTS 0x86000006u

/* Of the range (DEN 0028, 6.2): how many functions there are, whose, which version. */
#define IVC_CALL_COUNT    0x8600ff00u
#define IVC_CALL_UID      0x8600ff01u /* r0 .. r3: IVC_UID_0 .. 3 */
#define IVC_CALL_REVISION 0x8600ff03u /* r0: major, r1: minor */

/* fd9f8b5c-47a2-4d2e-9b64-7f1a3ce20b95 */
#define IVC_UID_0 0x5c8b9ffdu
#define IVC_UID_1 0x2e4da247u
#define IVC_UID_2 0x1a7f649bu
#define IVC_UID_3 0x950be23cu

#define IVC_REVISION_MAJOR 1u
#define IVC_REVISION_MINOR 0u

#define IVC_ANY 0xffffffffu

/* Results: negative as signed words. */
#define IVC_SUCCESS       0u
#define IVC_NOT_SUPPORTED 0xffffffffu /* no such function, or this VM has no IVC */
#define IVC_DENIED        0xfffffffcu /* no such peer */
#define IVC_BUSY          0xfffffffbu /* the last message has not been taken yet */
#define IVC_CLOSED        0xfffffffau /* the peer is not open, or its change not cleared */
#define IVC_EMPTY         0xfffffff9u /* there is no message */

#endif
