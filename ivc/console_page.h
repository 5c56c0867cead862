// SPDX-License-Identifier: BSD-2-Clause
/*
 * The console protocol: the page that one client shares with the VM that serves the
 * consoles. The one header for server, clients and the hypervisor, which is the client
 * on behalf of its emulated UARTs. Anyone's guest may include it; it needs nothing but C.
 *
 * Two rings of characters, each with one writer and one reader. The writer changes
 * `head`, the reader `tail`; both only ever count up, and wrap at 2^32. Character n is
 * data[n % CONSOLE_PAGE_RING]. A character is written before `head` tells of it, and
 * read before `tail` gives it up: a DMB (ARM ARM DDI 0406C, A3.8.3) between the two. The
 * page is Normal memory, write-back, shareable, for all who map it; it is zero at boot
 * and outlives its users: who restarts goes on where `head` and `tail` say.
 *
 * Nobody trusts the other's count. A reader that finds more than CONSOLE_PAGE_RING
 * characters (head - tail) takes the last so many; a writer that finds as many or more
 * writes nothing. Indices are always taken modulo the ring.
 *
 * The doorbell of ivc/abi.h says "look". A client rings
 *   - after an end of line, and whenever the ring is more than half full;
 *   - after each character, while the server has set is_watched: a user may wait for it;
 *   - after it has made room in an `in` ring that was full.
 * The server rings after it has put something into `in`; and, before it sleeps, each
 * client whose `out` it has emptied, or by a CONSOLE_PAGE_STEP in the upper half: this is
 * the completion that a writer with a full ring waits for. It may keep the characters of
 * a line that is not complete until that is over (up to half a ring).
 */
#ifndef BULKHEAD_IVC_CONSOLE_PAGE_H
#define BULKHEAD_IVC_CONSOLE_PAGE_H

#include <stdint.h>

#define CONSOLE_PAGE_BYTES 4096u
#define CONSOLE_PAGE_RING  1024u
#define CONSOLE_PAGE_STEP  64u

struct console_page_ring {
	uint32_t head; /* characters ever put: the writer's */
	uint32_t tail; /* characters ever taken: the reader's */
	uint8_t data[CONSOLE_PAGE_RING];
};

struct console_page {
	struct console_page_ring out; /* to the server: the client writes */
	struct console_page_ring in;  /* to the client: the server writes */
	uint32_t is_watched;          /* the server's; 0 or 1 */
	uint8_t reserved[CONSOLE_PAGE_BYTES - 2 * sizeof(struct console_page_ring) - 4];
};

#endif
