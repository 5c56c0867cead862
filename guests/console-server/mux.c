// SPDX-License-Identifier: BSD-2-Clause
/*
 * See mux.h. What comes in front of a client's characters, and its ends of line, wait in
 * a queue of their own: the wire may be full at any place.
 */
#include "guests/console-server/mux.h"

#include <string.h>

#include "guests/console-server/wire.h"
#include "guests/lib/timer.h"

#define PATIENCE_MS 500u

/* A line that is longer, and has no end in sight, is broken off at once if others wait. */
#define LINE_LIMIT (2 * CLIENT_KEPT)

static struct client *clients, *focus;
static uint32_t client_count;
static struct client *open;    /* whose line is on the wire, or NULL */
static struct client *painter; /* who may have left something on the terminal */
static uint32_t next_turn;
static uint32_t line_length;          /* characters taken for the open line */
static uint64_t deadline = MUX_NEVER; /* when the patience with an open line is over */
static char queue[256];
static uint32_t queue_at, queue_length;

static void enqueue(const char *text)
{
	size_t length = strlen(text);

	if (queue_at == queue_length)
		queue_at = queue_length = 0;
	if (length > sizeof(queue) - queue_length)
		length = sizeof(queue) - queue_length;
	memcpy(queue + queue_length, text, length);
	queue_length += length;
}

void mux_begin(struct client *all, uint32_t count)
{
	clients = all;
	client_count = count;
	focus = clients;
	for (uint32_t i = 0; i < count; i++)
		client_begin(&clients[i]);
	enqueue(FILTER_CLEAN "\r\n"); /* whatever was on the wire before */
}

void mux_set_focus(struct client *client)
{
	focus = client;
}

static bool may_speak(struct client *client)
{
	return client_has_end(client) || client_is_filling(client) ||
	       (client == focus && client_has_news(client));
}

static struct client *find_speaker(void)
{
	for (uint32_t n = 0; n < client_count; n++) {
		struct client *client = &clients[(next_turn + n) % client_count];

		if (client != open && may_speak(client))
			return client;
	}
	return NULL;
}

static void open_line(struct client *client)
{
	if (painter != NULL && painter->filter.is_painted && painter != client) {
		painter->filter.is_painted = false;
		painter = NULL;
		enqueue(FILTER_CLEAN);
	}
	open = client;
	open->last = '\0';
	line_length = 0;
	next_turn = (uint32_t)(client - clients) + 1;
	enqueue(client->name);
	enqueue(client->separator);
}

static void end_line(void)
{
	enqueue(open->last == '\r' ? "\n" : "\r\n");
	open = NULL;
	deadline = MUX_NEVER;
}

/* The open line's next character. What is repeated asks the terminal nothing anew. */
static void send_next(void)
{
	enum filter_right right = FILTER_PLAIN;
	char c;

	if (open == focus)
		right = client_is_repeating(open) ? FILTER_CONTROLS : FILTER_ALL;
	c = client_next(open);
	line_length++;
	if (c == '\n') {
		end_line();
		return;
	}
	c = filter_character(&open->filter, c, right);
	if (c == 0)
		return;
	open->last = c;
	if (open->filter.is_painted)
		painter = open;
	wire_put(c);
}

/* Nothing of the open line is left. */
static void wait_patiently(void)
{
	if (find_speaker() == NULL)
		deadline = MUX_NEVER;
	else if (deadline == MUX_NEVER)
		deadline = timer_read_virtual() + timer_ticks_from_ms(PATIENCE_MS);
	else if (timer_read_virtual() >= deadline) {
		client_break(open);
		end_line();
	}
}

/* One step; false if there is nothing to do for now. */
static bool step(void)
{
	struct client *speaker;

	if (queue_at < queue_length) {
		wire_put(queue[queue_at++]);
		return true;
	}
	if (open != NULL && line_length > LINE_LIMIT && !client_has_end(open) &&
	    find_speaker() != NULL) {
		client_break(open);
		end_line();
		return true;
	}
	if (open != NULL && (client_has_news(open) || client_is_repeating(open))) {
		send_next();
		return true;
	}
	if (open != NULL) {
		wait_patiently();
		return open == NULL;
	}
	speaker = find_speaker();
	if (speaker != NULL)
		open_line(speaker);
	return speaker != NULL;
}

bool mux_send(uint32_t most)
{
	while (most-- > 0) {
		if (!wire_has_room())
			return false;
		if (!step())
			return false;
	}
	return true;
}

uint64_t mux_deadline(void)
{
	return deadline;
}

bool mux_waits_for_wire(void)
{
	return !wire_has_room();
}
