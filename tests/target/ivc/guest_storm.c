// SPDX-License-Identifier: BSD-2-Clause
/*
 * One of four VMs that all send to each other as fast as they can: count=N messages to
 * each peer, numbered; id=N is this VM's place in the manifest. Whoever has nothing to
 * do sleeps until its interrupt: the receiver of a message rings its sender.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/ivc.h"
#include "tests/target/ivc/event.h"

#define PEERS 3u
#define ALL   ((1u << PEERS) - 1)

static uint32_t id, count;
static uint32_t sent[PEERS], received[PEERS], busy;

/* All VMs have all others as peers. */
static uint32_t id_of(uint32_t peer)
{
	return peer < id ? peer : peer + 1;
}

static uint32_t mix(uint32_t from, uint32_t to, uint32_t number)
{
	uint32_t hash = (from * 16 + to) * 2654435761u ^ number;

	return (hash ^ hash >> 15) * 2246822519u;
}

static bool send_some(void)
{
	bool has_sent = false;

	for (uint32_t peer = 0; peer < PEERS; peer++) {
		uint32_t number = sent[peer];
		uint32_t hash = mix(id, id_of(peer), number);
		uint32_t result;

		if (number == count)
			continue;
		result = ivc_send(peer, (uint32_t[3]){ number, hash, ~hash });
		if (result == IVC_SUCCESS) {
			sent[peer]++;
			has_sent = true;
		} else {
			check_equal("send", result, IVC_BUSY, ~0u);
			busy++;
		}
	}
	return has_sent;
}

/* Returns whose messages it has taken. */
static uint32_t receive_all(void)
{
	uint32_t words[3];
	uint32_t from;
	uint32_t taken = 0;

	while ((from = ivc_receive(IVC_ANY, words)) != IVC_EMPTY) {
		if (from >= PEERS) {
			check_equal("receive", from, 0, ~0u);
			break;
		}
		check_equal("number", words[0], received[from]++, ~0u);
		check_equal("first half", words[1], mix(id_of(from), id, words[0]), ~0u);
		check_equal("second half", words[2], ~words[1], ~0u);
		taken |= 1u << from;
	}
	return taken;
}

static bool is_done(void)
{
	for (uint32_t peer = 0; peer < PEERS; peer++)
		if (sent[peer] != count || received[peer] != count)
			return false;
	return true;
}

static void play(void)
{
	while (!is_done()) {
		uint32_t taken;
		bool has_sent;

		if (event_has_come) {
			event_has_come = false;
			check_equal("changes", ivc_events().changes, 0, ~0u);
		}
		has_sent = send_some();
		taken = receive_all();
		if (taken)
			ivc_ring(taken);
		else if (!has_sent)
			event_sleep();
	}
}

int main(void)
{
	static const char *const names[] = { "storm-a", "storm-b", "storm-c", "storm-d" };

	id = devicetree_argument("id", 0);
	count = devicetree_argument("count", 1000);
	check_begin(names[id]);
	event_init();
	ivc_open(true);
	/* Each starts when all are open and it has seen so. */
	while (ivc_look().open != ALL)
		event_sleep(), event_has_come = false;
	ivc_events();
	play();
	printf("%s: sent %lu %lu %lu, received %lu %lu %lu, busy %lu\n", names[id], sent[0],
	       sent[1], sent[2], received[0], received[1], received[2], busy);
	check_end();
	for (;;)
		cpu_wait_for_interrupt();
}
