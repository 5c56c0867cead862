// SPDX-License-Identifier: BSD-2-Clause
/*
 * PrimeCell Real Time Clock (PL031): its registers, by word (DDI 0224, table 3-1), and
 * the board's own: wall-clock time in seconds, and one alarm. Used by
 * kernel/vdev/vpl031.c alone, which shares it out.
 */
#pragma once

#include <stdint.h>

#include "generated/board.h"

enum { RTCDR, RTCMR, RTCLR, RTCCR, RTCIMSC, RTCRIS, RTCMIS, RTCICR, RTCPeriphID0 = 0xfe0 / 4 };

#define RTC_INT_MATCH  1u
#define RTC_CR_STARTED 1u

#define RTC ((volatile uint32_t *)BOARD_RTC)
