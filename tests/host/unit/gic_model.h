// SPDX-License-Identifier: BSD-2-Clause
/*
 * A model of the interrupt controller's hardware for one core (GICv2, IHI
 * 0048B): the virtual CPU interface that works on the list registers (5.2 and
 * 5.5), and of the physical distributor what hardware-linked interrupts need.
 * The code under test reaches it through generated/board.h's addresses.
 */
#ifndef BULKHEAD_UNIT_GIC_MODEL_H
#define BULKHEAD_UNIT_GIC_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define GICV_SPURIOUS 1023u

void gic_model_reset(void);

/* The guest's CPU interface: GICV_CTLR (two group enables, EOImode as bit 9),
 * GICV_PMR, GICV_IAR, GICV_EOIR, GICV_DIR. */
void gicv_set_control(uint32_t ctlr);
void gicv_set_mask(uint32_t priority);
uint32_t gicv_acknowledge(void);
void gicv_end(uint32_t iar);
void gicv_deactivate(uint32_t iar);

/* The best pending list register's number, mask and running priority or not;
 * -1 if there is none. */
int gicv_best(bool is_masked);

/* Is the maintenance interrupt asserted? */
bool gich_is_asking(void);

/* A list register, and its parts. */
uint32_t gich_lr(uint32_t i);
uint32_t gich_lr_intid(uint32_t lr);
bool gich_lr_is_pending(uint32_t lr);
bool gich_lr_is_active(uint32_t lr);

/* GICH_VMCR and GICH_APR: what the switch must keep. */
uint32_t gich_vmcr(void);
uint32_t gich_apr(void);

/* Physical interrupts, all level-sensitive: a device's line; one that the core
 * would take now (it becomes active), or GICV_SPURIOUS; is it active? */
void gicp_set_line(uint32_t intid, bool is_high);
bool gicp_is_high(uint32_t intid);
uint32_t gicp_take(void);

/* Has a software-generated interrupt been sent since the last call? */
bool gicp_take_sgi(void);
bool gicp_is_active(uint32_t intid);

#endif
