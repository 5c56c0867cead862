// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts: how the manifest writes them, and who gets each physical one.
 */
#ifndef BULKHEAD_MKSYSTEM_INTERRUPT_H
#define BULKHEAD_MKSYSTEM_INTERRUPT_H

#include "tools/mksystem/model.h"

#define INTERRUPT_CELLS 3u /* <type number flags> */
#define FIRST_SPI       32u

/* The INTID of the interrupt at `position` in the node's `interrupts`; reports
 * what is wrong, and answers 0 then. `irq_count`: what the controller has. */
uint32_t interrupt_parse(struct node node, unsigned position, uint32_t irq_count);

/* The same, of what must not be a core's own: a device's. */
uint32_t interrupt_parse_spi(struct node node, unsigned position, uint32_t irq_count);

/* Fill model->routes; reports interrupts that two want, on the board or in a VM. */
void interrupt_route_all(struct model *model);

#endif
