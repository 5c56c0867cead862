// SPDX-License-Identifier: BSD-2-Clause
/*
 * The console's menu: what the VMs do, and commands for them. In systems whose
 * manifest asks for it. It is open while the input's focus is its own; closed, it
 * costs nothing. Called by console.c and input.c, on core 0.
 *
 * Shares of the cores are sampled, so nobody keeps time; exits and interrupts are
 * counted from the event trace, where there is one.
 */
#pragma once

#include <stdint.h>

/* Of a VM, in a second: samples that saw it run, exits by cause, interrupts given. */
enum { MENU_RUNNING, MENU_OTHER, MENU_IRQ, MENU_MMIO, MENU_WFI, MENU_CALL, MENU_GIVEN };
#define MENU_FIGURES (MENU_GIVEN + 1)

void menu_open(void);
void menu_key(char c);

/* Look at the cores: CONSOLE_SAMPLE. */
void menu_sample(void);

/* Adds what the core's event trace has had since the last time, by VM; where there is
 * one (menu_trace.c). */
void menu_count_events(uint32_t core, uint32_t figures[][MENU_FIGURES]);
