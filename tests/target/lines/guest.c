// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes numbered lines, slowly: a character each half millisecond, so that a switch
 * comes in the midst of most of them. With pause=MS it pauses in the midst of each. With
 * flood=N it has written so many lines before, as fast as it can, and then tells how
 * often it has looked at the flags of a full UART.
 */
#include <stdio.h>

#include "guests/lib/console.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/platform.h"
#include "guests/lib/timer.h"

#define CHARACTER_US 500u
#define PAUSE_AT     'm'

#define UART_FR      0x18u
#define UART_FR_TXFF 0x20u

static char line[64];

static void write_line_text(uint32_t number)
{
	snprintf(line, sizeof(line), "line %lu abcdefghijklmnopqrstuvwxyz0123456789 end\r\n",
		 number);
}

static void flood(uint32_t lines)
{
	uint32_t looks = 0;

	for (uint32_t number = 1; number <= lines; number++) {
		write_line_text(number);
		for (const char *c = line; *c != '\0'; c++) {
			while (mmio_read32(PLATFORM_UART + UART_FR) & UART_FR_TXFF)
				looks++;
			console_put(*c);
		}
	}
	printf("looked %lu times\n", looks);
}

int main(void)
{
	uint32_t lines = devicetree_argument("flood", 0);
	uint64_t pause = timer_ticks_from_ms(devicetree_argument("pause", 0));
	uint64_t at;

	if (lines)
		flood(lines);
	at = timer_read_virtual();
	for (uint32_t number = lines + 1;; number++) {
		write_line_text(number);
		for (const char *c = line; *c != '\0'; c++) {
			at += timer_ticks_from_us(CHARACTER_US) + (*c == PAUSE_AT ? pause : 0);
			while (timer_read_virtual() < at)
				;
			console_put(*c);
		}
	}
}
