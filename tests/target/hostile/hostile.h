// SPDX-License-Identifier: BSD-2-Clause
/*
 * The hostile guest's parts: its dice, the operations it plays, and the way back to
 * a machine in which it can go on.
 */
#ifndef TESTS_HOSTILE_HOSTILE_H
#define TESTS_HOSTILE_HOSTILE_H

#include <stdint.h>

/* The dice: the same seed, the same game. */
void dice_seed(uint32_t seed);
uint32_t dice(void);
uint32_t dice_below(uint32_t limit);

/* An address that is not RAM: mostly of a device. */
uint32_t dice_address(void);
extern uint32_t dice_high; /* these bits are set in each address */

/* What came of a play, by the exception's vector; for the report. */
extern uint32_t outcomes[8];

/* Runs one A32 or Thumb instruction (as decode.h has it: the first halfword on top)
 * in a random mode, with registers that are addresses or small numbers. */
void play_instruction(uint32_t encoding, uint32_t is_thumb, uint32_t mode);
uint32_t play_mode(void);

/* The operations, one of each. */
void play_load_store(void);
void play_coprocessor(void);
void play_call(void);
void play_state(void);
void play_walk(void);
void play_sleep(void);

/* System registers and timers as they were; what is pending is ended. */
void play_restore(void);
void play_init(void);

#endif
