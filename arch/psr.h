// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program status registers (ARM ARM DDI 0406C, B1.3.3). Plain numbers:
 * assembly includes this file too.
 */
#pragma once

#define PSR_MODE_MASK 0x1f
#define PSR_MODE_USR  0x10
#define PSR_MODE_FIQ  0x11
#define PSR_MODE_IRQ  0x12
#define PSR_MODE_SVC  0x13
#define PSR_MODE_MON  0x16
#define PSR_MODE_ABT  0x17
#define PSR_MODE_HYP  0x1a
#define PSR_MODE_UND  0x1b
#define PSR_MODE_SYS  0x1f

#define PSR_T 0x00000020 /* Thumb */
#define PSR_F 0x00000040 /* FIQ masked */
#define PSR_I 0x00000080 /* IRQ masked */
#define PSR_A 0x00000100 /* asynchronous abort masked */
#define PSR_E 0x00000200 /* big-endian data */
#define PSR_J 0x01000000 /* with T: ThumbEE */

/* ITSTATE[7:2] and ITSTATE[1:0] */
#define PSR_IT_HIGH_SHIFT 10
#define PSR_IT_HIGH_MASK  0x0000fc00
#define PSR_IT_LOW_SHIFT  25
#define PSR_IT_LOW_MASK   0x06000000
#define PSR_IT_MASK       (PSR_IT_HIGH_MASK | PSR_IT_LOW_MASK)
