// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vtimer.h. A vCPU's virtual time stands still (time = "virtual") from the
 * moment it is left READY, or wakes, until it is loaded again.
 */
#include "vtimer/vtimer.h"

#include "arch/barrier.h"
#include "arch/hsr.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vm.h"

#define INTID_PHYSICAL_TIMER 30u /* non-secure, as on every Cortex-A15 */

static bool is_running(uint32_t ctl)
{
	return (ctl & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK)) == TIMER_CTL_ENABLE;
}

/* When the VM's counter reaches cval, in physical time; far values are never. */
static uint64_t physical_time(const struct vtimer *timer, uint64_t cval)
{
	return cval >> 62 ? TIMEOUT_NEVER : cval + timer->offset;
}

static uint64_t counter(const struct vcpu *vcpu)
{
	return read_CNTPCT() - vcpu->vtimer.offset;
}

/* Waiting for the core, in virtual time. */
static bool is_stopped(const struct vcpu *vcpu)
{
	return vcpu->vtimer.is_virtual && vcpu->state == VCPU_READY && !vcpu_is_loaded(vcpu);
}

uint64_t vtimer_count(const struct vcpu *vcpu)
{
	return is_stopped(vcpu) ? vcpu->vtimer.count : counter(vcpu);
}

void vtimer_reset(struct vcpu *vcpu)
{
	vcpu->vtimer = (struct vtimer){
		.offset = vcpu->vm->epoch,
		.is_virtual = vcpu->vm->config->time == VM_TIME_VIRTUAL,
		.alarm_at = TIMEOUT_NEVER,
		.device_cval = TIMEOUT_NEVER,
	};
	vcpu->core->alarm_at = TIMEOUT_UNKNOWN;
}

static bool is_physical_due(const struct vcpu *vcpu)
{
	const struct vtimer *timer = &vcpu->vtimer;

	return is_running(timer->physical_ctl) && counter(vcpu) >= timer->physical_cval;
}

/* When an idle vCPU that is not loaded is to wake: its virtual timer is due then. */
static uint64_t wake_time(const struct vcpu *vcpu)
{
	if (vcpu->state != VCPU_IDLE || !is_running(vcpu->system.CNTV_CTL))
		return TIMEOUT_NEVER;
	return physical_time(&vcpu->vtimer, vcpu->system.CNTV_CVAL);
}

/* What is emulated (the physical timer, or a device) is due only while time goes on. */
static void update_alarm(struct vcpu *vcpu, bool is_loaded)
{
	struct vtimer *timer = &vcpu->vtimer;
	uint64_t before = timer->alarm_at;
	uint64_t after = is_loaded ? TIMEOUT_NEVER : wake_time(vcpu);

	if (timer->is_emulating && (is_loaded || !timer->is_virtual || vcpu->state != VCPU_READY)) {
		uint64_t next = timer->device_cval;

		if (is_running(timer->physical_ctl) && !is_physical_due(vcpu))
			next = earlier(next, timer->physical_cval);
		after = earlier(after, physical_time(timer, next));
	}
	timer->alarm_at = after;
	if (after != before)
		timeout_change(vcpu, before, after);
}

/* The physical timer after any change: its line, and when it changes next. */
static OUT_OF_LINE void update_physical(struct vcpu *vcpu, bool is_loaded)
{
	struct vtimer *timer = &vcpu->vtimer;

	timer->is_emulating = timer->physical_ctl || timer->device_cval != TIMEOUT_NEVER;
	update_alarm(vcpu, is_loaded);
	lock_take(&vcpu->vm->lock);
	vgic_set_line(vcpu, INTID_PHYSICAL_TIMER, is_physical_due(vcpu));
	lock_release(&vcpu->vm->lock);
}

void vtimer_set_device(struct vcpu *vcpu, uint64_t cval)
{
	if (vcpu->vtimer.device_cval == cval)
		return;
	vcpu->vtimer.device_cval = cval;
	vcpu->vtimer.is_emulating = true;
	update_alarm(vcpu, vcpu_is_loaded(vcpu));
	timeout_program(vcpu->core);
}

