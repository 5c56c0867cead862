// SPDX-License-Identifier: BSD-2-Clause
/*
 * Two virtual machines of one vCPU each on one core, around the real vgic/ and
 * the modelled hardware, each with an oracle that says what it must see. The
 * parts of the hypervisor that the vgic calls or is called by are played here.
 */
#ifndef BULKHEAD_UNIT_MACHINE_H
#define BULKHEAD_UNIT_MACHINE_H

#include "kernel/core.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/oracle.h"

#define MACHINE_GUESTS 2u
#define MACHINE_DEPTH  64u /* of interrupts that a guest has open */

#define MACHINE_TIMER 27u

struct guest {
	const struct vm_config *config;
	struct vm *vm;
	struct vcpu *vcpu;
	struct oracle oracle;
	bool has_booted;
	bool is_split;                /* EOImode 1 */
	bool is_diving;               /* it asks for what preempts, and ends little */
	bool is_timer_high;           /* the line of its virtual timer */
	uint32_t vmcr, apr;           /* when it was last left */
	uint32_t open[MACHINE_DEPTH]; /* acknowledged: priority not dropped yet */
	uint32_t open_count;
	uint32_t dropped[MACHINE_DEPTH]; /* and not deactivated yet (EOImode 1) */
	uint32_t dropped_count;
};

extern struct guest machine_guests[MACHINE_GUESTS];

/* All as after power-on, nobody loaded. */
void machine_init(void);

/* Who has the core; NULL: nobody. And whose a physical SPI is. */
struct guest *machine_loaded(void);
struct guest *machine_owner(uint32_t intid);

/* The world switch, to NULL as well; a restart of a VM. */
void machine_switch(struct guest *next);
void machine_restart(struct guest *guest);

/* The line of a physical interrupt; of the timer, of the one who is loaded. */
void machine_set_timer(struct guest *guest, bool is_high);

/* Take maintenance and physical interrupts until there are none. is_shuffled:
 * the maintenance interrupt need not be the first. */
void machine_settle(bool is_shuffled);

/* What must hold now, in list registers and physical states. */
void machine_check(void);

/* Another core has an edge, or an SGI of a vCPU that it runs, for the guest. When this
 * core is kicked it hears of all that there is. machine_learn(): has it heard already? */
void machine_post_edge(struct guest *guest, uint32_t intid);
void machine_post_sgi(struct guest *guest, uint32_t sgi, uint32_t source);
void machine_kick(void);
void machine_learn(struct guest *guest);

/* The loaded guest's distributor, with the oracle told; or compared. */
void machine_write(uint32_t offset, uint32_t bytes, uint32_t value);
uint32_t machine_read(uint32_t offset, uint32_t bytes);
void machine_compare(void);

/* The loaded guest's CPU interface: false if there is nothing to do. */
bool machine_acknowledge(void);
bool machine_end(void);
bool machine_deactivate(uint32_t which);

#endif
