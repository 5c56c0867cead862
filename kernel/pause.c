// SPDX-License-Identifier: BSD-2-Clause
/*
 * A VM stands still, with all its state, and goes on, by the menu's wish (vm.h).
 * Asked of each vCPU, and done by its core. Linked only where there is a menu.
 */
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/vm.h"
#include "kernel/world.h"

bool vm_pause(struct vm *vm, bool is_paused)
{
	bool was_paused = atomic_exchange(&vm->is_paused, is_paused);

	for (uint32_t i = 0; i < vm->config->vcpu_count; i++)
		request_vcpu(&vm->config->vcpus[i], VCPU_REQUEST_PAUSE);
	return was_paused;
}

/* WFI may end at any time (B1.8.13), so none need be remembered; and a trap that waits
 * for an answer is just handled again. */
void vm_serve_pause(struct vcpu *vcpu)
{
	bool is_paused = vcpu->state == VCPU_PAUSED;

	if (vcpu->state == VCPU_OFF || is_paused == vcpu->vm->is_paused)
		return;
	if (is_paused) {
		sched_set_state(vcpu, vcpu->is_loading ? VCPU_LOADING : VCPU_READY);
		return;
	}
	sched_wake(vcpu); /* its time stands still, its timers with it */
	vcpu->is_loading = vcpu->state == VCPU_LOADING;
	if (vcpu_is_loaded(vcpu))
		world_unload(vcpu->core);
	sched_set_state(vcpu, VCPU_PAUSED);
}
