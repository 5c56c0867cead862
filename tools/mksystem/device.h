// SPDX-License-Identifier: BSD-2-Clause
/*
 * What follows from giving a device of the board to a VM, beyond its own registers.
 */
#ifndef BULKHEAD_MKSYSTEM_DEVICE_H
#define BULKHEAD_MKSYSTEM_DEVICE_H

#include "tools/mksystem/model.h"

/* Report a device that is given twice, and one whose pages would show its VM another
 * device, which is not the VM's. */
void device_check_owners(const struct model *model);

#endif