/* Its virtual timer is due: the interrupt would come as soon as it is loaded. It wakes also
 * if that can't be listed now: WFI may end at any time (B1.8.13). */
static void raise_virtual(struct vcpu *vcpu)
{
	lock_take(&vcpu->vm->lock);
	vgic_raise_absent(vcpu, BOARD_IRQ_VIRTUAL_TIMER);
	lock_release(&vcpu->vm->lock);
	sched_wake(vcpu);
}

void vtimer_expire(struct vcpu *vcpu, uint64_t now)
{
	struct vtimer *timer = &vcpu->vtimer;

	timer->alarm_at = TIMEOUT_NEVER; /* timeout.c looks at all of them again */
	if (!timer->is_emulating || (!vcpu_is_loaded(vcpu) && wake_time(vcpu) <= now))
		raise_virtual(vcpu);
	if (!timer->is_emulating || is_stopped(vcpu))
		return;
	if (timer->device_cval <= counter(vcpu)) {
		timer->device_cval = TIMEOUT_NEVER;
		request_vcpu(vcpu, VCPU_REQUEST_POLL);
	}
	update_physical(vcpu, vcpu_is_loaded(vcpu));
}

void vtimer_save(struct vcpu *vcpu)
{
	vcpu->vtimer.count = read_CNTVCT();
	if (vcpu->state == VCPU_IDLE || vcpu->vtimer.is_emulating)
		update_alarm(vcpu, false);
}

void vtimer_restore(struct vcpu *vcpu)
{
	struct vtimer *timer = &vcpu->vtimer;

	if (timer->is_virtual)
		timer->offset = read_CNTPCT() - timer->count;
	write_CNTVOFF(timer->offset);
	if (timer->is_emulating)
		update_physical(vcpu, true);
}

void vtimer_wake(struct vcpu *vcpu)
{
	if (vcpu_is_loaded(vcpu))
		return; /* its time has not stopped, its timer is the hardware's */
	vcpu->vtimer.count = counter(vcpu);
	if (!timeout_is_never(vcpu->vtimer.alarm_at))
		update_alarm(vcpu, false);
}

void vtimer_irq(struct core *core, uint32_t intid)
{
	struct vcpu *vcpu = core->loaded;

	if (!vcpu) {
		gic_clear_active(intid);
		return;
	}
	lock_take(&vcpu->vm->lock);
	vgic_raise_linked(vcpu, intid);
	lock_release(&vcpu->vm->lock);
}

/* As HSR names them (B8.2). */
#define CNTPCT    HSR_CP64(0, 14)
#define CNTP_CVAL HSR_CP64(2, 14)
#define CNTP_TVAL HSR_CP32(0, 14, 2, 0) /* the distance to CVAL, signed (B8.1.5) */
#define CNTP_CTL  HSR_CP32(0, 14, 2, 1)

bool vtimer_read(const struct vcpu *vcpu, uint32_t name, uint64_t *value)
{
	const struct vtimer *timer = &vcpu->vtimer;
	uint64_t now = counter(vcpu);

	if (name == CNTPCT)
		*value = now;
	else if (name == CNTP_CVAL)
		*value = timer->physical_cval;
	else if (name == CNTP_TVAL)
		*value = timer->physical_cval - now;
	else if (name == CNTP_CTL)
		*value = timer->physical_ctl;
	else
		return false;
	if (name == CNTP_CTL && timer->physical_ctl & TIMER_CTL_ENABLE &&
	    now >= timer->physical_cval)
		*value |= TIMER_CTL_ISTATUS;
	return true;
}

bool vtimer_write(struct vcpu *vcpu, uint32_t name, uint64_t value)
{
	struct vtimer *timer = &vcpu->vtimer;

	if (name == CNTP_CVAL)
		timer->physical_cval = value;
	else if (name == CNTP_TVAL)
		timer->physical_cval = counter(vcpu) + (uint64_t)(int64_t)(int32_t)value;
	else if (name == CNTP_CTL)
		timer->physical_ctl = (uint32_t)value & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
	else
		return false;
	update_physical(vcpu, true);
	timeout_program(vcpu->core);
	return true;
}
