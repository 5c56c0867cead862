// SPDX-License-Identifier: BSD-2-Clause
/*
 * See console_client.h.
 */
#include "guests/lib/console_client.h"

#include <stddef.h>

#include "guests/lib/console_ring.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"

static struct console_page *page;
static uint32_t server; /* as a bit of our peers */

struct console_page *console_client_open(void)
{
	const void *reg = devicetree_property("console", "reg", NULL);
	const void *number = devicetree_property("console", "server", NULL);

	if (reg == NULL || number == NULL)
		return NULL;
	page = (struct console_page *)devicetree_cell(reg, 0);
	server = 1u << devicetree_cell(number, 0);
	ivc_open(true);
	return page;
}

/* Its change is cleared first, or it would not hear of it: after that it looks at all. */
static void ring(void)
{
	ivc_call((uint32_t[5]){ IVC_EVENTS, server, server });
	ivc_ring(server);
}

bool console_client_put(char c)
{
	uint32_t count;

	if (!console_ring_put(&page->out, c)) {
		ring();
		return false;
	}
	count = console_ring_count(&page->out);
	if (c == '\n' || count > CONSOLE_PAGE_RING / 2 || page->is_watched)
		ring();
	return true;
}

int console_client_get(void)
{
	bool was_full = console_ring_count(&page->in) == CONSOLE_PAGE_RING;
	int c = console_ring_get(&page->in);

	if (was_full)
		ring();
	return c;
}

void console_client_wait(void)
{
	cpu_wait_for_interrupt();
	gic_end(gic_acknowledge());
	ring();
}
