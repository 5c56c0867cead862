// SPDX-License-Identifier: BSD-2-Clause
/*
 * The console, served by a VM: who it is, who its clients are, and their pages. A page
 * lies in the hypervisor's own data (kernel/console_client.h), so only the linker knows
 * where.
 */
#ifndef BULKHEAD_MKSYSTEM_CONSOLE_H
#define BULKHEAD_MKSYSTEM_CONSOLE_H

#include "tools/mksystem/model.h"
#include "tools/mksystem/text.h"

#define CONSOLE_NODE "console"

/* Read the node console of /bulkhead; its VM gets the board's UART. */
void console_parse(struct model *model);

/* Clients are peers of the server, and in its own place there it is the hypervisor:
 * adds to the masks of peers. Once all peers are known: the size of the server's pages. */
void console_add_peers(const struct model *model, unsigned *peers);
void console_count_pages(struct model *model);

/* Claims each VM's addresses of its pages. */
void console_claim_ipa(struct model *model);

/* Is what `vm` talks to no guest's end, but the hypervisor's? */
bool console_is_end(const struct vm_model *vm, const struct vm_model *peer);

/* The page that a VM sees as its `number`th, as an index of console_pages[]. */
unsigned console_page_index(const struct vm_model *vm, unsigned number);

/* The ends that the hypervisor has for its clients, and the tables of all. */
void console_emit_end(struct text *text, const struct model *model, const struct vm_model *vm);
void console_emit_tables(struct text *text, const struct model *model);

#endif
