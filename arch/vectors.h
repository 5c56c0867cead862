// SPDX-License-Identifier: BSD-2-Clause
/*
 * What vectors.S offers to C.
 */
#pragma once

struct vcpu;

/* The tables for HVBAR; the hardened one is for the Cortex-A15. */
extern char vectors_plain[], vectors_hardened[];

/* Leave hyp mode into this vCPU, which must be loaded. The stack is emptied. */
_Noreturn void enter_guest(struct vcpu *vcpu);

/* Take the asynchronous abort that ISR.A shows pending, and forget it. */
void abort_take_pending(void);
