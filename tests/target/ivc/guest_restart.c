// SPDX-License-Identifier: BSD-2-Clause
/*
 * Restarts amid traffic. role=0 is a VM that restarts, over and over, after a random
 * number of rounds; roles 1 and 2 are its peers, which live on. All send without end.
 *
 * A message is {era, number, hash}. The era of the one that restarts is its life (its
 * clock, which outlasts a restart, keeps it), a peer's counts how often it has seen the
 * other change. Numbers begin at 0 in each era: so in each era of the receiver, all
 * must come from one era of the sender, from its start, and in order.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/ivc.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "tests/target/ivc/event.h"

#define RTC_DR 0x09010000u
#define RTC_LR 0x09010008u
#define LIFE   0x100000u /* seconds on the clock: none lasts so long */
#define HOLE   0x0b000000u
#define LAST   1000u /* messages of the last life, to each peer and from each */

static uint32_t role;

/* What has been sent to a peer and received from it in this era. */
static struct {
	uint32_t sent;
	uint32_t received;
	uint32_t era; /* the sender's, if any was received */
} peers[2];

static uint32_t dice_state;

static uint32_t dice_below(uint32_t limit)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 17;
	dice_state ^= dice_state << 5;
	return dice_state % limit;
}

static uint32_t mix(uint32_t era, uint32_t number)
{
	uint32_t hash = era * 2654435761u ^ number;

	return (hash ^ hash >> 15) * 2246822519u;
}

/* Returns false if the peer had no room or was not there. */
static bool send(uint32_t peer, uint32_t era)
{
	uint32_t number = peers[peer].sent;
	uint32_t result = ivc_send(peer, (uint32_t[3]){ era, number, mix(era, number) });

	if (result == IVC_SUCCESS)
		peers[peer].sent++;
	else
		check_that("BUSY or CLOSED", result == IVC_BUSY || result == IVC_CLOSED);
	return result == IVC_SUCCESS;
}

static bool receive(uint32_t peer)
{
	uint32_t words[3];
	uint32_t result = ivc_receive(peer, words);

	if (result == IVC_EMPTY || result == IVC_CLOSED)
		return false;
	check_equal("receive", result, peer, ~0u);
	if (peers[peer].received == 0) {
		check_that("a later era", words[0] > peers[peer].era);
		peers[peer].era = words[0];
	}
	check_equal("one era", words[0], peers[peer].era, ~0u);
	check_equal("in order", words[1], peers[peer].received++, ~0u);
	check_equal("whole", words[2], mix(words[0], words[1]), ~0u);
	ivc_ring(1u << peer);
	return true;
}

/* Both peers once; sleeps if nothing could be done. */
static void play_round(uint32_t count, uint32_t era)
{
	bool has_done = false;

	for (uint32_t peer = 0; peer < count; peer++) {
		has_done |= send(peer, era);
		has_done |= receive(peer);
	}
	if (!has_done)
		event_sleep();
}

static void end(void)
{
	check_end();
	for (;;)
		cpu_wait_for_interrupt();
}

/* Lives on: peer 0 is the one that restarts. */
static void play_peer(void)
{
	uint32_t eras = 1;

	for (;;) {
		event_has_come = false;
		if (ivc_events().changes & 1) {
			eras++;
			peers[0].sent = peers[0].received = 0;
		}
		play_round(1, eras);
		/* The last life is the one that gets so far. */
		if (peers[0].received >= LAST && peers[0].sent >= LAST) {
			printf("restart: peer %lu saw %lu eras\n", role, eras);
			end();
		}
	}
}

static void restart(uint32_t life)
{
	if (life % 2)
		psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	else
		mmio_write32(HOLE, life); /* on-fault = "restart" */
	printf("restart: FAILED: still there\n");
}

static void play_restarting(uint32_t lives)
{
	uint32_t life = mmio_read32(RTC_DR) / LIFE;
	uint32_t rounds;

	/* The board's clock tells a year; ours begins to count. */
	if (life > 1500)
		life = 0;
	mmio_write32(RTC_LR, ++life * LIFE);
	dice_state = life * 2654435761u | 1;
	rounds = dice_below(4) ? dice_below(300) : dice_below(5);
	check_equal("no doorbell from before", ivc_look().doorbells, 0, ~0u);
	check_equal("no message from before", ivc_look().messages, 0, ~0u);
	if (dice_below(8) == 0)
		restart(life);
	ivc_open(true);
	if (life % 100 == 0)
		printf("restart: life %lu\n", life);
	for (uint32_t round = 0; life < lives && round < rounds; round++) {
		event_has_come = false;
		ivc_events();
		play_round(2, life);
	}
	if (life < lives) {
		if (check_end() == 0)
			restart(life);
		end();
	}
	while (peers[0].received < LAST || peers[1].received < LAST || peers[0].sent < LAST ||
	       peers[1].sent < LAST) {
		event_has_come = false;
		ivc_events();
		play_round(2, life);
	}
	end();
}

int main(void)
{
	static const char *const names[] = { "restart-a", "restart-b", "restart-c" };

	role = devicetree_argument("role", 0);
	check_begin(names[role]);
	event_init();
	if (role == 0)
		play_restarting(devicetree_argument("lives", 20));
	ivc_open(true);
	play_peer();
}
