// SPDX-License-Identifier: BSD-2-Clause
/*
 * See console_rig.h.
 */
#include "tests/host/unit/console_rig.h"

#include <stdio.h>
#include <string.h>

#include "arch/cp15.h"
#include "arch/gic.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/format.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/uart_model.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

#define OWN_IRQ 33u

struct vm vms[CONFIG_VM_COUNT];
struct vcpu vcpus[CONFIG_VM_COUNT];
struct core cores[1];
struct vpl011 rig_uarts[CONFIG_VM_COUNT];
static struct vm_config config_vms_writable[CONFIG_VM_COUNT];
extern const struct vm_config config_vms[CONFIG_VM_COUNT]
	__attribute__((alias("config_vms_writable")));

bool (*const config_show)(const struct vm_config *config) = NULL;

/* No name is the beginning of another one, or of a guest's words. */
static const char *const names[] = { "engine", "cluster", "g" };
static const char *const heads[] = { "engine| ", "cluster| ", "g| ", "bulkhead: " };

uint32_t rig_turns_given;
static uint64_t armed;
static uint32_t timeout_count;
static bool has_lost;         /* a line of our own */
static bool is_console_asked; /* CORE_REQUEST_CONSOLE */
static uint32_t polls;        /* VCPU_REQUEST_POLL: a bit each */
static bool is_line_high[CONFIG_VM_COUNT];
static bool is_flushing;
static bool is_losing;

static const char lost_words[] = "(messages lost here: the UART was too slow) ";

/* ---- The rest of the hypervisor ---------------------------------------------- */

struct gicc *gic_model_gicc(void)
{
	static struct gicc gicc;

	return &gicc;
}

void gic_enable(uint32_t intid)
{
	assert_int_equal(intid, OWN_IRQ);
}

uint64_t timeout_ticks(uint32_t milliseconds)
{
	return (uint64_t)milliseconds * RIG_TICKS_PER_MS;
}

void timeout_program(struct core *core)
{
	armed = core->console_at;
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	assert_int_equal(intid, OWN_IRQ);
	is_line_high[vcpu - vcpus] = is_high;
}

void request_core(struct core *core, uint32_t what)
{
	assert_ptr_equal(core, &cores[0]);
	assert_int_equal(what, CORE_REQUEST_CONSOLE);
	is_console_asked = true;
}

void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	assert_int_equal(what, VCPU_REQUEST_POLL);
	polls |= 1u << (vcpu - vcpus);
}

void sched_slice_over(struct core *core)
{
	assert_ptr_equal(core, &cores[0]);
	rig_turns_given++;
}

/* As the scheduler does, before a guest runs again. */
static void serve(void)
{
	while (is_console_asked || polls) {
		uint32_t told = polls;

		if (is_console_asked) {
			is_console_asked = false;
			console_serve();
			continue;
		}
		polls = 0;
		for (; told; told &= told - 1)
			vpl011_poll(&vms[__builtin_ctz(told)], &rig_uarts[__builtin_ctz(told)]);
	}
}

static void accept_own(const char *line)
{
	for (; *line; line++)
		wire_accept(WIRE_OWN, *line);
}

/* The one place that every message passes: its ring takes it whole or not at all.
 * The target's long is 32 bits, so ours would read too much. */
uint32_t format_text(char *buffer, uint32_t bytes, const char *format, va_list arguments)
{
	uint32_t length = 0;

	(void)bytes;
	for (; *format; format++) {
		if (format[0] != '%')
			length += (uint32_t)sprintf(buffer + length, "%c", *format);
		else if (*++format == 's')
			length += (uint32_t)sprintf(buffer + length, "%s",
						    va_arg(arguments, const char *));
		else if (*format++ == 'l')
			length += (uint32_t)sprintf(buffer + length, "%u",
						    va_arg(arguments, uint32_t));
	}
	unit_log("        prints '%s'", buffer);
	if (CONSOLE_RING_BYTES - wire_pending(WIRE_OWN) <
	    length + 1 + (has_lost ? strlen(lost_words) : 0)) {
		has_lost = true;
		return length;
	}
	accept_own(has_lost ? lost_words : "");
	accept_own(buffer);
	accept_own("\n");
	has_lost = false;
	return length;
}

/* ---- What must hold whenever the hypervisor is left ------------------------------ */

static void check_sending(void)
{
	unit_check(!uart_model_is_stuck(), "it waits for room, and will not be told");
	if (uart_model_wants_room() || armed != TIMEOUT_NEVER)
		return;
	unit_check(wire_pending(keys_focus()) == 0, "the focus has %u characters that are stuck",
		   wire_pending(keys_focus()));
	for (uint32_t i = 0; i < WIRE_SOURCES; i++)
		unit_check(!wire_has_line(i), "%u has a line that is stuck", i);
}

