// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers of a dual timer, an SP804 (DDI 0271, chapter 3). The including file says
 * where it is: SP804_BASE. Its timers, i, are 0 and 1.
 */
#ifndef GUESTS_LIB_SP804_H
#define GUESTS_LIB_SP804_H

#define SP804_LOAD(i)    (SP804_BASE + 0x20 * (i) + 0x00)
#define SP804_VALUE(i)   (SP804_BASE + 0x20 * (i) + 0x04)
#define SP804_CONTROL(i) (SP804_BASE + 0x20 * (i) + 0x08)
#define SP804_INTCLR(i)  (SP804_BASE + 0x20 * (i) + 0x0c)
#define SP804_RIS(i)     (SP804_BASE + 0x20 * (i) + 0x10)
#define SP804_MIS(i)     (SP804_BASE + 0x20 * (i) + 0x14)
#define SP804_BGLOAD(i)  (SP804_BASE + 0x20 * (i) + 0x18)

/* CONTROL */
#define SP804_ONE_SHOT   0x01u
#define SP804_WIDE       0x02u
#define SP804_INT_ENABLE 0x20u
#define SP804_PERIODIC   0x40u
#define SP804_ENABLE     0x80u

#endif
