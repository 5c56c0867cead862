// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vtimer.h. A vCPU's virtual time stands still (time = "virtual") from the
 * moment it is left READY, or wakes, until it is loaded again.
 */
#include "vtimer/vtimer.h"

#include "arch/barrier.h"
#include "arch/cp15.h"
#include "arch/exception.h"
#include "arch/gic.h"
#include "arch/hsr.h"
#include "arch/regfile.h"
#include "kernel/core.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "vgic/vgic.h"

static bool is_running(uint32_t ctl)
{
	return (ctl & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK)) == TIMER_CTL_ENABLE;
}

void vtimer_reset(struct vcpu *vcpu)
{
	uint64_t now = read_CNTPCT();

	vcpu->vtimer = (struct vtimer){
		.offset = now,
		.stopped_at = now,
		.wake_at = TIMEOUT_NEVER,
	};
}

void vtimer_save(struct vcpu *vcpu)
{
	struct vtimer *timer = &vcpu->vtimer;

	timer->ctl = read_CNTV_CTL();
	timer->cval = read_CNTV_CVAL();
	write_CNTV_CTL(0); /* its line falls: the next VM has one of its own */
	if (vcpu->state == VCPU_READY)
		timer->stopped_at = read_CNTPCT();
	else if (vcpu->state == VCPU_IDLE && is_running(timer->ctl))
		timer->wake_at = timer->cval + timer->offset;
}

void vtimer_restore(struct vcpu *vcpu)
{
	struct vtimer *timer = &vcpu->vtimer;

	if (vcpu->vm->config->time == VM_TIME_VIRTUAL)
		timer->offset += read_CNTPCT() - timer->stopped_at;
	timer->wake_at = TIMEOUT_NEVER;
	write_CNTVOFF(timer->offset);
	write_CNTV_CVAL(timer->cval);
	write_CNTV_CTL(timer->ctl);
}

void vtimer_wake(struct vcpu *vcpu)
{
	vcpu->vtimer.wake_at = TIMEOUT_NEVER;
	if (!vcpu_is_loaded(vcpu))
		vcpu->vtimer.stopped_at = read_CNTPCT();
}

void vtimer_irq(const struct irq_route *route, struct core *core, uint32_t iar)
{
	struct vcpu *vcpu = core->loaded;

	(void)route;
	gic_drop_priority(iar);
	if (vcpu)
		vgic_raise_linked(vcpu, BOARD_IRQ_VIRTUAL_TIMER);
	else
		gic_deactivate(iar);
}

/* The physical counter agrees with the virtual one: a VM has one time. */
static enum exit_result read_counter(struct vcpu *vcpu, uint32_t hsr)
{
	uint64_t count = read_CNTPCT() - vcpu->vtimer.offset;

	regfile_write(&vcpu->frame, hsr >> HSR_CP_RT_SHIFT & HSR_CP_RT_MASK, (uint32_t)count);
	regfile_write(&vcpu->frame, hsr >> HSR_CP_RT2_SHIFT & HSR_CP_RT_MASK,
		      (uint32_t)(count >> 32));
	return EXIT_DONE;
}

static enum exit_result undefined(struct vcpu *vcpu)
{
	exception_inject_undefined(&vcpu->frame);
	return EXIT_JUMP;
}

enum exit_result vtimer_access_64(struct vcpu *vcpu, uint32_t hsr)
{
	if ((hsr & HSR_CP64_MASK) == HSR_CP64(0, 14) && (hsr & HSR_CP_IS_READ))
		return read_counter(vcpu, hsr);
	return undefined(vcpu);
}

enum exit_result vtimer_access_32(struct vcpu *vcpu, uint32_t hsr)
{
	(void)hsr;
	return undefined(vcpu);
}
