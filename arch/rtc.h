// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's PL031 (PrimeCell Real Time Clock, DDI 0224): wall-clock time in
 * seconds, and one alarm. Used by kernel/vdev/vpl031.c alone, which shares it out.
 */
#pragma once

#include "kernel/types.h"

/* Start it if nobody has; its interrupt is on from here, if the GIC lets it. */
void rtc_init(void);

/* Seconds since whatever the board counts from, modulo 2^32. */
uint32_t rtc_read(void);

/* Interrupt when the clock shows this; at once if it does now. One at a time. */
void rtc_set_alarm(uint32_t seconds);
void rtc_clear_interrupt(void);
