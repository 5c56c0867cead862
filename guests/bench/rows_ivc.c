// SPDX-License-Identifier: BSD-2-Clause
/*
 * Rows of two VMs on one core: three words to the other, who sleeps; taking them; the
 * same there and back; and 4 KiB through a buffer that they share.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "ivc/abi.h"

#define SAMPLES 17u
#define INTID   48u /* config/platforms/ivc.dtsi */

#define BUFFER       ((volatile uint32_t *)0x0a100000u) /* tests/bench/bench-ivc.dts */
#define BUFFER_WORDS 1024u

/* One call with the registers fixed, for the path may depend on them, behind `before`;
 * comes to what `result` holds then. */
#define CALL(before, function, argument, result)                          \
	({                                                                \
		register uint32_t r0 __asm__("r0") = function;            \
		register uint32_t r1 __asm__("r1") = argument;            \
		register uint32_t r2 __asm__("r2") = 1;                   \
		register uint32_t r3 __asm__("r3") = 2;                   \
		register uint32_t r4 __asm__("r4") = 3;                   \
                                                                          \
		before;                                                   \
		__asm__ volatile(".arch_extension virt\n\thvc #0"         \
				 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) \
				 : "r"(r4)                                \
				 : "memory");                             \
		result;                                                   \
	})

static void prepare(void)
{
	uint32_t config = board.gicd + GICD_ICFGR + INTID / 16 * 4;

	mmio_write32(config, mmio_read32(config) | 2u << INTID % 16 * 2);
	mmio_write32(board.gicd + GICD_ISENABLER + INTID / 32 * 4, 1u << INTID % 32);
	CALL(, IVC_OPEN, 1, r0);
	while (!CALL(, IVC_EVENTS, 1, r0))
		;
	CALL(, IVC_EVENTS, 1, r0); /* r2 = 1: it clears the changes, too */
}

static void wait_interrupt(void)
{
	cpu_wait_for_interrupt();
	cpu_enable_interrupts();
	cpu_instruction_barrier();
	cpu_disable_interrupts();
}

/* What IVC_EVENTS says of the peer: there is a message, or its doorbell (then cleared). */
static void wait_message(void)
{
	while (!CALL(, IVC_EVENTS, 0, r1))
		wait_interrupt();
}

static void wait_bell(void)
{
	while (!CALL(, IVC_EVENTS, 1, r2))
		wait_interrupt();
}

static uint32_t fill(uint32_t seed)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < BUFFER_WORDS; i++)
		sum += BUFFER[i] = seed + i;
	return sum;
}

static uint32_t read_sum(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < BUFFER_WORDS; i++)
		sum += BUFFER[i];
	return sum;
}

static void send_ping_pong(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++) {
		CALL(MARK_BEGIN(ROW_IVC_PING_PONG), IVC_SEND, 0, r0);
		wait_message();
		board_end_sample(CALL(, IVC_RECEIVE, 0, r0) == 0);
	}
}

/* The other one answers with the sum. */
static void send_buffer(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++) {
		uint32_t sum = fill(i);

		CALL(MARK_BEGIN(ROW_IVC_BUFFER), IVC_RING, 1, r0);
		wait_bell();
		board_end_sample(BUFFER[0] == sum);
	}
}

void rows_ivc_send(void)
{
	prepare();
	for (uint32_t i = 0; i < SAMPLES; i++) {
		uint32_t result = CALL(MARK_BEGIN(ROW_IVC_SEND), IVC_SEND, 0, r0);

		board_end_sample(result == IVC_SUCCESS);
		wait_bell(); /* it has been taken */
	}
	send_ping_pong();
	send_buffer();
}

static void receive_ping_pong(void)
{
	for (uint32_t i = 0; i < SAMPLES; i++) {
		wait_message();
		CALL(, IVC_RECEIVE, 0, r0);
		CALL(, IVC_SEND, 0, r0);
	}
}

void rows_ivc_receive(void)
{
	prepare();
	for (uint32_t i = 0; i < SAMPLES; i++) {
		uint32_t result;

		wait_message();
		result = CALL(MARK_BEGIN(ROW_IVC_RECEIVE), IVC_RECEIVE, 0, r0);
		board_end_sample(result == 0);
		CALL(, IVC_RING, 1, r0);
	}
	receive_ping_pong();
	for (;;) {
		wait_bell();
		BUFFER[0] = read_sum();
		CALL(, IVC_RING, 1, r0);
	}
}
