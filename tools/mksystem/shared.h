// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices of the board that are shared out among VMs by emulated ones: the hypervisor's
 * own then, and no VM's.
 */
#ifndef BULKHEAD_MKSYSTEM_SHARED_H
#define BULKHEAD_MKSYSTEM_SHARED_H

#include "tools/mksystem/model.h"

struct shared_kind {
	const char *property;   /* of the board: names the device */
	const char *what;       /* "clock" */
	const char *compatible; /* what it must be, and its name */
	const char *name;
	const char *macro; /* in board.h: its address, and with _IRQ its interrupt */
};

extern const struct shared_kind shared_kinds[SHARED_COUNT];

/* The emulated device that shows it, or NULL. */
const struct vdev *shared_find_user(const struct platform *platform, enum shared shared);

/* Find each one's first user, model->users[]; report emulated devices with no real one
 * behind them, and real ones that are given away. */
void shared_check(struct model *model);

#endif
