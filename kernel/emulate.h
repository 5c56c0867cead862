// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses to emulated devices that the syndrome does not describe: the instruction
 * itself is looked at (ARM ARM DDI 0406C, B3.13.6). Called from trap.c.
 */
#pragma once

#include "kernel/types.h"

struct vcpu;

/* A stage-2 translation fault of the loaded vCPU at ipa, HSR.ISV = 0, not by a table
 * walk, cache maintenance or an external abort. HDFAR must still be the fault's.
 *
 * EXIT_JUMP: done, and the PC is past the instruction. EXIT_WAIT: a device wants it
 * again, or the instruction is no longer mapped. EXIT_FAULT: nothing that a device
 * supports, or unaligned, or beyond the page that faulted. Registers change in the
 * first case only; a device may have seen the accesses before one that failed. */
enum exit_result emulate_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr);
