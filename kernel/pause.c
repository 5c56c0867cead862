// SPDX-License-Identifier: BSD-2-Clause
/*
 * A VM stands still, with all its state, and goes on, by the menu's wish (vm.h).
 * Asked of each vCPU, and done by its core. Linked only where there is a menu.
 */
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/vm.h"
#include "kernel/world.h"

static void ask_all(struct vm *vm, uint32_t what)
{
	for (uint32_t i = 0; i < vm->config->vcpu_count; i++)
		request_vcpu(&vm->config->vcpus[i], what);
}

void vm_pause(struct vm *vm)
{
	ask_all(vm, VCPU_REQUEST_PAUSE);
}

bool vm_resume(struct vm *vm)
{
	ask_all(vm, VCPU_REQUEST_CONTINUE);
	return vm->config->vcpus->state == VCPU_PAUSED;
}

/* WFI may end at any time (B1.8.13), so none need be remembered; and a trap that waits
 * for an answer is just handled again. */
void vm_serve_pause(struct vcpu *vcpu, uint32_t what)
{
	if (vcpu->state == VCPU_PAUSED && (what & VCPU_REQUEST_CONTINUE))
		sched_set_state(vcpu, vcpu->is_loading ? VCPU_LOADING : VCPU_READY);
	if (vcpu->state == VCPU_PAUSED || vcpu->state == VCPU_OFF || !(what & VCPU_REQUEST_PAUSE))
		return;
	sched_wake(vcpu); /* its time stands still, its timers with it */
	vcpu->is_loading = vcpu->state == VCPU_LOADING;
	if (vcpu_is_loaded(vcpu))
		world_unload(vcpu->core);
	sched_set_state(vcpu, VCPU_PAUSED);
}
