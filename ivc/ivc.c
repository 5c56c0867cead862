// SPDX-License-Identifier: BSD-2-Clause
/*
 * See ivc.h: messages and doorbells. Runs on a core of the VM that calls, under that
 * VM's lock: at each side of a slot there is never more than one at work.
 */
#include "ivc/ivc.h"

#include "ivc/abi.h"
#include "kernel/request.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "vgic/vgic.h"

static void raise(struct ivc *ivc)
{
	vgic_raise_edge(&ivc->vm->config->vcpus[0], ivc->intid);
}

/* Something is there for the peer. */
static void notify(const struct ivc_peer *peer)
{
	if (peer->is_near) {
		raise(peer->ivc);
		return;
	}
	atomic_store(&peer->ivc->has_event, true);
	request_vcpu(&peer->ivc->vm->config->vcpus[0], VCPU_REQUEST_POLL);
}

void ivc_poll(UNUSED struct vm *vm, void *device)
{
	struct ivc *ivc = device;

	if (atomic_exchange(&ivc->has_event, false))
		raise(ivc);
}

/* A new life at one side of a slot, of whose flags only these stay. */
static void renew(struct ivc_slot *slot, uint32_t flags)
{
	uint32_t state = atomic_load(&slot->state);

	while (!atomic_compare_exchange_strong(&slot->state, &state,
					       (state & ~(IVC_SLOT_OPEN | IVC_SLOT_FULL)) +
						       (state & flags) + IVC_SLOT_LIFE))
		;
}

/* Nothing of the VM's life so far remains, here or there. A peer's mark of the change
 * is there before anything can get into the new life. */
static void begin_life(struct ivc *ivc, bool is_open)
{
	for (uint32_t n = 0; n < ivc->peer_count; n++) {
		const struct ivc_peer *peer = &ivc->peers[n];

		renew(&ivc->slots[n], 0);
		atomic_fetch_and(&ivc->doorbells, ~(1u << n));
		atomic_fetch_and(&ivc->changes, ~(1u << n));
		renew(peer->slot, IVC_SLOT_OPEN);
		atomic_fetch_and(&peer->ivc->doorbells, ~peer->bit);
		atomic_fetch_or(&peer->ivc->changes, peer->bit);
		atomic_fetch_or(&ivc->slots[n].state, is_open ? IVC_SLOT_OPEN : 0);
		notify(peer);
	}
}

void ivc_reset(UNUSED struct vm *vm, void *device)
{
	begin_life(device, false);
}

static bool has_changed(const struct ivc *ivc, uint32_t n)
{
	return atomic_load_explicit(&ivc->changes, memory_order_relaxed) & 1u << n;
}

/* The state of our slot at a peer; 0 if it isn't open. */
static uint32_t peer_state(const struct ivc_peer *peer)
{
	uint32_t state = atomic_load_explicit(&peer->slot->state, memory_order_acquire);

	return state & IVC_SLOT_OPEN ? state : 0;
}

/* The words before it are written, or read, unless the state isn't what it was. */
static bool flip_full(struct ivc_slot *slot, uint32_t state)
{
	if (CONFIG_CORE_COUNT == 1) {
		atomic_store_explicit(&slot->state, state ^ IVC_SLOT_FULL, memory_order_relaxed);
		return true; /* nobody else has been at work */
	}
	return atomic_compare_exchange_strong_explicit(&slot->state, &state, state ^ IVC_SLOT_FULL,
						       memory_order_release, memory_order_relaxed);
}

static void copy_words(uint32_t *to, const uint32_t *from)
{
	for (uint32_t i = 0; i < 3; i++)
		to[i] = from[i];
}

ON_FAST_PATH uint32_t send_to(struct ivc *ivc, uint32_t n, const uint32_t *words)
{
	const struct ivc_peer *peer = &ivc->peers[n];
	uint32_t state = peer_state(peer);

	if (!state || has_changed(ivc, n))
		return IVC_CLOSED;
	if (state & IVC_SLOT_FULL)
		return IVC_BUSY;
	copy_words(peer->slot->words, words);
	if (!flip_full(peer->slot, state))
		return IVC_CLOSED;
	notify(peer);
	return IVC_SUCCESS;
}

ON_FAST_PATH uint32_t receive_from(struct ivc *ivc, uint32_t n, uint32_t *words)
{
	struct ivc_slot *slot = &ivc->slots[n];
	uint32_t state = atomic_load_explicit(&slot->state, memory_order_acquire);

	if (!(state & IVC_SLOT_FULL))
		return IVC_EMPTY;
	if (has_changed(ivc, n))
		return IVC_CLOSED;
	copy_words(words, slot->words);
	return flip_full(slot, state) ? n : IVC_EMPTY;
}

/* The functions, by number: r1 and on are their arguments, they return r0. */

static uint32_t features(struct ivc *ivc, uint32_t *r);

static uint32_t open_or_close(struct ivc *ivc, uint32_t *r)
{
	begin_life(ivc, r[1] & 1);
	return IVC_SUCCESS;
}

