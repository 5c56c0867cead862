// SPDX-License-Identifier: BSD-2-Clause
/*
 * See irq.h.
 */
#include "kernel/irq.h"

#include "kernel/console.h"
#include "kernel/sched.h"
#include "kernel/vm.h"

ON_FAST_PATH void irq_acknowledge(struct core *core)
{
	uint32_t iar = GICC->IAR;
	uint32_t intid = iar & GIC_INTID_MASK;

	if (intid >= BOARD_IRQ_COUNT)
		return; /* spurious: it went away before we looked */
	TRACE(core, IRQ, iar, 0);
	GICC->EOIR = iar; /* drops its priority */
	/* One that is ours may come again from here on: interrupts are masked until it is served. */
	if (!irq_routes[intid].is_linked)
		GICC->DIR = iar;
	irq_routes[intid].handle(core, intid);
}

void irq_handle(struct core *core)
{
	irq_acknowledge(core);
}

_Noreturn void irq_from_guest(struct vcpu *vcpu)
{
	irq_acknowledge(vcpu->core);
	sched_return(vcpu);
}

void irq_poll(struct core *core)
{
	if (read_ISR() & ISR_I)
		irq_handle(core);
}

void irq_init_core(const struct core *core)
{
	for (uint32_t intid = GIC_FIRST_SPI; intid < BOARD_IRQ_COUNT; intid++)
		if (irq_routes[intid].vcpu && irq_routes[intid].vcpu->core == core)
			gic_enable(intid);
	gic_enable(BOARD_IRQ_VIRTUAL_TIMER);
	gic_enable(BOARD_IRQ_MAINTENANCE);
}

void irq_unexpected(UNUSED struct core *core, uint32_t intid)
{
	gic_disable(intid);
	console_print("interrupt %lu came, which the manifest gives to nobody: disabled", intid);
}

void irq_passthrough(struct core *core, uint32_t intid)
{
	struct vcpu *vcpu = vm_vcpu_on(irq_routes[intid].vcpu->vm, core);

	lock_take(&vcpu->vm->lock);
	vgic_raise_linked(vcpu, intid);
	lock_release(&vcpu->vm->lock);
}
