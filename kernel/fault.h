// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest's mistake, answered on that guest alone: as a real core would, or by
 * the VM's on-fault policy.
 */
#pragma once

#include "kernel/types.h"

struct vcpu;

/* An access or fetch that nothing answers: `hsr` is a prefetch or data abort,
 * `result` EXIT_FAULT or EXIT_MISALIGNED. */
void fault_guest(struct vcpu *vcpu, uint32_t hsr, enum exit_result result);

/* An asynchronous external abort that the vCPU caused: taken while it ran, or
 * found pending when it was put aside. */
void fault_asynchronous(struct vcpu *vcpu);
