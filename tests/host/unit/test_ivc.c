// SPDX-License-Identifier: BSD-2-Clause
/*
 * ivc/ivc.c between two threads that are two cores: what tests/spin/ivc.pml proves of
 * the model must hold of the code. And who is interrupted how.
 */
#include <pthread.h>
#include <sched.h>

#include "ivc/abi.h"
#include "ivc/ivc.h"
#include "kernel/request.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"

#define MESSAGES 100000u /* each way */
#define INTID    48u

static struct vcpu vcpus_[2];
static struct ivc ivcs[2];
static struct ivc_slot slots[2][1];
static struct ivc_peer peers[2];
static const struct vm_config configs[2] = {
	{ .vcpus = &vcpus_[0], .ivc = &ivcs[0], .vcpu_count = 1 },
	{ .vcpus = &vcpus_[1], .ivc = &ivcs[1], .vcpu_count = 1 },
};
static struct vm vms_[2];
static atomic_uint edges[2], requests[2];

void vgic_raise_edge(struct vcpu *vcpu, uint32_t intid)
{
	assert_int_equal(intid, INTID);
	edges[vcpu - vcpus_]++;
}

void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	assert_int_equal(what, VCPU_REQUEST_POLL);
	requests[vcpu - vcpus_]++;
}

static void start(bool is_near)
{
	for (uint32_t i = 0; i < 2; i++) {
		vms_[i] = (struct vm){ .config = &configs[i] };
		vcpus_[i].vm = &vms_[i];
		slots[i][0].state = 0;
		peers[i] = (struct ivc_peer){ &ivcs[!i], &slots[!i][0], 1, is_near };
		ivcs[i] = (struct ivc){
			.vm = &vms_[i],
			.intid = INTID,
			.peers = &peers[i],
			.slots = slots[i],
			.peer_count = 1,
		};
		edges[i] = requests[i] = 0;
	}
}

static uint32_t call(uint32_t vm, uint32_t function, uint32_t a, uint32_t b)
{
	uint32_t *r = vcpus_[vm].frame.r;

	r[0] = function;
	r[1] = a;
	r[2] = b;
	return ivc_hypercall(&vcpus_[vm]);
}

static void open_both(void)
{
	for (uint32_t vm = 0; vm < 2; vm++)
		call(vm, IVC_OPEN, 1, 0);
	for (uint32_t vm = 0; vm < 2; vm++)
		call(vm, IVC_EVENTS, 1, 1);
	for (uint32_t vm = 0; vm < 2; vm++)
		edges[vm] = requests[vm] = 0;
}

/* On the same core at once; on another when that has polled, and then only once. */
static void who_is_interrupted(void **state)
{
	(void)state;
	for (uint32_t is_near = 0; is_near < 2; is_near++) {
		start(is_near);
		open_both();
		assert_int_equal(call(0, IVC_SEND, 0, 7), IVC_SUCCESS);
		assert_int_equal(call(0, IVC_RING, 1, 0), 1);
		assert_int_equal(call(0, IVC_RING, 1, 0), 1); /* rung already: nothing new */
		assert_int_equal(edges[1], is_near ? 2 : 0);
		assert_int_equal(requests[1], is_near ? 0 : 2);
		ivc_poll(&vms_[1], &ivcs[1]);
		ivc_poll(&vms_[1], &ivcs[1]);
		assert_int_equal(edges[1], is_near ? 2 : 1);
		assert_int_equal(call(0, IVC_SEND, 0, 7), IVC_BUSY);
		assert_int_equal(call(0, IVC_SEND, 1, 7), IVC_DENIED);
		assert_int_equal(edges[0] + requests[0], 0);
		assert_int_equal(edges[1] + requests[1], is_near ? 2 : 3);
	}
}

/* A third one that sends, too: it gets its turn, however much the other one sends. */
static void by_turns(void **state)
{
	static struct ivc third;
	static struct ivc_slot inbound[2];
	const struct ivc_peer both[2] = { { &ivcs[1], &slots[1][0], 1, true },
					  { &third, NULL, 1, true } };
	const uint32_t *r = vcpus_[0].frame.r;

	(void)state;
	start(true);
	open_both();
	third.vm = &vms_[1];
	ivcs[0].slots = inbound;
	ivcs[0].peers = both;
	ivcs[0].peer_count = 2;
	for (uint32_t i = 0; i < 6; i++) {
		for (uint32_t n = 0; n < 2; n++) {
			inbound[n].state = IVC_SLOT_OPEN | IVC_SLOT_FULL;
			inbound[n].words[0] = 100 + n;
		}
		assert_int_equal(call(0, IVC_RECEIVE, IVC_ANY, 0), (i + 1) % 2);
		assert_int_equal(r[1], 100 + (i + 1) % 2);
	}
	inbound[0].state &= ~IVC_SLOT_FULL;
	assert_int_equal(call(0, IVC_RECEIVE, IVC_ANY, 0), 1);
	assert_int_equal(call(0, IVC_RECEIVE, IVC_ANY, 0), IVC_EMPTY);
}

