// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes numbered lines, slowly: a character each half millisecond, so that a switch
 * comes in the midst of most of them. With pause=MS it pauses in the midst of each.
 */
#include <stdio.h>

#include "guests/lib/console.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/timer.h"

#define CHARACTER_US 500u
#define PAUSE_AT     'm'

int main(void)
{
	uint64_t pause = timer_ticks_from_ms(devicetree_argument("pause", 0));
	uint64_t at = timer_read_virtual();

	for (uint32_t number = 1;; number++) {
		char line[64];

		snprintf(line, sizeof(line),
			 "line %lu abcdefghijklmnopqrstuvwxyz0123456789 end\r\n", number);
		for (const char *c = line; *c != '\0'; c++) {
			at += timer_ticks_from_us(CHARACTER_US) + (*c == PAUSE_AT ? pause : 0);
			while (timer_read_virtual() < at)
				;
			console_put(*c);
		}
	}
}
