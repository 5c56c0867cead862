// SPDX-License-Identifier: BSD-2-Clause
/*
 * What time it is for a guest, and when its timers go off, whatever the scheduler
 * does meanwhile: vtimer/ and kernel/timeout.c against the guest's own clock
 * (vtimer_rig.c). Nothing may come late, or early, or for nothing.
 */
#include "arch/cp15.h"
#include "arch/hsr.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/vtimer_rig.h"

#define SEEDS 300u
#define STEPS 600u

/* ---- What guests and the scheduler do --------------------------------------------- */

/* Near, now, past, far, and never. */
static uint64_t any_cval(uint64_t clock)
{
	static const uint64_t far[] = { 0, UINT64_MAX, UINT64_MAX - 1, UINT64_MAX / 2,
					(uint64_t)1 << 63 };

	switch (unit_below(6)) {
	case 0:
		return far[unit_below(ARRAY_SIZE(far))];
	case 1:
		return UINT64_MAX - unit_word();
	case 2:
		return clock - unit_below(1000);
	default:
		return clock + unit_below(5000);
	}
}

static uint32_t any_ctl(void)
{
	return unit_once_in(4) ? unit_below(4) : TIMER_CTL_ENABLE;
}

#define ALWAYS (HSR_CV | HSR_COND_ALWAYS << HSR_COND_SHIFT)

static uint64_t trap_64(struct vcpu *vcpu, uint32_t which, bool is_read, uint64_t value)
{
	uint32_t hsr = ALWAYS | which | 3u << HSR_CP_RT_SHIFT | 5u << HSR_CP_RT2_SHIFT |
		       (is_read ? HSR_CP_IS_READ : 0);

	vcpu->frame.r[3] = (uint32_t)value;
	vcpu->frame.r[5] = (uint32_t)(value >> 32);
	unit_check(trap_coprocessor(vcpu, hsr) == EXIT_DONE, "access to 0x%x", hsr);
	return (uint64_t)vcpu->frame.r[5] << 32 | vcpu->frame.r[3];
}

static uint32_t trap_32(struct vcpu *vcpu, uint32_t which, bool is_read, uint32_t value)
{
	uint32_t hsr = ALWAYS | which | 4u << HSR_CP_RT_SHIFT | (is_read ? HSR_CP_IS_READ : 0);

	vcpu->frame.r[4] = value;
	unit_check(trap_coprocessor(vcpu, hsr) == EXIT_DONE, "access to 0x%x", hsr);
	return vcpu->frame.r[4];
}

#define TRAP_CNTPCT    HSR_CP64(0, 14)
#define TRAP_CNTP_CVAL HSR_CP64(2, 14)
#define TRAP_CNTP_TVAL HSR_CP32(0, 14, 2, 0)
#define TRAP_CNTP_CTL  HSR_CP32(0, 14, 2, 1)

static void read_all(struct vcpu *vcpu, const struct rig_guest *guest)
{
	bool is_met =
		(guest->physical_ctl & TIMER_CTL_ENABLE) && guest->clock >= guest->physical_cval;

	unit_check(trap_64(vcpu, TRAP_CNTPCT, true, 0) == guest->clock, "CNTPCT is another time");
	unit_check(trap_64(vcpu, TRAP_CNTP_CVAL, true, 0) == guest->physical_cval, "CNTP_CVAL");
	unit_check(trap_32(vcpu, TRAP_CNTP_TVAL, true, 0) ==
			   (uint32_t)(guest->physical_cval - guest->clock),
		   "CNTP_TVAL");
	unit_check(trap_32(vcpu, TRAP_CNTP_CTL, true, 0) ==
			   (guest->physical_ctl | (is_met ? TIMER_CTL_ISTATUS : 0)),
		   "CNTP_CTL is 0x%x", trap_32(vcpu, TRAP_CNTP_CTL, true, 0));
}

static void write_physical(struct vcpu *vcpu, struct rig_guest *guest)
{
	uint32_t tval = unit_once_in(2) ? unit_word() : unit_below(2000) - 500;

	switch (unit_below(3)) {
	case 0:
		guest->physical_cval = any_cval(guest->clock);
		trap_64(vcpu, TRAP_CNTP_CVAL, false, guest->physical_cval);
		break;
	case 1:
		guest->physical_cval = guest->clock + (uint64_t)(int64_t)(int32_t)tval;
		trap_32(vcpu, TRAP_CNTP_TVAL, false, tval);
		break;
	default:
		guest->physical_ctl = any_ctl();
		trap_32(vcpu, TRAP_CNTP_CTL, false, guest->physical_ctl | (unit_word() & ~3u));
	}
}

