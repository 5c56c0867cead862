// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of a peer. role=0 switches itself off, role=1 makes a mistake that its VM's
 * policy answers with a halt; each sends a word before, and waits until it is told to
 * go on. role=2 watches: nothing but its interrupt tells it of either end.
 */
#include <stdbool.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/ivc.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"
#include "tests/target/ivc/event.h"

#define HOLE  0x0b000000u
#define BOTH  3u
#define FIRST 0x600d0000u

static void play_ending(uint32_t role)
{
	const uint32_t words[3] = { FIRST + role };

	for (;;) {
		event_has_come = false;
		ivc_events(); /* clears the change, if there is one */
		if (ivc_send(0, words) == IVC_SUCCESS)
			break;
		event_sleep();
	}
	for (;;) {
		event_has_come = false;
		if (ivc_events().doorbells)
			break;
		event_sleep();
	}
	if (role == 0)
		psci_call_hvc(PSCI_SYSTEM_OFF, 0, 0, 0);
	else
		mmio_write32(HOLE, 0);
	check_that("it ended", false);
}

static void watch_beginnings(void)
{
	uint32_t heard = 0;

	while (heard != BOTH) {
		uint32_t words[3], peer;

		event_has_come = false;
		ivc_events();
		peer = ivc_receive(IVC_ANY, words);
		if (peer < 2) {
			check_equal("a word", words[0], FIRST + peer, ~0u);
			heard |= 1u << peer;
		} else {
			event_sleep();
		}
	}
}

static void watch_end(uint32_t peer)
{
	const uint32_t words[3] = { 0 };
	struct ivc_events now = ivc_events();

	check_equal("open before", now.open & 1u << peer, 1u << peer, ~0u);
	check_equal("rung", ivc_ring(1u << peer), 1u << peer, ~0u);
	for (;;) {
		event_has_come = false;
		now = ivc_look();
		if (now.changes)
			break;
		event_sleep();
	}
	check_equal("one change", now.changes, 1u << peer, ~0u);
	check_equal("not open", now.open & 1u << peer, 0, ~0u);
	for (uint32_t is_cleared = 0; is_cleared < 2; is_cleared++, ivc_events()) {
		check_equal("no sending", ivc_send(peer, words), IVC_CLOSED, ~0u);
		check_equal("no ringing", ivc_ring(1u << peer), 0, ~0u);
	}
	check_equal("one change", ivc_look().changes, 0, ~0u);
}

int main(void)
{
	static const char *const names[] = { "end-off", "end-halt", "end-watch" };
	uint32_t role = devicetree_argument("role", 0);

	check_begin(names[role]);
	event_init();
	ivc_open(true);
	if (role < 2)
		play_ending(role);
	watch_beginnings();
	watch_end(0);
	watch_end(1);
	check_end();
	return 0;
}
