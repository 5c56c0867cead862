// SPDX-License-Identifier: BSD-2-Clause
/*
 * See client.h. The page's head is the client's word, and so is, if it is malicious, all
 * else in the page: `at` is our own, and what it leads to is masked.
 */
#include "guests/console-server/client.h"

#include "guests/lib/console_ring.h"

/* What is there from `at` on: and never more than a ring. */
static uint32_t count(struct client *client)
{
	uint32_t head = console_ring_load(&client->page->out.head);
	uint32_t there = console_ring_between(head, client->at);

	if (head - client->at > there) /* it has lied, or overtaken us */
		client->at = client->seen = client->scanned = client->end = head - there;
	return there;
}

void client_begin(struct client *client)
{
	client->at = console_ring_load(&client->page->out.tail);
	client->seen = client->scanned = client->end = client->at;
	client->wants_ring = true;
}

bool client_has_news(struct client *client)
{
	uint32_t head = client->at + count(client);

	return (int32_t)(head - client->seen) > 0;
}

bool client_has_end(struct client *client)
{
	uint32_t head = client->at + count(client);

	if ((int32_t)(client->end - client->at) > 0)
		return true;
	if ((int32_t)(client->scanned - client->at) < 0)
		client->scanned = client->at;
	while ((int32_t)(head - client->scanned) > 0)
		if (console_ring_at(&client->page->out, client->scanned++) == '\n') {
			client->end = client->scanned;
			return true;
		}
	return false;
}

bool client_is_filling(struct client *client)
{
	return count(client) > CONSOLE_PAGE_RING / 2;
}

/* Gives up what was kept. Its writer may wait for room: whole steps, or all. */
static void release(struct client *client)
{
	struct console_page_ring *out = &client->page->out;
	uint32_t before = console_ring_count(out), after;

	console_ring_store(&out->tail, client->at);
	after = console_ring_count(out);
	if (after == 0 || (before > CONSOLE_PAGE_RING / 2 &&
			   before / CONSOLE_PAGE_STEP != after / CONSOLE_PAGE_STEP))
		client->wants_ring = true;
}

char client_next(struct client *client)
{
	char c = console_ring_at(&client->page->out, client->at++);

	if (!client_is_repeating(client))
		client->seen = client->at;
	if (c == '\n' || client->at - console_ring_load(&client->page->out.tail) > CLIENT_KEPT)
		release(client);
	return c;
}

void client_break(struct client *client)
{
	uint32_t tail = console_ring_load(&client->page->out.tail);

	if (client->at - tail <= CLIENT_KEPT)
		client->at = client->scanned = client->end = tail;
	client->filter.state = FILTER_TEXT;
}
