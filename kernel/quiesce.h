// SPDX-License-Identifier: BSD-2-Clause
/*
 * Passed-through devices that go on by themselves when their VM stops: those that master the
 * bus would write into RAM that is scrubbed, or loaded for its next life.
 */
#pragma once

#include "config/system.h"

/* A word that is written to a device. */
struct quiesce_write {
	uint32_t address;
	uint32_t value;
};

/* A VM's; const, made by mksystem. */
struct quiesce {
	const struct quiesce_write *writes; /* in this order: then its devices are silent ... */
	uint32_t count;
	const char *restless; /* ... but for this bus master, named; or NULL */
};

/* Silences the VM's devices, when all its vCPUs have stopped and before it is loaded
 * (vm_device.reset). With one that can't be silenced a VM that ran does not start again: it
 * stays off, and the console says why. */
void quiesce_reset(struct vm *vm, void *device);