static void check(void)
{
	unit_check(armed == cores[0].console_at, "the timer is armed for something else");
	check_sending();
	if (!is_losing)
		keys_check();
	unit_check(uart_model_wants_keys() || armed != TIMEOUT_NEVER,
		   "keys are waited for by nobody");
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		unit_check(is_line_high[i] == ((rig_uarts[i].registers[RIG_RIS / 4] &
						rig_uarts[i].registers[RIG_IMSC / 4]) != 0),
			   "the line of %u is wrong", i);
}

static void leave(void)
{
	serve();
	check();
}

static void take_interrupt(void)
{
	uint32_t moves = uart_model_moves();

	console_irq(&cores[0], OWN_IRQ);
	leave();
	unit_check(uart_model_moves() != moves || !uart_model_is_pending(), "an interrupt storm");
}

static void take_timeout(void)
{
	timeout_count++;
	console_timeout(&cores[0]);
	timeout_program(&cores[0]);
	leave();
	unit_check(armed > cp15.CNTPCT, "a timeout that stays");
}

/* Everything that is due now. */
static void settle(void)
{
	for (;;) {
		bool is_timeout = armed <= cp15.CNTPCT, is_interrupt = uart_model_is_pending();

		if (is_timeout && (!is_interrupt || unit_once_in(2)))
			take_timeout();
		else if (is_interrupt)
			take_interrupt();
		else
			return;
	}
}

static uint64_t next_event(void)
{
	uint64_t next = uart_model_next();

	return armed < next ? armed : next;
}

void rig_pass(uint64_t ticks)
{
	uint64_t end = cp15.CNTPCT + ticks;

	do {
		uint64_t next = next_event();

		if (next > end)
			next = end;
		if (next > cp15.CNTPCT)
			cp15.CNTPCT = next;
		uart_model_pass();
		settle();
	} while (cp15.CNTPCT < end || next_event() <= end);
}

uint32_t rig_timeouts(void)
{
	return timeout_count;
}

void rig_stall(bool is_stalled)
{
	uart_model_stall(is_stalled);
}

void rig_flush(void)
{
	is_flushing = true;
	uart_model_poll(true);
	console_flush();
	uart_model_poll(false);
	is_flushing = false;
}

bool rig_is_flushing(void)
{
	return is_flushing;
}

void rig_print(const char *words)
{
	console_print("%s", words);
	leave();
}

void rig_type(char c)
{
	uart_model_type(c);
}

void rig_lose(char c)
{
	is_losing = true;
	rig_type(c);
	rig_pass(0);
	keys_forget(keys_focus());
	is_losing = false;
	leave();
}

uint32_t rig_keys_waiting(void)
{
	return uart_model_waiting();
}

/* ---- The guests' UARTs ------------------------------------------------------------ */

static uint32_t access(uint32_t vm, uint32_t offset, bool is_write, uint32_t value)
{
	const struct mmio_region region = { .device = &rig_uarts[vm] };
	enum exit_result result = is_write ? vpl011_write(&vcpus[vm], &region, offset, value)
					   : vpl011_read(&vcpus[vm], &region, offset, &value);

	assert_int_equal(result, EXIT_DONE);
	leave();
	return value;
}

uint32_t rig_get(uint32_t vm, uint32_t offset)
{
	return access(vm, offset, false, 0);
}

void rig_set(uint32_t vm, uint32_t offset, uint32_t value)
{
	access(vm, offset, true, value);
}

bool rig_write(uint32_t vm, char c)
{
	if (rig_get(vm, RIG_FR) & RIG_FR_TXFF)
		return false;
	wire_accept(vm, c);
	rig_set(vm, RIG_DR, c);
	settle();
	return true;
}

int rig_read(uint32_t vm)
{
	uint32_t c;

	if (rig_get(vm, RIG_FR) & RIG_FR_RXFE)
		return -1;
	keys_make_room(vm);
	c = rig_get(vm, RIG_DR);
	keys_read(vm, (char)c);
	settle();
	return (int)c;
}

bool rig_is_line_high(uint32_t vm)
{
	return is_line_high[vm];
}

void rig_reset(uint32_t vm)
{
	is_line_high[vm] = false; /* vgic_reset() */
	keys_forget(vm);
	vpl011_reset(&vms[vm], &rig_uarts[vm]);
	leave();
	settle();
}

void rig_init(uint32_t ticks_per_char)
{
	uart_model_init(ticks_per_char);
	armed = TIMEOUT_NEVER;
	wire_init(heads);
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++) {
		config_vms_writable[i] = (struct vm_config){
			.name = names[i],
			.heads = { heads[i] },
			.vmid = (uint8_t)(i + 1),
			.vcpus = &vcpus[i],
			.vcpu_count = 1,
			.console = &rig_uarts[i],
		};
		vms[i].config = &config_vms[i];
		vcpus[i].vm = &vms[i];
		vcpus[i].core = &cores[0];
		rig_uarts[i].vm = &vms[i];
		rig_uarts[i].intid = OWN_IRQ;
	}
	console_init();
	console_enable();
	for (uint32_t i = 0; i < CONFIG_VM_COUNT; i++)
		rig_reset(i);
}
