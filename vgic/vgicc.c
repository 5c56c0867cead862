// SPDX-License-Identifier: BSD-2-Clause
/*
 * The second page of the CPU interface that a guest sees: GICV_DIR. See vgic.h.
 */
#include "kernel/mmio.h"
#include "kernel/vm.h"
#include "vgic/list.h"

#define DIR_OFFSET 0u

/* As a write to GICD_ICACTIVER would. In EOImode 0 it is UNPREDICTABLE: ignored. */
static void deactivate(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank(vcpu, intid / 32);
	uint32_t bit = 1u << intid % 32;

	if (!list_is_split(vcpu))
		return;
	bank->clear_active |= bit;
	bank->set_active &= ~bit;
	vgic_changed(vcpu, intid / 32, bit);
}

enum exit_result vgicc_access(struct vcpu *vcpu, UNUSED void *device, struct mmio *mmio)
{
	uint32_t intid = mmio->value & GIC_INTID_MASK;

	if (!mmio->is_write)
		mmio->value = 0;
	else if (mmio->offset == DIR_OFFSET && mmio->bytes == 4 && intid / 32 < vcpu->bank_count)
		deactivate(vcpu, intid);
	return EXIT_DONE;
}
