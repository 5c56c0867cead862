// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest's interrupts ought to do: a GICv2 distributor for one processor,
 * an interrupt a struct, told by IHI 0048B (3.2.4 the states, 4.3 the registers)
 * and not by the code under test. It knows nothing of list registers.
 *
 * A hardware-linked interrupt is taken by the hypervisor before the guest: from
 * then on the guest may get it, even if the device gave up meanwhile; it must get
 * it if the line stays high.
 */
#ifndef BULKHEAD_UNIT_ORACLE_H
#define BULKHEAD_UNIT_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define ORACLE_IRQS 64u

struct oracle_irq {
	bool is_enabled, is_group1, is_edge, is_latched, is_high, is_active;
	bool is_linked_taken; /* physically acknowledged, not yet by the guest */
	uint8_t priority;
	uint8_t sources; /* of a pending SGI: a bit per sender */
	/* Asked for on another core: pending when this one has heard of it, an edge
	 * perhaps before. */
	uint8_t posted_sources;
	bool is_posted;
};

struct oracle {
	uint32_t CTLR;
	uint32_t vcpu_count; /* senders of SGIs that exist */
	struct oracle_irq irq[ORACLE_IRQS];
};

/* Whether the line of linked interrupt n is high for this VM: the test knows. */
bool oracle_is_device_high(const struct oracle *oracle, uint32_t n);

void oracle_reset(struct oracle *oracle);

/* A write to the distributor, an aligned word or byte. */
void oracle_write(struct oracle *oracle, uint32_t offset, uint32_t bytes, uint32_t value);

/* What a word must read: the bits that must be set, and those that may. */
void oracle_read(const struct oracle *oracle, uint32_t offset, uint32_t *must, uint32_t *may);

bool oracle_must_pend(const struct oracle *oracle, uint32_t n);
bool oracle_may_pend(const struct oracle *oracle, uint32_t n);

/* Would it be forwarded if it were pending? Enabled, its group enabled, too. */
bool oracle_is_forwarded(const struct oracle *oracle, uint32_t n);

/* The pending, forwarded, inactive one of the best priority that must be
 * delivered; -1: none. */
int oracle_best(const struct oracle *oracle);

uint32_t oracle_count_active(const struct oracle *oracle);

/* The guest's CPU interface: pending to active (iar as read), and the end. */
void oracle_acknowledge(struct oracle *oracle, uint32_t iar);
void oracle_deactivate(struct oracle *oracle, uint32_t n);

void oracle_set_line(struct oracle *oracle, uint32_t n, bool is_high);

#endif
