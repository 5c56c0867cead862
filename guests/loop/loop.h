// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the control VM shares with others: little-endian words, whole at any moment by
 * two counts. A writer counts up `end`, writes the rest, and makes `begin` the same; who
 * reads from begin to end and finds both the same has read what belongs together.
 */
#ifndef GUESTS_LOOP_LOOP_H
#define GUESTS_LOOP_LOOP_H

#include <stdint.h>

/* In the buffer "loop", which only the control VM writes. */
struct loop_data {
	uint32_t begin;
	uint32_t cycles;    /* of the loop, since it began */
	int32_t setpoint;   /* in thousandths, as all that follow but times */
	int32_t value;      /* measured */
	int32_t output;     /* of the controller */
	uint32_t latest_us; /* how late the latest cycle of the last second began */
	uint32_t missed;    /* cycles that began later than their period */
	uint32_t end;
};

/* In the buffer "request", which others write: one word, so never in pieces. */
struct loop_request {
	int32_t setpoint; /* in thousandths; 0 at first */
};

#endif
