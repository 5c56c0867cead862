// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sleep until the IVC device interrupts. Before a guest looks at the device it sets
 * event_has_come to false: what comes after the look then ends its sleep.
 */
#ifndef IVC_EVENT_H
#define IVC_EVENT_H

#include <stdbool.h>

extern volatile bool event_has_come;

/* Handler, interrupt controller and device; interrupts are unmasked. */
void event_init(void);

/* Until one has come. */
void event_sleep(void);

#endif
