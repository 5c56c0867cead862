// SPDX-License-Identifier: BSD-2-Clause
/*
 * Inter-VM communication: messages and doorbells between VMs that the manifest
 * connects. What a guest sees is in ivc/abi.h.
 *
 * No VM's lock is ever taken for another. Who sends writes into the receiver's slot,
 * and what is in a slot passes from one to the other by its state alone; then the
 * receiver's own core raises the interrupt.
 */
#pragma once

#include "config/system.h"
#include "kernel/mmio.h"

#include <stdatomic.h>

/* A slot's state: two flags, and above them how many lives have begun at either side:
 * so that nobody takes a later state for the one that it has seen. As an atomic step
 * each (tests/spin/ivc.pml proves that they work):
 *
 *   receiver   any to closed        it resets, closes or reopens: a new life
 *   receiver   closed to free       it opens
 *   sender     full to free         it resets, closes or reopens: a new life
 *   sender     as seen free, full   IVC_SEND; before, it may write the words
 *   receiver   as seen full, free   IVC_RECEIVE; before, it may read the words
 */
#define IVC_SLOT_OPEN 1u
#define IVC_SLOT_FULL 2u
#define IVC_SLOT_LIFE 4u /* the unit of the count */

struct ivc_slot {
	_Atomic uint32_t state;
	uint32_t words[3];
};

/* A peer, as one VM sees it; const, made by mksystem. */
struct ivc_peer {
	struct ivc *ivc;
	struct ivc_slot *slot; /* ours, at the peer */
	uint32_t bit;          /* ours, in the peer's masks */
	bool is_near;          /* on this one core, both: no request is needed */
};

struct ivc {
	struct vm *vm;
	uint32_t intid;
	const struct ivc_peer *peers;
	struct ivc_slot *slots; /* what each peer sends */
	uint32_t peer_count;
	uint32_t turn;              /* whose message comes first: IVC_ANY */
	_Atomic uint32_t doorbells; /* a bit per peer */
	_Atomic uint32_t changes;   /* likewise */
	atomic_bool has_event;      /* for the next poll: raise the interrupt */
	uint32_t r[5];              /* the page */
};

/* A call of the loaded vCPU, r0 to r4 in its frame; returns r0. */
uint32_t ivc_hypercall(struct vcpu *vcpu);

/* The device: its page, under the VM's lock; its reset; an event from another core. */
enum exit_result ivc_access(struct vcpu *vcpu, void *device, struct mmio *mmio);
void ivc_reset(struct vm *vm, void *device);
void ivc_poll(struct vm *vm, void *device);

/* An end that no guest has, but the hypervisor itself: it rings its one peer, if that is
 * open. What that one rings here is a poll of the VM's devices. */
void ivc_ring_peer(const struct ivc *ivc);
