// SPDX-License-Identifier: BSD-2-Clause
/*
 * What silences a device of the board when its VM stops: kernel/quiesce.h.
 */
#ifndef BULKHEAD_MKSYSTEM_QUIESCE_H
#define BULKHEAD_MKSYSTEM_QUIESCE_H

#include "tools/mksystem/model.h"
#include "tools/mksystem/text.h"

/* Report what is wrong with a device's list of writes. */
void quiesce_check(const struct board_device *device);

/* Has it such a list? */
bool quiesce_has_list(const struct board_device *device);

/* Has the VM devices to be silenced, or one that can't be? */
bool quiesce_is_needed(const struct vm_model *vm);

/* That VM's table, and its row in vmN_devices[]. */
void quiesce_emit_table(struct text *text, const struct vm_model *vm);
void quiesce_emit_row(struct text *text, const struct vm_model *vm);

#endif
