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

void menu_open(void);
void menu_key(char c);

/* Look at the cores: CONSOLE_SAMPLE. */
void menu_sample(void);
