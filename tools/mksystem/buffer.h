// SPDX-License-Identifier: BSD-2-Clause
/*
 * Buffers: memory that VMs share, each at an address and with rights of its own.
 */
#ifndef BULKHEAD_MKSYSTEM_BUFFER_H
#define BULKHEAD_MKSYSTEM_BUFFER_H

#include "tools/mksystem/model.h"
#include "tools/mksystem/text.h"

#define BUFFER_PREFIX "buffer-"

/* Read the nodes buffer-NAME of /bulkhead: who sees what. */
void buffer_parse_all(struct model *model);

/* Find memory for them, when the VMs have theirs, and claim each VM's addresses. */
void buffer_place_all(struct model *model);

/* config_buffers[]: what the hypervisor has to clear. */
void buffer_emit_table(struct text *text, const struct model *model);

#endif
