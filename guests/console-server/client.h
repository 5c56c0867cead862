// SPDX-License-Identifier: BSD-2-Clause
/*
 * A client of the server: its page, and how far the line is that it is at. What has
 * been sent of a line stays in the page's ring until the line is over, up to CLIENT_KEPT
 * characters: so it can be sent again when others have spoken in between, or when the
 * server itself begins anew.
 */
#ifndef GUESTS_CONSOLE_SERVER_CLIENT_H
#define GUESTS_CONSOLE_SERVER_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "guests/console-server/filter.h"
#include "ivc/console_page.h"

#define CLIENT_KEPT (CONSOLE_PAGE_RING / 4)

struct client {
	const char *name;
	const char *separator; /* behind the name, in front of each line */
	struct console_page *page;
	uint32_t at;      /* the next character to send */
	uint32_t seen;    /* what comes before has been sent once */
	uint32_t scanned; /* up to here there is no end of line but ... */
	uint32_t end;     /* ... the one that this is behind, if it is ahead of `at` */
	char last;        /* of this line, what was sent last */
	bool wants_ring;  /* there is room, or input */
	struct filter filter;
};

/* Takes up the page where it is. */
void client_begin(struct client *client);

/* Looks at the page again. Is there something that has not been sent yet; an end of
 * line in what follows? Is the ring so full that its writer may wait? */
bool client_has_news(struct client *client);
bool client_has_end(struct client *client);
bool client_is_filling(struct client *client);

/* Its next character, which must be there; the kept part ends with '\n'. */
char client_next(struct client *client);

/* Others speak now: what is kept comes again. */
void client_break(struct client *client);

/* May it still hold what was kept for a repetition? */
static inline bool client_is_repeating(const struct client *client)
{
	return (int32_t)(client->at - client->seen) < 0;
}

#endif
