// SPDX-License-Identifier: BSD-2-Clause
/*
 * See request.h.
 */
#include "kernel/request.h"

#include "kernel/console.h"
#include "kernel/sched.h"
#include "kernel/vm.h"

/* Only the first of several requests needs to interrupt. */
void request_core(struct core *core, uint32_t what)
{
	uint32_t before;

	/* The console looks again when the next window begins. */
	if (what == CORE_REQUEST_CONSOLE && core != core_current() && core_is_disturbed(core))
		return;
	before = atomic_fetch_or(&core->requests, what);
	if (core == core_current())
		core->needs_schedule = true;
	else if (!before)
		gic_send_sgi(core->gic_targets, REQUEST_SGI);
}

/* Another core finds it when the kick comes; in another VM's window no kick disturbs: it
 * is found when its own begins. */
void request_vcpu(struct vcpu *vcpu, uint32_t what)
{
	struct core *core = vcpu->core;

	if (atomic_fetch_or(&vcpu->requests, what))
		return;
	if (core == core_current())
		request_core(core, CORE_REQUEST_VCPUS);
	else if (vcpu_is_allowed(vcpu))
		gic_send_sgi(core->gic_targets, REQUEST_SGI);
}

static void serve_vcpu(struct vcpu *vcpu)
{
	uint32_t what = atomic_exchange(&vcpu->requests, 0);

	if (what & (VCPU_REQUEST_STOP | VCPU_REQUEST_STOPPED | VCPU_REQUEST_START))
		vm_serve(vcpu, what);
	if (CONFIG_MENU) /* who has just been started, too */
		vm_serve_pause(vcpu);
	if (what & VCPU_REQUEST_POLL)
		vm_poll_devices(vcpu->vm);
	if (what & VCPU_REQUEST_RELIST) {
		lock_take(&vcpu->vm->lock);
		vgic_relist_requested(vcpu);
		lock_release(&vcpu->vm->lock);
	}
	if (what / VCPU_REQUEST_SGI)
		vgic_sgis_requested(vcpu, what / VCPU_REQUEST_SGI);
	if ((what & VCPU_REQUEST_RESUME) && vcpu->state == VCPU_WAITING)
		sched_set_state(vcpu, VCPU_READY);
}

void request_serve(struct core *core)
{
	uint32_t what = atomic_exchange(&core->requests, 0);

	if ((what & CORE_REQUEST_CONSOLE) && core->index == 0)
		console_serve();
	if (what & CORE_REQUEST_POWER_OFF)
		vm_power_off_board();
	/* The console may just have asked for some. */
	what |= atomic_fetch_and(&core->requests, ~(uint32_t)CORE_REQUEST_VCPUS);
	if (!(what & CORE_REQUEST_VCPUS))
		return;
	for (uint32_t i = 0; i < core->vcpu_count; i++)
		if (atomic_load(&core->vcpus[i]->requests))
			serve_vcpu(core->vcpus[i]);
}
