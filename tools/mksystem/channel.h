// SPDX-License-Identifier: BSD-2-Clause
/*
 * Channels: who may send to whom. A VM's peers are numbered in the order of the VMs
 * in the manifest.
 */
#ifndef BULKHEAD_MKSYSTEM_CHANNEL_H
#define BULKHEAD_MKSYSTEM_CHANNEL_H

#include "tools/mksystem/model.h"
#include "tools/mksystem/text.h"

#define CHANNEL_PREFIX "channel-"

/* Read the nodes channel-NAME of /bulkhead, and check the VMs' devices. */
void channel_parse_all(struct model *model);

/* The tables behind the VM's device, and what its initialiser has more than others'. */
void channel_emit_tables(struct text *text, const struct vm_model *vm);
const char *channel_members(const struct vm_model *vm, const struct vdev *vdev);

/* The VM's "bulkhead,ivc", or NULL. */
const struct vdev *channel_find_device(const struct vm_model *vm);

/* The number of `peer` at `vm`. */
unsigned channel_number(const struct vm_model *vm, const struct vm_model *peer);

/* Do both run on one core only, the same? Then each may raise the other's interrupts. */
bool channel_is_near(const struct vm_model *a, const struct vm_model *b);

/* The names of the VM's peers, each with its NUL, in their order. */
struct text channel_peer_names(const struct vm_model *vm);

#endif