static void write_virtual(struct rig_guest *guest)
{
	guest->cval = cp15.CNTV_CVAL = any_cval(guest->clock);
	guest->ctl = cp15.CNTV_CTL = any_ctl();
}

static void step_guest(struct vcpu *vcpu)
{
	struct rig_guest *guest = rig_guest_of(vcpu);

	if (unit_once_in(100)) { /* PSCI CPU_OFF */
		vcpu->state = VCPU_OFF;
		rig_load(NULL);
		return;
	}
	switch (unit_below(5)) {
	case 0:
		read_all(vcpu, guest);
		break;
	case 1:
		write_physical(vcpu, guest);
		break;
	case 2:
		write_virtual(guest);
		break;
	default: /* WFI, unless something is pending; the core may go to another one */
		if (guest->is_line_high)
			break;
		vcpu->state = VCPU_IDLE;
		if (unit_once_in(2))
			rig_load(unit_once_in(2) ? NULL : &vcpus[unit_below(RIG_VMS)]);
		timeout_program(rig_core);
	}
}

/* A device of any VM is to be polled: also of one that waits, or sleeps. */
static void set_device(void)
{
	struct vcpu *vcpu = &vcpus[unit_below(RIG_VMS)];
	struct rig_guest *guest = rig_guest_of(vcpu);

	if (vcpu->state == VCPU_OFF)
		return;
	guest->device_cval = any_cval(guest->clock);
	vtimer_set_device(vcpu, guest->device_cval);
}

static void step(void)
{
	switch (unit_below(9)) {
	case 8:
		set_device();
		return;
	case 0:
		rig_load(unit_once_in(5) ? NULL : &vcpus[unit_below(RIG_VMS)]);
		break;
	case 1:
		sched_wake(&vcpus[unit_below(RIG_VMS)]);
		break;
	case 2:
		rig_core->console_at = cp15.CNTPCT + 1 + unit_below(3000);
		rig_core->alarm_at = TIMEOUT_UNKNOWN;
		break;
	case 3:
		rig_core->slice_end =
			unit_once_in(3) ? TIMEOUT_NEVER : cp15.CNTPCT + 1 + unit_below(3000);
		break;
	default:
		if (rig_core->loaded && rig_core->loaded->state == VCPU_READY)
			step_guest(rig_core->loaded);
		return;
	}
	timeout_program(rig_core);
}

static void run_sequence(void)
{
	rig_init();
	for (uint32_t n = 0; n < STEPS; n++) {
		unit_log("%lu: loaded %d, states %d %d %d", (unsigned long)cp15.CNTPCT,
			 rig_core->loaded ? (int)(rig_core->loaded - vcpus) : -1,
			 (int)vcpus[0].state, (int)vcpus[1].state, (int)vcpus[2].state);
		step();
		rig_settle();
		rig_pass(unit_once_in(3) ? 0 : unit_below(unit_once_in(10) ? 20000 : 800));
		if (unit_once_in(100))
			rig_reset(&vcpus[unit_below(RIG_VMS)]);
	}
}

static void random_sequences(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_sequence);
}

/* CNTPCT can't be written; other registers of the group don't exist. */
static void other_registers_are_undefined(void **state)
{
	static const uint32_t pairs[] = { HSR_CP64(0, 14), HSR_CP64(1, 14), HSR_CP64(3, 14),
					  HSR_CP64(2, 13) };
	static const uint32_t words[] = { HSR_CP32(0, 14, 2, 2), HSR_CP32(0, 14, 3, 0),
					  HSR_CP32(0, 14, 0, 0), HSR_CP32(1, 14, 2, 0) };

	(void)state;
	rig_init();
	rig_undefined_count = 0;
	for (uint32_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		assert_int_equal(trap_coprocessor(&vcpus[0], ALWAYS | pairs[i]), EXIT_JUMP);
		assert_int_equal(trap_coprocessor(&vcpus[0], ALWAYS | words[i] | HSR_CP_IS_READ),
				 EXIT_JUMP);
	}
	assert_int_equal(rig_undefined_count, 2 * ARRAY_SIZE(pairs));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences),
		cmocka_unit_test(other_registers_are_undefined),
	};

	return unit_run(argc, argv, tests);
}
