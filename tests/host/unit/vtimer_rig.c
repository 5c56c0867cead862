// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vtimer_rig.h.
 */
#include "tests/host/unit/vtimer_rig.h"

#include <string.h>

#include "arch/cp15.h"
#include "arch/exception.h"
#include "arch/gic.h"
#include "arch/psr.h"
#include "kernel/console.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

struct vcpu vcpus[RIG_VMS];
struct core cores[1];
struct core *const rig_core = &cores[0];
static struct vm vms_of_test[RIG_VMS];
static struct vm_config configs[RIG_VMS];

struct rig_guest rig_guests[RIG_VMS];

static uint32_t served; /* of one timer interrupt */
static bool is_serving;
uint32_t rig_undefined_count;

struct rig_guest *rig_guest_of(const struct vcpu *vcpu)
{
	return &rig_guests[vcpu - vcpus];
}

static bool is_due(uint64_t clock, uint64_t cval, uint32_t ctl)
{
	return (ctl & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK)) == TIMER_CTL_ENABLE && clock >= cval;
}

/* Virtual time stands still while the vCPU waits for the core, and only then. */
static bool is_clock_running(const struct vcpu *vcpu)
{
	return vcpu->vm->config->time == VM_TIME_REAL || vcpu->state != VCPU_READY ||
	       rig_core->loaded == vcpu;
}

/* ---- The rest of the hypervisor ---------------------------------------------- */

struct gicc *gic_model_gicc(void)
{
	static struct gicc gicc;

	return &gicc;
}

void gic_enable(uint32_t intid)
{
	assert_int_equal(intid, BOARD_IRQ_HYP_TIMER);
}

enum exit_result exception_inject_undefined(struct vcpu_frame *frame)
{
	(void)frame;
	rig_undefined_count++;
	return EXIT_JUMP;
}

void console_timeout(struct core *timed)
{
	assert_ptr_equal(timed, rig_core);
	unit_check(rig_core->console_at <= cp15.CNTPCT, "the console is called too early");
	timed->console_at = TIMEOUT_NEVER;
	timed->alarm_at = TIMEOUT_UNKNOWN;
	served++;
}

void plan_next_window(struct core *over)
{
	(void)over;
	fail_msg("there is no plan");
}

void sched_slice_over(struct core *over)
{
	unit_check(over->slice_end <= cp15.CNTPCT, "a slice ends too early");
	over->slice_end = TIMEOUT_NEVER;
	served++;
}

void sched_unblock(struct vcpu *vcpu)
{
	const struct rig_guest *guest = rig_guest_of(vcpu);

	unit_check(!is_serving || guest->is_line_high ||
			   is_due(guest->clock, guest->cval, guest->ctl),
		   "%u is woken for nothing", (uint32_t)(vcpu - vcpus));
	vcpu->state = VCPU_READY;
	vtimer_wake(vcpu);
	served++;
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	assert_int_equal(intid, 30);
	served += is_high != rig_guest_of(vcpu)->is_line_high;
	rig_guest_of(vcpu)->is_line_high = is_high;
	if (is_high)
		sched_wake(vcpu);
}

void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	struct rig_guest *guest = rig_guest_of(vcpu);

	assert_int_equal(what, VCPU_REQUEST_POLL);
	unit_check(guest->device_cval <= guest->clock, "devices are polled too early");
	guest->device_cval = TIMEOUT_NEVER;
	served++;
}

void vgic_raise_linked(struct vcpu *vcpu, uint32_t intid)
{
	assert_int_equal(intid, BOARD_IRQ_VIRTUAL_TIMER);
	unit_check(vcpu == rig_core->loaded, "the virtual timer's interrupt for who isn't loaded");
}

void vgic_raise_absent(struct vcpu *vcpu, uint32_t intid)
{
	assert_int_equal(intid, BOARD_IRQ_VIRTUAL_TIMER);
	unit_check(vcpu != rig_core->loaded, "whose virtual timer has its interrupt is loaded");
	sched_wake(vcpu);
}

/* ---- What must hold ------------------------------------------------------------- */

static void check_loaded(const struct vcpu *vcpu, const struct rig_guest *guest)
{
	unit_check(cp15.CNTPCT - cp15.CNTVOFF == guest->clock,
		   "the virtual counter is %lu, not %lu",
		   (unsigned long)(cp15.CNTPCT - cp15.CNTVOFF), (unsigned long)guest->clock);
	unit_check(cp15.CNTV_CVAL == guest->cval && cp15.CNTV_CTL == guest->ctl,
		   "the virtual timer is another one's");
	unit_check(vcpu->vtimer.is_emulating || vcpu->vtimer.alarm_at == TIMEOUT_NEVER,
		   "who is loaded is to be woken");
}

