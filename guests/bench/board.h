// SPDX-License-Identifier: BSD-2-Clause
/*
 * The devices that the bench guest uses, where its device tree says they are, and
 * the few operations that its rows share. Filled by bench.c.
 */
#ifndef GUESTS_BENCH_BOARD_H
#define GUESTS_BENCH_BOARD_H

#include <stdbool.h>
#include <stdint.h>

struct board {
	uint32_t gicd;
	uint32_t gicc;
	uint32_t uart;
	uint32_t rtc; /* 0: none */
	uint32_t rtc_intid;
	uint32_t timer_intid;
	uint32_t hole; /* an address where there is nothing */
};

extern struct board board;

/* Exceptions so far: stepped over, and taken. */
extern volatile uint32_t bench_faults;
extern volatile uint32_t bench_interrupts;

/* Ends a sample, as it should be or not. */
void board_end_sample(bool is_right);

/* The virtual timer: so many ticks from now. */
void board_start_timer(uint32_t ticks);

/* Lets an interrupt in. */
void board_enable(uint32_t intid);

/* Makes an SGI pending that stays so while interrupts are masked: its list register
 * is in use from now on. */
void board_hold_interrupt(void);

/* Gives each register of a VM's a value of this seed's, as far as the code can bear,
 * and runs for so many turns of a loop of two instructions. Never comes back. */
void fill_and_run(uint32_t seed, uint32_t turns) __attribute__((noreturn));
/* The same, and comes back at once, with its own SP and VBAR: for a VM that goes on. */
void fill_and_return(uint32_t seed);

/* The rows of one VM alone, and of one that shares its core (rows_*.c). */
void rows_traps(void);
void rows_interrupts(void);
void rows_native(void);
void rows_yield(void);
void rows_clock(void);
void rows_worst(void);
void rows_ipi(void);

/* Of two VMs that talk to each other. The receiver does not come back. */
void rows_ivc_send(void);
void rows_ivc_receive(void);

#endif
