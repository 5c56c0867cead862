// SPDX-License-Identifier: BSD-2-Clause
/*
 * See uart_model.h.
 */
#include "tests/host/unit/uart_model.h"

#include <string.h>

#include "arch/cp15.h"
#include "arch/uart.h"
#include "kernel/timeout.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

#define TX_DEPTH    16u
#define TX_TRIGGER  8u
#define RX_DEPTH    32u
#define QUEUE_BYTES 65536u

static struct {
	uint32_t ticks_per_char;
	uint32_t tx_count;
	uint64_t sent_at; /* the first of them is gone then */
	bool is_raised;   /* the transmit interrupt: set as the FIFO gets half empty */
	bool is_stalled, is_polled;
	char rx[RX_DEPTH];
	uint32_t rx_count;
	bool wants_room, wants_keys; /* the masks */
	uint32_t moves;
} board;

static char queue[QUEUE_BYTES]; /* keys on their way */
static uint32_t queue_head, queue_tail;

void uart_model_init(uint32_t ticks_per_char)
{
	memset(&board, 0, sizeof(board));
	board.ticks_per_char = ticks_per_char;
	queue_head = queue_tail = 0;
}

void uart_model_stall(bool is_stalled)
{
	board.is_stalled = is_stalled;
}

void uart_model_poll(bool is_polled)
{
	board.is_polled = is_polled;
}

static void send_first(void)
{
	if (board.tx_count-- == TX_TRIGGER + 1)
		board.is_raised = true;
	board.sent_at = cp15.CNTPCT + board.ticks_per_char;
}

static void receive(void)
{
	while (queue_tail != queue_head && board.rx_count < RX_DEPTH)
		board.rx[board.rx_count++] = queue[queue_tail++ % QUEUE_BYTES];
}

uint64_t uart_model_next(void)
{
	return board.tx_count && !board.is_stalled ? board.sent_at : TIMEOUT_NEVER;
}

void uart_model_pass(void)
{
	if (uart_model_next() <= cp15.CNTPCT)
		send_first();
	receive();
}

bool uart_model_is_pending(void)
{
	return (board.wants_room && board.is_raised) || (board.wants_keys && board.rx_count != 0);
}

bool uart_model_is_stuck(void)
{
	return board.wants_room && !board.is_raised && board.tx_count <= TX_TRIGGER;
}

bool uart_model_wants_room(void)
{
	return board.wants_room;
}

bool uart_model_wants_keys(void)
{
	return board.wants_keys;
}

uint32_t uart_model_moves(void)
{
	return board.moves;
}

void uart_model_type(char c)
{
	unit_check(queue_head - queue_tail < QUEUE_BYTES, "the test types too much");
	queue[queue_head++ % QUEUE_BYTES] = c;
	receive();
}

uint32_t uart_model_waiting(void)
{
	return queue_head - queue_tail + board.rx_count;
}

/* ---- What the hypervisor sees (arch/uart.h) -------------------------------------- */

void uart_init(void)
{
	uart_set_interrupts(false, true);
}

bool uart_is_full(void)
{
	if (board.is_polled && board.tx_count == TX_DEPTH && unit_once_in(3))
		send_first();
	return board.tx_count == TX_DEPTH;
}

void uart_put(char c)
{
	unit_check(board.tx_count < TX_DEPTH, "0x%02x is written to a full UART", c & 0xff);
	board.moves++;
	wire_put(c);
	if (board.tx_count == 0)
		board.sent_at = cp15.CNTPCT + board.ticks_per_char;
	board.tx_count++;
	if (board.tx_count > TX_TRIGGER)
		board.is_raised = false;
	if (board.ticks_per_char == 0 && !board.is_stalled) {
		board.tx_count = 0;
		board.is_raised = true;
	}
}

int uart_get(void)
{
	char c;

	if (board.rx_count == 0)
		return -1;
	board.moves++;
	c = board.rx[0];
	memmove(board.rx, board.rx + 1, --board.rx_count);
	receive();
	keys_taken(c);
	return (int)c;
}

void uart_set_interrupts(bool on_room, bool on_receive)
{
	board.wants_room = on_room;
	board.wants_keys = on_receive;
}
