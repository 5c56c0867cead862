// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest's device tree says about its display: a panel where the board has a
 * bridge, or nothing.
 */
#ifndef BULKHEAD_MKSYSTEM_DISPLAY_H
#define BULKHEAD_MKSYSTEM_DISPLAY_H

#include "tools/mksystem/model.h"

/* Wires the VM's emulated display controller, if it has one, to a panel of 640 x 480, in
 * a tree with room for it. */
void display_add_panel(const struct vm_model *vm, void *tree);

#endif
