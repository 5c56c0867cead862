// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the guests of machine.c, their devices and the scheduler do at random.
 */
#ifndef BULKHEAD_UNIT_PLAY_H
#define BULKHEAD_UNIT_PLAY_H

#include "tests/host/unit/machine.h"

/* What a sequence may contain. */
struct play {
	uint32_t depth;  /* active interrupts that a guest has at most */
	bool is_peeking; /* it sets and clears active states by itself */
	bool is_asking;  /* it sets linked interrupts pending by itself */
	bool is_late;    /* the maintenance interrupt comes late now and then */
};

extern struct play play;

struct guest *play_any_guest(void);

/* The guest, which is loaded, sets its interrupt controller up. */
void play_boot(struct guest *guest);

/* A write of the loaded guest to its distributor. */
void play_distributor(struct guest *guest);

/* A step of the loaded guest; of devices, other VMs and the scheduler. */
void play_guest(struct guest *guest);
void play_outside(void);

#endif
