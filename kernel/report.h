// SPDX-License-Identifier: BSD-2-Clause
/*
 * Faults that a VM's on-fault policy answers with halt or restart, in systems that
 * have such a VM: what it was, the registers, the last exits, are kept and printed.
 * Called by fault.c on the vCPU's core, and by the menu.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;
struct vm;

/* The vCPU is stopped, by its VM's policy: `hsr` is that of a prefetch or data abort at
 * `address`, with HSR_EA of one that came late. Of a restart only a line tells, as there
 * may be many. */
void report_fault(struct vcpu *vcpu, uint32_t hsr, uint32_t address);

/* Print what was taken last, with a word on what came of it; or only its first line. */
void report_print(const struct vm *vm, const char *word, bool is_whole);
