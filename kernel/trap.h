// SPDX-License-Identifier: BSD-2-Clause
/*
 * Why a guest stopped, and what is done about it: one look at HSR, one table.
 */
#pragma once

#include "arch/hsr.h"
#include "kernel/types.h"

struct vcpu;
struct vm;

/* The boot core: what the errata of this core demand. */
void trap_init(void);

/* From vectors.S, with an empty stack: by HSR's exception class, with HSR. All leave
 * by enter_guest(). */
extern void (*const exit_table[HSR_EC_COUNT])(struct vcpu *vcpu, uint32_t hsr);
_Noreturn void trap_asynchronous_abort(struct vcpu *vcpu);

/* From the scheduler: the vCPU, which is loaded, waited for others. It may have to
 * wait again. */
void trap_again(struct vcpu *vcpu);

/* Handlers that have a file of their own, for trap.c's table. Each answers for
 * the instruction that hsr describes. */
enum exit_result trap_coprocessor(struct vcpu *vcpu, uint32_t hsr); /* kernel/cp15.c */
enum exit_result trap_hypercall(struct vcpu *vcpu, uint32_t hsr);   /* kernel/hypercall.c */
enum exit_result trap_smc(struct vcpu *vcpu, uint32_t hsr);

/* An access to an emulated device, described by the syndrome (HSR.ISV = 1); and
 * what nearly all are: of a word or a half-word (without sign), at a word's place, in
 * little-endian order, from or to one of r0 .. r7; page: the IPA's. */
enum exit_result mmio_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr);
enum exit_result mmio_access_register(struct vcpu *vcpu, uint32_t page, uint32_t offset,
				      uint32_t hsr, bool is_word);

/* Likewise, not described: the instruction itself is looked at (B3.13.6; kernel/emulate.c).
 * A stage-2 translation fault of the loaded vCPU at ipa, not by a table
 * walk, cache maintenance or an external abort. HDFAR must still be the fault's.
 *
 * EXIT_JUMP: done, and the PC is past the instruction. EXIT_WAIT: a device wants it
 * again, or the instruction is no longer mapped. EXIT_FAULT: nothing that a device
 * supports, or unaligned, or beyond the page that faulted. Registers change in the
 * first case only; a device may have seen the accesses before one that failed. */
enum exit_result emulate_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr);

/* A guest's mistake, answered on that guest alone (kernel/fault.c): as a real core would,
 * or by the VM's on-fault policy.
 * An access or fetch that nothing answers: `hsr` is a prefetch or data abort,
 * `result` EXIT_FAULT or EXIT_MISALIGNED. */
void fault_guest(struct vcpu *vcpu, uint32_t hsr, enum exit_result result);

/* An asynchronous external abort that the vCPU caused: taken while it ran, or
 * found pending when it was put aside. */
void fault_asynchronous(struct vcpu *vcpu);

/* Of a VM whose on-fault policy is halt or restart (kernel/report.c, in systems that have
 * one): what it was, the registers, the last exits, are kept, and it stops. `hsr` is that
 * of a prefetch or data abort at `address`, with HSR_EA of one that came late. Of a restart
 * only a line tells, as there may be many. */
void report_fault(struct vcpu *vcpu, uint32_t hsr, uint32_t address);

/* Print what was kept last, with a word on what came of it; or only its first line. */
void report_print(const struct vm *vm, const char *word, bool is_whole);
