// SPDX-License-Identifier: BSD-2-Clause
/*
 * What may be on the wire of the shared console, said independently of the code:
 * every line is one source's and headed by its name; a source's characters come
 * all, once, in order; an end of line is CR LF; a line broken off is ended by CR
 * LF, and its beginning is repeated when the source goes on.
 *
 * The wire alone doesn't always tell an end of line from a break: all ways to
 * read it are followed, one must be left.
 */
#ifndef BULKHEAD_UNIT_WIRE_H
#define BULKHEAD_UNIT_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "generated/board.h"

#define WIRE_OWN     CONFIG_VM_COUNT /* the hypervisor's own lines: never broken off */
#define WIRE_SOURCES (CONFIG_VM_COUNT + 1)

void wire_init(const char *const *heads);

/* The source's ring takes a character; the UART is given one. */
void wire_accept(uint32_t source, char c);
void wire_put(char c);

/* Characters accepted, but not given to the UART; are there ends of line in them? */
uint32_t wire_pending(uint32_t source);
bool wire_has_line(uint32_t source);

/* How much the source has sent, of what was accepted. */
uint32_t wire_sent(uint32_t source);

/* What the UART was given from the start, and how many of these; how many lines
 * were broken off, for sure. */
const char *wire_text(void);
uint32_t wire_length(void);
uint32_t wire_breaks(void);

#endif