static uint32_t send(struct ivc *ivc, uint32_t *r)
{
	return r[1] < ivc->peer_count ? send_to(ivc, r[1], &r[2]) : IVC_DENIED;
}

static uint32_t receive(struct ivc *ivc, uint32_t *r)
{
	uint32_t result = IVC_EMPTY;

	if (r[1] < ivc->peer_count)
		return receive_from(ivc, r[1], &r[1]);
	if (r[1] != IVC_ANY)
		return IVC_DENIED;
	for (uint32_t i = 0; i < ivc->peer_count && result >= ivc->peer_count; i++) {
		ivc->turn = ivc->turn + 1 < ivc->peer_count ? ivc->turn + 1 : 0;
		result = receive_from(ivc, ivc->turn, &r[1]);
	}
	return result;
}

static uint32_t broadcast(struct ivc *ivc, uint32_t *r)
{
	uint32_t reached = 0;

	for (uint32_t n = 0; n < ivc->peer_count; n++)
		if (send_to(ivc, n, &r[1]) == IVC_SUCCESS)
			reached |= 1u << n;
	return reached;
}

void ivc_ring_peer(const struct ivc *ivc)
{
	const struct ivc_peer *peer = ivc->peers;

	if (peer_state(peer) && !(atomic_fetch_or(&peer->ivc->doorbells, peer->bit) & peer->bit))
		notify(peer);
}

static uint32_t ring(struct ivc *ivc, uint32_t *r)
{
	uint32_t reached = 0;

	if (r[1] >> ivc->peer_count)
		return IVC_DENIED;
	for (uint32_t n = 0; n < ivc->peer_count; n++) {
		const struct ivc_peer *peer = &ivc->peers[n];

		if (!(r[1] & 1u << n) || !peer_state(peer) || has_changed(ivc, n))
			continue;
		reached |= 1u << n;
		if (!(atomic_fetch_or(&peer->ivc->doorbells, peer->bit) & peer->bit))
			notify(peer);
	}
	return reached;
}

/* The flags that are set; some are to be cleared. Mostly those are clear already. */
static uint32_t take(_Atomic uint32_t *flags, uint32_t some)
{
	uint32_t set = atomic_load_explicit(flags, memory_order_acquire);

	return set & some ? atomic_fetch_and(flags, ~some) : set;
}

static uint32_t events(struct ivc *ivc, uint32_t *r)
{
	uint32_t open = 0;
	uint32_t messages = 0;

	for (uint32_t n = 0; n < ivc->peer_count; n++) {
		if (peer_state(&ivc->peers[n]))
			open |= 1u << n;
		if (atomic_load_explicit(&ivc->slots[n].state, memory_order_acquire) &
		    IVC_SLOT_FULL)
			messages |= 1u << n;
	}
	r[3] = take(&ivc->changes, r[2]);
	r[2] = take(&ivc->doorbells, r[1]);
	r[1] = messages;
	return open;
}

static uint32_t (*const functions[])(struct ivc *ivc, uint32_t *r) = {
	features, open_or_close, send, receive, broadcast, ring, events,
};

static uint32_t features(UNUSED struct ivc *ivc, uint32_t *r)
{
	return r[1] - IVC_FEATURES < ARRAY_SIZE(functions) ? IVC_SUCCESS : IVC_NOT_SUPPORTED;
}

/* What each range has (DEN 0028, 6.2). */
static uint32_t identify(uint32_t *r)
{
	switch (r[0]) {
	case IVC_CALL_COUNT:
		return ARRAY_SIZE(functions);
	case IVC_CALL_UID:
		copy_words(&r[1], (const uint32_t[]){ IVC_UID_1, IVC_UID_2, IVC_UID_3 });
		return IVC_UID_0;
	case IVC_CALL_REVISION:
		r[1] = IVC_REVISION_MINOR;
		return IVC_REVISION_MAJOR;
	default:
		return IVC_NOT_SUPPORTED;
	}
}

ON_FAST_PATH uint32_t call(struct ivc *ivc, uint32_t *r)
{
	uint32_t n = r[0] - IVC_FEATURES;

	if (n >= ARRAY_SIZE(functions))
		return identify(r);
	return ivc ? functions[n](ivc, r) : IVC_NOT_SUPPORTED;
}

uint32_t ivc_hypercall(struct vcpu *vcpu)
{
	uint32_t result;

	lock_take(&vcpu->vm->lock);
	result = call(vcpu->vm->config->ivc, vcpu->frame.r);
	lock_release(&vcpu->vm->lock);
	return result;
}

enum exit_result ivc_access(UNUSED struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	struct ivc *ivc = device;
	uint32_t n = mmio->offset / 4;

	if (mmio->bytes != 4 || n >= ARRAY_SIZE(ivc->r)) {
		mmio->value = 0;
		return EXIT_DONE;
	}
	if (!mmio->is_write) {
		mmio->value = ivc->r[n];
		return EXIT_DONE;
	}
	ivc->r[n] = mmio->value;
	if (n == 0)
		ivc->r[0] = call(ivc, ivc->r);
	return EXIT_DONE;
}