static void check_guest(uint32_t i)
{
	const struct vcpu *vcpu = &vcpus[i];
	const struct rig_guest *guest = &rig_guests[i];
	bool is_line = is_due(guest->clock, guest->physical_cval, guest->physical_ctl);

	if (vcpu->state == VCPU_OFF)
		return;
	if (rig_core->loaded == vcpu)
		check_loaded(vcpu, guest);
	else
		unit_check(vcpu->state != VCPU_IDLE ||
				   !is_due(guest->clock, guest->cval, guest->ctl),
			   "%u sleeps on, and its virtual timer is due", i);
	unit_check(!is_clock_running(vcpu) || guest->device_cval > guest->clock,
		   "%u: its devices are not polled", i);
	unit_check(guest->is_line_high == is_line, "%u: the physical timer's line is %d at %lu", i,
		   guest->is_line_high, (unsigned long)guest->clock);
}

static bool is_armed(void)
{
	return (cp15.CNTHP_CTL & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK)) == TIMER_CTL_ENABLE;
}

/* Everything that is due at this instant is served at once. */
void rig_settle(void)
{
	while (is_armed() && cp15.CNTHP_CVAL <= cp15.CNTPCT) {
		served = 0;
		is_serving = true;
		timeout_irq(rig_core, BOARD_IRQ_HYP_TIMER);
		is_serving = false;
		unit_check(served != 0, "the hyp timer goes off for nothing");
	}
	for (uint32_t i = 0; i < RIG_VMS; i++)
		check_guest(i);
	unit_check(rig_core->loaded || cp15.CNTV_CTL == 0, "nobody's virtual timer runs");
	unit_check(rig_core->console_at > cp15.CNTPCT, "the console isn't called");
	unit_check(rig_core->slice_end > cp15.CNTPCT, "the slice doesn't end");
}

void rig_pass(uint64_t ticks)
{
	uint64_t end = cp15.CNTPCT + ticks;

	do {
		uint64_t next = is_armed() && cp15.CNTHP_CVAL < end ? cp15.CNTHP_CVAL : end;
		uint64_t step = next > cp15.CNTPCT ? next - cp15.CNTPCT : 0;

		for (uint32_t i = 0; i < RIG_VMS; i++)
			rig_guests[i].clock += is_clock_running(&vcpus[i]) ? step : 0;
		cp15.CNTPCT += step;
		rig_settle();
	} while (cp15.CNTPCT < end);
}

/* ---- The scheduler's part ------------------------------------------------------ */

/* switch.c and world.c. */
static void save(struct vcpu *vcpu)
{
	vcpu->system.CNTV_CTL = cp15.CNTV_CTL;
	vcpu->system.CNTV_CVAL = cp15.CNTV_CVAL;
	vtimer_save(vcpu);
	cp15.CNTV_CTL = 0;
}

static void restore(struct vcpu *vcpu)
{
	vtimer_restore(vcpu);
	cp15.CNTV_CTL = vcpu->system.CNTV_CTL;
	cp15.CNTV_CVAL = vcpu->system.CNTV_CVAL;
}

/* The world switch; only who wants the core gets it. */
void rig_load(struct vcpu *next)
{
	if (next)
		sched_wake(next);
	if (next == rig_core->loaded || (next && next->state == VCPU_OFF))
		return;
	if (rig_core->loaded)
		save(rig_core->loaded);
	if (next)
		restore(next);
	rig_core->loaded = next;
	timeout_program(rig_core);
}

void rig_reset(struct vcpu *vcpu)
{
	if (rig_core->loaded == vcpu)
		rig_load(NULL);
	rig_guests[vcpu - vcpus] = (struct rig_guest){ .device_cval = TIMEOUT_NEVER };
	vcpu->state = VCPU_OFF;
	vcpu->vm->epoch = cp15.CNTPCT;
	vtimer_reset(vcpu);
	vcpu->system = (struct switch_state){ 0 };
	vcpu->state = VCPU_READY;
	timeout_program(rig_core);
}

void rig_init(void)
{
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(rig_guests, 0, sizeof(rig_guests));
	memset(&cp15, 0, sizeof(cp15));
	rig_core->console_at = rig_core->slice_end = TIMEOUT_NEVER;
	rig_core->window_end = TIMEOUT_NEVER;
	rig_core->vms_allowed = 1;
	cp15.CNTFRQ = 62500000;
	cp15.CNTPCT = (uint64_t)unit_word() << unit_below(24);
	timeout_init();
	for (uint32_t i = 0; i < RIG_VMS; i++) {
		configs[i].time = unit_once_in(2) ? VM_TIME_REAL : VM_TIME_VIRTUAL;
		vms_of_test[i].config = &configs[i];
		configs[i].vcpu_count = 1;
		vcpus[i].vm = &vms_of_test[i];
		vcpus[i].core = rig_core;
		vcpus[i].vm_bit = 1;
		vcpus[i].frame.cpsr = PSR_MODE_SVC;
		rig_core->vcpus[rig_core->vcpu_count++] = &vcpus[i];
		rig_reset(&vcpus[i]);
	}
}
