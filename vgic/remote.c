// SPDX-License-Identifier: BSD-2-Clause
/*
 * What concerns other cores: what their list registers hold only they can tell, and an SPI
 * may have gone to one of them. Linked only where the manifest uses several. See vgic.h;
 * tests/spin/relist.pml is the protocol.
 */
#include "kernel/request.h"
#include "kernel/vm.h"
#include "vgic/list.h"

bool vgic_are_fresh(struct vcpu *vcpu, uint32_t n, uint32_t which)
{
	struct vgic_vm *vgic = &vcpu->vm->vgic;
	bool are_fresh = true;

	if (which && !vcpu->vgic.asked_at)
		vcpu->vgic.asked_at = vgic->relists + 1;
	for (; which; which &= which - 1) {
		struct vcpu *holder = vgic_taker(vcpu, 32 * n + (uint32_t)__builtin_ctz(which));

		if (holder->vgic.relisted_at >= vcpu->vgic.asked_at)
			continue;
		request_vcpu(holder, VCPU_REQUEST_RELIST);
		are_fresh = false;
	}
	if (!are_fresh)
		vgic->askers |= 1u << vcpu->index;
	return are_fresh;
}

bool vgic_is_sent_on(struct vcpu *vcpu, struct vgic_bank *bank, uint32_t intid)
{
	if (intid < GIC_FIRST_SPI)
		return false;
	vgic_collect_intid(vcpu, intid);
	if (vgic_taker(vcpu, intid) == vcpu)
		return false;
	if (bank->edge & 1u << intid % 32)
		gic_set_pending(intid);
	vgic_follow_target(vcpu, intid);
	gic_clear_active(intid);
	return true;
}
