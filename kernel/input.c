// SPDX-License-Identifier: BSD-2-Clause
/*
 * See input.h.
 */
#include "kernel/input.h"

#include "arch/uart.h"
#include "kernel/console.h"
#include "kernel/menu.h"
#include "kernel/request.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "kernel/vdev/vpl011.h"

/* Characters taken at one entry. */
#define BATCH 8u

/* A guest that lets its full ring lie for so long is deaf: what is typed is lost
 * then, as on a wire, or it would keep the escape key from us. */
#define PATIENCE_MS 500u

#define MENU CONFIG_VM_COUNT
#define ESC  0x1b

static atomic_uint focus;
static uint32_t last_vm; /* in focus before the menu was */
static bool is_deaf;
static bool is_escaped; /* the escape key was the last one */
static uint64_t answer_until;
static char sequence; /* the last character of an escape sequence that is coming in */

uint32_t input_focus(void)
{
	return atomic_load_explicit(&focus, RING_ORDER);
}

void input_ask(void)
{
	answer_until = read_CNTPCT() + read_CNTFRQ();
}

/* Of the VM in focus; NULL: the menu, or it has no UART. */
static struct vpl011 *focus_uart(void)
{
	return input_focus() == MENU ? NULL : config_vms[input_focus()].console;
}

static bool has_room(void)
{
	return !focus_uart() || ring_count(&focus_uart()->input) < RING_BYTES;
}

bool input_wants_more(void)
{
	uint64_t *deaf_at = &console_alarms[CONSOLE_DEAF];

	if (has_room()) {
		is_deaf = false;
		*deaf_at = TIMEOUT_NEVER;
		return true;
	}
	if (!is_deaf && *deaf_at == TIMEOUT_NEVER)
		*deaf_at = read_CNTPCT() + timeout_ticks(PATIENCE_MS);
	return is_deaf;
}

void input_timeout(void)
{
	is_deaf = !has_room();
}

static void help(void)
{
	console_print("Ctrl-] and a digit: input to VM 1 .. %lu; twice: send it; h: help%s",
		      (uint32_t)CONFIG_VM_COUNT, CONFIG_MENU ? "; m: menu" : "");
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		console_print("  %lu %s%s", i + 1, config_vms[i].name,
			      i == input_focus() ? " (has the input)" : "");
	if (config_show)
		console_print("  d: the display to who has the input");
}

void input_set_focus(uint32_t vm)
{
	if (input_focus() != MENU)
		last_vm = input_focus();
	if (vm > MENU)
		vm = last_vm;
	atomic_store_explicit(&focus, vm, RING_ORDER);
	is_deaf = false;
	console_alarms[CONSOLE_DEAF] = TIMEOUT_NEVER;
	if (vm != MENU)
		console_print("input goes to %s", config_vms[vm].name);
}

static void send(char c)
{
	if (!focus_uart() || !has_room())
		return;
	ring_put(&focus_uart()->input, c);
	request_vcpu(&config_vms[input_focus()].vcpus[0], VCPU_REQUEST_POLL);
}

static void command(char c)
{
	uint32_t vm = (uint32_t)(c - '1');

	if (c == INPUT_ESCAPE)
		send(c);
	else if (vm < CONFIG_VM_COUNT)
		input_set_focus(vm);
	else if (vm < 9)
		console_print("there is no VM %lu: Ctrl-] h lists them", vm + 1);
	else if (CONFIG_MENU && c == 'm')
		menu_open();
	else if (config_show && c == 'd' && input_focus() != MENU)
		console_print("%s: has %s display", config_vms[input_focus()].name,
			      config_show(&config_vms[input_focus()]) ? "the" : "no");
	else
		help();
}

/* The terminal's answers (ECMA-48, 8.3.14), and in the menu the keys that send a
 * sequence, are no characters. */
static bool is_of_sequence(char c)
{
	bool is_begun = sequence != 0;

	if (!is_begun && (c != ESC || (input_focus() != MENU && read_CNTPCT() >= answer_until)))
		return false;
	if (sequence == '[' && c == 'R')
		console_has_colours = true;
	if (c == '[' || (sequence == '[' && c < '@'))
		sequence = '[';
	else
		sequence = is_begun ? 0 : c;
	return true;
}

/* True if it was a command. */
static bool accept(char c)
{
	bool was_escaped = is_escaped;

	if (is_of_sequence(c))
		return false;
	is_escaped = c == INPUT_ESCAPE && !was_escaped;
	if (was_escaped)
		command(c);
	else if (!is_escaped && CONFIG_MENU && input_focus() == MENU)
		menu_key(c);
	else if (!is_escaped)
		send(c);
	return was_escaped || input_focus() == MENU;
}

/* A command prints: it is the last of its batch. */
RARELY_RUN bool input_drain(void)
{
	for (uint32_t n = 0; n < BATCH; n++) {
		int c = input_wants_more() ? uart_get() : -1;

		if (c < 0)
			return false;
		if (accept((char)c)) {
			console_hurry();
			break;
		}
	}
	return true;
}
