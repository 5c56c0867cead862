// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest with some RAM and a hole, and all that kernel/fault.c calls: what the
 * guest is told of, and what is done to its VM.
 */
#ifndef BULKHEAD_UNIT_FAULT_RIG_H
#define BULKHEAD_UNIT_FAULT_RIG_H

#include "arch/exception.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"

#define RAM_IPA   0x40000000u
#define RAM_PA    0x80000000u
#define RAM_BYTES (1u * MIB)
#define HOLE_IPA  0x10000000u /* 256 MiB where nothing is */

extern struct vcpu rig_vcpu;
extern struct vm_config rig_config;

/* The last abort, and how often what was done. */
struct rig_told {
	uint32_t address, count;
	enum abort_kind kind;
	bool is_data;
	uint32_t reports, hsr, asynchronous;
};

extern struct rig_told rig_told;

/* All as at first: RAM and registers are zero, aborts are injected. */
void rig_start(void);

/* A word of guest RAM; elsewhere nothing happens. */
void rig_store(uint32_t ipa, uint32_t value);

/* One abort was told of, and it is this; nothing of the guest is left mapped. */
void rig_check_told(enum abort_kind kind, uint32_t address, bool is_data);
void rig_check_closed(void);

#endif