/* A VM that has stopped, its devices reset, gets nothing; its peer hears of it. */
static void nothing_for_the_dead(void **state)
{
	(void)state;
	start(true);
	open_both();
	ivc_reset(&vms_[1], &ivcs[1]);
	assert_int_equal(edges[0], 1);
	assert_int_equal(call(0, IVC_SEND, 0, 7), IVC_CLOSED);
	assert_int_equal(call(0, IVC_RING, 1, 0), 0);
	assert_int_equal(call(0, IVC_EVENTS, 0, 0), 0);
	assert_int_equal(edges[1], 0);
	assert_int_equal(vcpus_[0].frame.r[3], 1);
}

/* One side of the play: the era is how often we have begun, or heard of a beginning;
 * messages are {our era, their number, a hash}. As tests/target/ivc/guest_restart.c. */
struct side {
	uint32_t vm;
	uint32_t dice;
	uint32_t era, sent;
	uint32_t their_era, received;
	uint32_t total, lives;
	bool is_done;
	const char *failure;
};

static atomic_uint sides_done;

static uint32_t dice_below(struct side *side, uint32_t limit)
{
	side->dice = side->dice * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)side->dice * limit >> 32);
}

static uint32_t mix(uint32_t era, uint32_t number)
{
	return (era * 2654435761u ^ number) * 2246822519u;
}

static void begin_era(struct side *side)
{
	side->era++;
	side->sent = side->received = 0;
}

static void play_receive(struct side *side)
{
	const uint32_t *r = vcpus_[side->vm].frame.r;
	uint32_t result = call(side->vm, IVC_RECEIVE, IVC_ANY, 0);

	if (result == IVC_EMPTY || result == IVC_CLOSED)
		return;
	if (result)
		side->failure = "receive";
	if (side->received == 0 && r[1] <= side->their_era)
		side->failure = "an era that is over";
	if (side->received == 0)
		side->their_era = r[1];
	if (r[1] != side->their_era)
		side->failure = "two eras";
	if (r[2] != side->received++)
		side->failure = "order";
	if (r[3] != mix(r[1], r[2]))
		side->failure = "torn";
	side->total++;
}

static void play_send(struct side *side)
{
	uint32_t *r = vcpus_[side->vm].frame.r;
	uint32_t result;

	r[3] = side->sent;
	r[4] = mix(side->era, side->sent);
	result = call(side->vm, IVC_SEND, 0, side->era);
	if (result == IVC_SUCCESS)
		side->sent++;
	else if (result != IVC_BUSY && result != IVC_CLOSED)
		side->failure = "send";
}

static void *play(void *argument)
{
	struct side *side = argument;

	begin_era(side);
	call(side->vm, IVC_OPEN, 1, 0);
	while (sides_done < 2 && !side->failure) {
		if (dice_below(side, 200) == 0) {
			begin_era(side);
			call(side->vm, IVC_OPEN, dice_below(side, 4), 0);
			side->lives++;
		} else if (dice_below(side, 50) == 0) {
			call(side->vm, IVC_OPEN, 1, 0);
			begin_era(side);
			side->lives++;
		}
		if (call(side->vm, IVC_EVENTS, 1, 1), vcpus_[side->vm].frame.r[3])
			begin_era(side);
		for (uint32_t n = dice_below(side, 8); n; n--) {
			play_send(side);
			play_receive(side);
		}
		if (side->total >= MESSAGES && !side->is_done) {
			side->is_done = true;
			sides_done++;
		}
		if (dice_below(side, 4) == 0)
			sched_yield(); /* there may be one core for both of us */
	}
	sides_done = 2; /* a failure ends it for the other, too */
	return NULL;
}

static void two_cores(void)
{
	struct side sides[2] = { { .vm = 0, .dice = unit_word() },
				 { .vm = 1, .dice = unit_word() } };
	pthread_t thread;

	start(false);
	sides_done = 0;
	assert_int_equal(pthread_create(&thread, NULL, play, &sides[1]), 0);
	play(&sides[0]);
	pthread_join(thread, NULL);
	for (uint32_t vm = 0; vm < 2; vm++) {
		unit_check(!sides[vm].failure, "VM %u: %s", vm, sides[vm].failure);
		unit_check(sides[vm].total >= MESSAGES && sides[vm].lives > 100,
			   "VM %u: %u messages, %u lives", vm, sides[vm].total, sides[vm].lives);
	}
}

static void two_cores_at_once(void **state)
{
	(void)state;
	unit_each_seed(4, two_cores);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_interrupted),
		cmocka_unit_test(by_turns),
		cmocka_unit_test(nothing_for_the_dead),
		cmocka_unit_test(two_cores_at_once),
	};

	return unit_run(argc, argv, tests);
}
