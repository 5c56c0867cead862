// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Power State Coordination Interface, version 1.1 (DEN 0022), as a guest's
 * firmware would offer it.
 */
#pragma once

#include "kernel/types.h"

struct vcpu;

/* function: 0x84000000 .. 0x8400001f; arguments and result in the vCPU's r1 ..
 * r3 and r0. EXIT_JUMP always: the PC is the caller's business. */
enum exit_result psci_call(struct vcpu *vcpu, uint32_t function);
