// SPDX-License-Identifier: BSD-2-Clause
/*
 * See input.h.
 */
#include "kernel/input.h"

#include "arch/cp15.h"
#include "arch/uart.h"
#include "generated/board.h"
#include "kernel/console.h"
#include "kernel/timeout.h"
#include "kernel/vdev/vpl011.h"

/* Characters taken at one interrupt; the rest gives another one. */
#define BATCH 64u

/* A guest that lets its full UART lie for so long is deaf: what is typed is lost
 * then, as on a wire, or it would keep the escape key from us. */
#define PATIENCE_MS 500u

static uint32_t focus;
static bool is_deaf;
static uint64_t deadline = TIMEOUT_NEVER; /* when it will be, if it is full */
static bool is_escaped;                   /* the escape key was the last one */

uint32_t input_focus(void)
{
	return focus;
}

static struct vpl011 *focus_uart(void)
{
	return config_vms[focus].console;
}

static bool has_room(void)
{
	return !focus_uart() || vpl011_room(focus_uart()) > 0;
}

bool input_wants_more(void)
{
	if (is_deaf || has_room())
		return true;
	if (deadline == TIMEOUT_NEVER)
		deadline = read_CNTPCT() + timeout_ticks(PATIENCE_MS);
	return false;
}

uint64_t input_deadline(void)
{
	return deadline;
}

void input_timeout(void)
{
	deadline = TIMEOUT_NEVER;
	is_deaf = !has_room();
	input_drain();
}

static void help(void)
{
	console_print("Ctrl-] and a digit: input to VM 1 .. %lu; twice: send it; h: help",
		      (uint32_t)CONFIG_VM_COUNT);
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		console_print("  %lu %s%s", i + 1, config_vms[i].name,
			      i == focus ? " (has the input)" : "");
}

/* The guest reads, or it is another one. */
static void start_listening(void)
{
	is_deaf = false;
	deadline = TIMEOUT_NEVER;
}

static void set_focus(uint32_t vm)
{
	if (vm >= CONFIG_VM_COUNT) {
		console_print("there is no VM %lu: Ctrl-] h lists them", vm + 1);
		return;
	}
	focus = vm;
	start_listening();
	console_print("input goes to %s", config_vms[vm].name);
}

static void send(char c)
{
	if (focus_uart())
		vpl011_receive(focus_uart(), c);
}

static void command(char c)
{
	if (c == INPUT_ESCAPE)
		send(c);
	else if (c >= '1' && c <= '9')
		set_focus((uint32_t)(c - '1'));
	else
		help();
}

static void accept(char c)
{
	if (is_escaped) {
		is_escaped = false;
		command(c);
	} else if (c == INPUT_ESCAPE) {
		is_escaped = true;
	} else {
		send(c);
	}
}

RARELY_RUN void input_drain(void)
{
	for (uint32_t n = 0; n < BATCH && input_wants_more(); n++) {
		int c = uart_get();

		if (c < 0)
			return;
		accept((char)c);
	}
}

void input_resume(void)
{
	start_listening();
	input_drain();
}
