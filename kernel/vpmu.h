// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whose the performance monitors are. Linked only where the manifest gives a VM `pmu`;
 * elsewhere, and to all other VMs, their registers are UNDEFINED.
 */
#pragma once

#include "kernel/trap.h"

/* The first access of a vCPU that does not own the unit (HDCR.TPM): exchange its
 * registers; EXIT_WAIT, for the instruction runs again. EXIT_JUMP if its VM has none. */
enum exit_result vpmu_take(struct vcpu *vcpu);

/* The world switch's part: the owner leaves; another or the owner comes. */
void vpmu_freeze(struct vcpu *vcpu);
void vpmu_switch(struct vcpu *next);

/* vcpu, which is not loaded, starts afresh: with zeroes. */
void vpmu_reset(struct vcpu *vcpu);
