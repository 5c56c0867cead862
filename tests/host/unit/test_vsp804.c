// SPDX-License-Identifier: BSD-2-Clause
/*
 * vtimer/vsp804.c against an oracle that counts: a step for each tick of the clock, as
 * the manual describes it (DDI 0271, 2.2). The guest looks at any time, does anything;
 * the interrupt's line must rise at the very count at which the oracle's does.
 */
#include "kernel/request.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"
#include "vtimer/vsp804.h"

#define SEEDS 150u
#define STEPS 150u
#define INTID 34u

enum { LOAD, VALUE, CONTROL, INTCLR, RIS, MIS, BGLOAD };

#define ONE_SHOT   0x01u
#define WIDE       0x02u
#define PRE_16     0x04u
#define PRE_256    0x08u
#define INT_ENABLE 0x20u
#define PERIODIC   0x40u
#define ENABLE     0x80u

static struct vcpu vcpus_[2];
static struct vsp804 device;
static const struct vm_config config = { .vcpus = vcpus_, .vcpu_count = 2 };
static struct vm vm = { .config = &config };

/* ---- The rest of the hypervisor ---------------------------------------------- */

static uint64_t now, alarm_at;
static bool is_line_high, is_poll_asked;

uint64_t vtimer_count(const struct vcpu *vcpu)
{
	(void)vcpu;
	return now;
}

void vtimer_set_device(struct vcpu *vcpu, uint64_t cval)
{
	assert_ptr_equal(vcpu, vcpus_);
	alarm_at = cval;
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	assert_ptr_equal(vcpu, vcpus_);
	assert_int_equal(intid, INTID);
	is_line_high = is_high;
}

void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	assert_ptr_equal(vcpu, vcpus_);
	assert_int_equal(what, VCPU_REQUEST_POLL);
	is_poll_asked = true;
}

/* ---- The oracle -------------------------------------------------------------- */

struct counter {
	uint32_t load, value, control;
	bool ris;
};

static struct counter counters[2];
static uint64_t timclk; /* ticks that it has had */

static uint64_t top(const struct counter *counter)
{
	return counter->control & WIDE ? 0x100000000u : 0x10000u;
}

static uint32_t prescale(const struct counter *counter)
{
	return counter->control & (PRE_256) ? 256 : counter->control & PRE_16 ? 16 : 1;
}

static void step(struct counter *counter)
{
	uint64_t value = counter->value % top(counter);
	uint64_t load = counter->load % top(counter);

	if (!(counter->control & ENABLE))
		return;
	if (!value && counter->control & ONE_SHOT)
		return;
	if (!value)
		value = counter->control & PERIODIC ? load : top(counter);
	if (!value)
		return;
	value--;
	if (!value) {
		counter->ris = true;
		if ((counter->control & (PERIODIC | ONE_SHOT)) == PERIODIC)
			value = load;
	}
	counter->value = (uint32_t)value;
}

static bool oracle_line(void)
{
	return (counters[0].ris && counters[0].control & INT_ENABLE) ||
	       (counters[1].ris && counters[1].control & INT_ENABLE);
}

/* All ticks up to this count of the VM's time. */
static void oracle_go(uint64_t count)
{
	uint64_t until = (uint64_t)((unsigned __int128)count * device.clock_hz / 62500000u);

	while (timclk < until) {
		timclk++;
		for (unsigned i = 0; i < 2; i++)
			if (timclk % prescale(&counters[i]) == 0)
				step(&counters[i]);
	}
}

static void oracle_write(struct counter *counter, uint32_t n, uint32_t value)
{
	switch (n) {
	case LOAD:
		counter->load = counter->value = value;
		if (!(value % top(counter)) && counter->control & ENABLE)
			counter->ris = true;
		break;
	case CONTROL:
		counter->control = value & 0xef;
		break;
	case INTCLR:
		counter->ris = false;
		break;
	case BGLOAD:
		counter->load = value;
		break;
	default:
		break;
	}
}

static uint32_t oracle_read(const struct counter *counter, uint32_t n)
{
	const uint32_t values[] = {
		[LOAD] = counter->load,
		[VALUE] = (uint32_t)(counter->value % top(counter)),
		[CONTROL] = counter->control,
		[RIS] = counter->ris,
		[MIS] = counter->ris && counter->control & INT_ENABLE,
		[BGLOAD] = counter->load,
	};

	return n < sizeof(values) / sizeof(*values) ? values[n] : 0;
}

/* ---- What happens ------------------------------------------------------------ */

/* Time goes on; at each alarm the device is polled, and the line is right all along. */
static void go(uint64_t until)
{
	while (alarm_at <= until) {
		unit_check(alarm_at > now, "an alarm in the past: %llu",
			   (unsigned long long)alarm_at);
		oracle_go(alarm_at - 1);
		unit_check(oracle_line() == is_line_high, "the line rose before its alarm");
		now = alarm_at;
		oracle_go(now);
		vsp804_poll(&vm, &device);
		unit_check(oracle_line() && is_line_high, "an alarm for nothing");
	}
	now = until;
	oracle_go(now);
	unit_check(oracle_line() == is_line_high, "the line is %d", is_line_high);
}

