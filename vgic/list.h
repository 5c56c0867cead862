// SPDX-License-Identifier: BSD-2-Clause
/*
 * The list registers of one vCPU, in the hardware while it is loaded, in memory
 * otherwise (IHI 0048B, 5.3.8). Used by vgic.c and raise.c alone.
 */
#pragma once

#include "arch/gic.h"
#include "kernel/types.h"

struct vcpu;
struct vgic_bank;

uint32_t list_read(const struct vcpu *vcpu, uint32_t i);
void list_write(struct vcpu *vcpu, uint32_t i, uint32_t lr);

/* The priority that a list register's content has, as in GICD_IPRIORITYR. */
static inline uint8_t list_priority(uint32_t lr)
{
	return (uint8_t)(lr >> GICH_LR_PRIORITY_SHIFT << 3);
}

/* A list register that we have not filled; GIC_LIST_COUNT if there is none. */
uint32_t list_free(const struct vcpu *vcpu);

/* Does the guest drop priority and deactivate in two steps (GICV_CTLR.EOImode)? */
bool list_is_split(const struct vcpu *vcpu);

/* List an interrupt; state: GICH_LR_PENDING, GICH_LR_ACTIVE or both. */
void list_fill(struct vcpu *vcpu, uint32_t i, uint32_t intid, uint32_t state);

/* One that was listed is pending no more: its sender's bit goes. */
void list_sgi_taken(struct vcpu *vcpu, uint32_t sgi, uint32_t lr);

/* After filling: when does the hypervisor want to hear of the list registers?
 * is_waiting: something found no room; has_pending: one of those listed can still
 * be taken. */
void list_set_maintenance(struct vcpu *vcpu, bool is_waiting, bool has_pending);

/* EOIs that found no list register (EOICount): finish those interrupts. */
void list_finish_unlisted(struct vcpu *vcpu);

/* vgic.c's and raise.c's own: the interrupts that the distributor lets through,
 * pending or not (4.3.1); bring one home, if it is listed. */
uint32_t vgic_forwarded(const struct vcpu *vcpu, const struct vgic_bank *bank);
void vgic_collect_intid(struct vcpu *vcpu, uint32_t intid);

/* The world switch's part. */
void list_save(struct vcpu *vcpu);
void list_restore(struct vcpu *vcpu);
