// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared console: the lines of all VMs, each headed by its VM's name and
 * never split, and the hypervisor's own, on one UART. Sending is done by the
 * UART's interrupt out of rings: nobody in hyp ever waits for it. Input goes to
 * the VM in focus; an escape key moves it, and opens the menu.
 *
 * The UART, all rings' reading ends, input and menu are core 0's. Other cores put
 * into rings of which they are the only writer, and ask core 0 to send.
 */
#pragma once

#include "config/system.h"
#include "kernel/ring.h"

/* Room for a VM's output that the UART has not taken yet, characters. Its VM is told
 * (VCPU_REQUEST_POLL) each time that a step of the upper half gets free. */
#define CONSOLE_RING_BYTES RING_BYTES
#define CONSOLE_STEP       (RING_BYTES / 16)

/* Asks the terminal where its cursor is: who answers is one, and gets colours. */
#define CONSOLE_ASK "\033[6n"

/* Bring up the UART: from here on messages come out as far as it takes them at
 * once; and, when the GIC is ready, its interrupt, which sends the rest. */
void console_init(void);
void console_enable(void);

/* A character of a VM's output, on any core, which holds the VM's lock; and how many of
 * them wait then. When the ring is full the character is lost, as in a full FIFO. */
uint32_t console_put(const struct vm *vm, char c);
uint32_t console_pending(const struct vm *vm);

/* A line of the hypervisor's own, headed "bulkhead: ", from any core: what
 * format_text() knows; no newline. Without room it is dropped, and the
 * next one says so. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A user waits for the last message: it comes now, whosever line is open. */
void console_hurry(void);

/* Words, four a line, headed `name` and their number. */
void console_print_words(const char *name, const uint32_t *words, uint32_t count);

/* When something is due that no character brings about: physical counter, or
 * TIMEOUT_NEVER. Of core 0: others have waited long enough for the open line; the UART's
 * interrupts have been off long enough; who does not read is given up (input.c); the cores
 * are looked at (menu.c). */
enum { CONSOLE_PATIENCE, CONSOLE_REST, CONSOLE_DEAF, CONSOLE_SAMPLE, CONSOLE_ALARMS };
extern uint64_t console_alarms[CONSOLE_ALARMS];

/* Lines that have gone out since boot; is there a terminal, which has answered? */
extern uint32_t console_lines;
extern bool console_has_colours;

/* Panic and power-off, on any core: send everything, by polling. Another than core 0
 * waits until that has done it, or for a while. */
void console_flush(void);

/* Send what waits, and see whether there is room for what was typed:
 * CORE_REQUEST_CONSOLE. */
void console_serve(void);

/* The board UART's interrupt. */
void console_irq(struct core *core, uint32_t intid);

/* Its deadline, core->console_at, has come. */
void console_timeout(struct core *core);