static uint32_t access(bool is_write, uint32_t offset, uint32_t value, uint8_t bytes)
{
	struct mmio mmio = {
		.offset = offset, .value = value, .bytes = bytes, .is_write = is_write
	};
	struct vcpu *vcpu = &vcpus_[unit_below(2)];

	is_poll_asked = false;
	assert_int_equal(vsp804_access(vcpu, &device, &mmio), EXIT_DONE);
	assert_int_equal(is_poll_asked, vcpu != vcpus_); /* timers are their own core's */
	if (is_poll_asked)
		vsp804_poll(&vm, &device);
	return mmio.value;
}

static uint32_t any_value(void)
{
	switch (unit_below(8)) {
	case 0:
		return unit_word();
	case 1:
		return unit_below(3);
	case 2:
		return 0x10000u * unit_below(3) + unit_below(3);
	default:
		return unit_below(2000);
	}
}

static uint32_t any_control(void)
{
	uint32_t control = unit_word() & 0xff;

	if (!unit_once_in(4))
		control &= ~PRE_256;
	return unit_once_in(8) ? control : control | ENABLE;
}

static void do_anything(void)
{
	unsigned i = unit_below(2);
	uint32_t n = unit_below(8);
	uint32_t value = n == CONTROL ? any_control() : any_value();

	if (unit_once_in(2)) {
		unit_log("%llu: timer %u: write %u: 0x%x", (unsigned long long)now, i, n, value);
		access(true, 32 * i + 4 * n, value, 4);
		oracle_write(&counters[i], n, value);
	} else {
		uint32_t expected = oracle_read(&counters[i], n);

		value = access(false, 32 * i + 4 * n, 0, 4);
		unit_check(value == expected, "timer %u: read %u: 0x%x, not 0x%x", i, n, value,
			   expected);
	}
	unit_check(oracle_line() == is_line_high, "the line is %d after it", is_line_high);
}

static void begin(void)
{
	static const uint32_t clocks[] = { 1000000, 24000000, 62500000, 32768, 999983 };

	device = (struct vsp804){
		.vm = &vm,
		.intid = INTID,
		.clock_hz = clocks[unit_below(sizeof(clocks) / sizeof(*clocks))],
	};
	vsp804_reset(&vm, &device);
	vcpus_[1].index = 1;
	now = 0;
	timclk = 0;
	alarm_at = UINT64_MAX;
	is_line_high = false;
	for (unsigned i = 0; i < 2; i++)
		counters[i] = (struct counter){ .value = UINT32_MAX, .control = INT_ENABLE };
}

static void run_anything(void)
{
	begin();
	for (unsigned i = 0; i < STEPS; i++) {
		do_anything();
		if (unit_once_in(2)) {
			uint64_t ticks = unit_once_in(6) ? unit_below(70000) : unit_below(1500);

			go(now + ticks * 62500000u / device.clock_hz + unit_below(100));
		}
	}
}

static void any_use(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_anything);
}

/* Ten years of a timer that nobody looks at: no tick is lost, nothing overflows. */
static void years(void **state)
{
	const uint64_t hour = 62500000ull * 3600;

	(void)state;
	begin();
	device.clock_hz = 1000000;
	access(true, 4 * LOAD, 1000000007, 4);
	access(true, 4 * CONTROL, ENABLE | PERIODIC | WIDE, 4);
	now = hour * 24 * 3650;
	assert_int_equal(access(false, 4 * VALUE, 0, 4),
			 1000000007 - 3600ull * 24 * 3650 * 1000000 % 1000000007);
	assert_int_equal(access(false, 4 * RIS, 0, 4), 1);
	assert_int_equal(alarm_at, UINT64_MAX);
	assert_false(is_line_high);
}

/* What has no counter behind it. */
static void other_registers(void **state)
{
	static const uint8_t id[] = { 0x04, 0x18, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	(void)state;
	begin();
	for (uint32_t i = 0; i < sizeof(id); i++)
		assert_int_equal(access(false, 0xfe0 + 4 * i, 0, 4), id[i]);
	access(true, 0xf04, 2, 4);
	assert_false(is_line_high);
	access(true, 0xf00, 1, 4);
	assert_true(is_line_high);
	assert_int_equal(access(false, 0xf00, 0, 4), 1);
	assert_int_equal(access(false, 0xf04, 0, 4), 0);
	access(true, 0xf00, 0, 4);
	assert_false(is_line_high);
	access(true, 4 * LOAD, 0x12345678, 4);
	assert_int_equal(access(false, 4 * LOAD + 1, 0, 1) & 0xff, 0x56);
	access(true, 4 * LOAD + 1, 0xff, 1); /* no part of a register but the lower */
	assert_int_equal(access(false, 4 * LOAD, 0, 4), 0x12345678);
	vsp804_reset(&vm, &device);
	assert_int_equal(access(false, 4 * CONTROL, 0, 4), INT_ENABLE);
	assert_int_equal(access(false, 4 * LOAD, 0, 4), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_use),
		cmocka_unit_test(years),
		cmocka_unit_test(other_registers),
	};

	return unit_run(argc, argv, tests);
}
