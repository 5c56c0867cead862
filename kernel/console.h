// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared console: the lines of all VMs, each headed by its VM's name and
 * never split, and the hypervisor's own, on one UART. Sending is done by the
 * UART's interrupt out of rings: nobody in hyp ever waits for it. Input goes to
 * the VM in focus; an escape key moves it.
 *
 * Runs on core 0.
 */
#pragma once

#include "config/system.h"

/* Room for a VM's output that the UART has not taken yet, characters. */
#define CONSOLE_RING_BYTES 512u

/* Bring up the UART: from here on messages come out as far as it takes them at
 * once; and, when the GIC is ready, its interrupt, which sends the rest. */
void console_init(void);
void console_enable(void);

/* A character of a VM's output. Room is what console_room() tells; without any
 * the character is lost, as in a full FIFO. */
void console_put(struct vm *vm, char c);
uint32_t console_room(const struct vm *vm);

/* A line of the hypervisor's own, headed "bulkhead: ": what format_text()
 * knows; no newline. When its ring is full the line is dropped, and counted. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Panic and power-off: send everything, by polling. */
void console_flush(void);

/* Send what waits: what CORE_REQUEST_CONSOLE asks of core 0. */
void console_serve(void);

/* This VM's UART has room again for what is typed. */
void console_take_input(const struct vm *vm);

/* The board UART's interrupt. */
void console_irq(const struct irq_route *route, struct core *core, uint32_t iar);

/* How long an unfinished line may keep the others waiting: physical counter, or
 * TIMEOUT_NEVER; and what happens then. */
uint64_t console_deadline(const struct core *core);
void console_timeout(struct core *core);
