// SPDX-License-Identifier: BSD-2-Clause
/*
 * See menu.h. All it shows are lines of our own, so they go between those of the VMs
 * on any terminal. One that has answered gets a fresh view each second, in the place
 * of the last if nobody has spoken since.
 */
#include "kernel/menu.h"

#include <string.h>

#include "kernel/console.h"
#include "kernel/input.h"
#include "kernel/request.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"

/* No divisor of Linux's tick, or it would always be seen at the same work. */
#define SAMPLE_MS 3u
#define SAMPLES   333u /* a view, each second */

#define ROWS ((uint32_t)CONFIG_VM_COUNT + 2)

static uint32_t counting[CONFIG_VM_COUNT][MENU_FIGURES];
static uint32_t shown[CONFIG_VM_COUNT][MENU_FIGURES];
static uint32_t samples;
static uint32_t chosen;
static uint32_t lines_then; /* console_lines when the view was complete */

static const char *state_of(const struct vm *vm)
{
	/* By enum vcpu_state; and who has the core. */
	static const char *const words[] = { "off",     "idle",  "idle",   "halted",
					     "loading", "ready", "running" };
	uint32_t rank = VCPU_OFF;

	for (uint32_t i = 0; i < vm->config->vcpu_count; i++) {
		const struct vcpu *vcpu = &vm->config->vcpus[i];
		uint32_t own = vcpu->core->current == vcpu ? VCPU_READY + 1 : vcpu->state;

		rank = own > rank ? own : rank;
	}
	return rank == VCPU_OFF && vm->next == VM_NEXT_HALT ? "dead" : words[rank];
}

/* The rates only where they are known. */
#define RATES (CONFIG_TRACE_EVENTS ? "  irq mmio  wfi call rest  got" : "")
#define ROW   "%c%lu %-12s %-7s%4lu%%%5lu%5lu"

static void print_row(uint32_t i)
{
	const uint32_t *f = shown[i];
	const char *name = config_vms[i].name, *state = state_of(&vms[i]);
	uint32_t share = f[MENU_RUNNING] * 100 / SAMPLES;
	char mark = i == chosen ? '>' : ' ';

	if (CONFIG_TRACE_EVENTS)
		console_print(ROW "%5lu%5lu%5lu%5lu%5lu%5lu", mark, i + 1, name, state, share,
			      vms[i].restarts, vms[i].faults, f[MENU_IRQ], f[MENU_MMIO],
			      f[MENU_WFI], f[MENU_CALL], f[MENU_OTHER], f[MENU_GIVEN]);
	else
		console_print(ROW, mark, i + 1, name, state, share, vms[i].restarts, vms[i].faults);
}

static void draw(void)
{
	static const char heading[] = "   VM           state    CPU  new flts";

	if (console_has_colours && console_lines == lines_then)
		console_print("\r\033[K\033[%luA\033[1mbulkhead:\033[m %s%s", ROWS, heading, RATES);
	else
		console_print("%s%s", heading, RATES);
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		print_row(i);
	console_print("digit: choose; f: focus, h: halt, c: continue, r: restart, ?: more%s",
		      console_has_colours ? "" : CONSOLE_ASK);
	lines_then = console_lines + ROWS;
}

void menu_sample(void)
{
	if (input_focus() != CONFIG_VM_COUNT)
		return; /* it has been left: not again */
	console_alarms[CONSOLE_SAMPLE] = read_CNTPCT() + timeout_ticks(SAMPLE_MS);
	for (uint32_t i = 0; i < CONFIG_CORE_COUNT; i++) {
		const struct vcpu *vcpu = cores[i].current;

		if (vcpu)
			counting[vcpu->vm - vms][MENU_RUNNING]++;
		if (CONFIG_TRACE_EVENTS)
			menu_count_events(i, counting);
	}
	if (++samples < SAMPLES)
		return;
	memcpy(shown, counting, sizeof(shown));
	memset(counting, 0, sizeof(counting));
	samples = 0;
	if (console_has_colours)
		draw();
}

void menu_open(void)
{
	input_set_focus(CONFIG_VM_COUNT);
	menu_sample();
	memset(counting, 0, sizeof(counting));
	samples = 0;
	/* Have the cores trap WFI, or who is alone on one would never seem idle. */
	for (uint32_t i = 0; i < CONFIG_CORE_COUNT; i++)
		request_core(&cores[i], CORE_REQUEST_VCPUS);
	draw();
}

static void help(void)
{
	console_print("a digit: choose a VM; space: show the menu afresh; then\n"
		      "  f: give it the input         q: leave, input as it was\n"
		      "  h: halt it                   c: let it continue");
	console_print("  r: restart it                o: switch it off\n"
		      "  l: show its last fault       d: give it the display\n"
		      "new: restarts, flts: faults, irq .. rest: exits/s, got: interrupts/s");
}

/* A command on a VM; returns the answer, or NULL. */
static const char *command(char c, struct vm *vm)
{
	switch (c) {
	case 'h':
		vm_pause(vm, true);
		return "halts";
	case 'c':
		return vm_pause(vm, false) ? "goes on" : "is not halted";
	case 'r':
		vm_stop(vm, VM_NEXT_LOAD);
		return "restarts";
	case 'o':
		vm_stop(vm, VM_NEXT_OFF);
		return vm->is_off ? "is off" : NULL;
	case 'l':
		if (!CONFIG_FAULT_REPORT || !vm->faults)
			return "no fault so far";
		report_print(vm, "last fault", true);
		return NULL;
	case 'd':
		return config_show && config_show(vm->config) ? "has the display"
							      : "has no display";
	default:
		return NULL;
	}
}

void menu_key(char c)
{
	const char *answer = command(c, &vms[chosen]);
	uint32_t vm = (uint32_t)(c - '1');

	if (answer)
		console_print("%s: %s", config_vms[chosen].name, answer);
	if (c == '?')
		help();
	if (c == 'f' || c == 'q')
		input_set_focus(c == 'f' ? chosen : UINT32_MAX);
	if (vm < CONFIG_VM_COUNT)
		chosen = vm;
	if (vm < CONFIG_VM_COUNT || c == ' ')
		draw();
}
