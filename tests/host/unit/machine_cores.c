// SPDX-License-Identifier: BSD-2-Clause
/*
 * See machine.h: what another core has for the guests, by way of kernel/request.c.
 */
#include "kernel/console.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/machine.h"
#include "tests/host/unit/unit.h"

/* ---- What request.c calls: nothing of that is asked for ------------------------------- */

void console_serve(void)
{
	fail_msg("the console is not asked for");
}

void vm_power_off_board(void)
{
	fail_msg("nobody is off");
}

void vm_serve(UNUSED struct vcpu *vcpu, uint32_t what)
{
	fail_msg("a vCPU is asked for %u", what);
}

void vm_poll_devices(UNUSED struct vm *vm)
{
	fail_msg("no device is to be polled");
}

void sched_set_state(UNUSED struct vcpu *vcpu, uint32_t state)
{
	fail_msg("nobody waits to go on in state %u", state);
}

/* ---- The other core -------------------------------------------------------------------- */

static void go_to(struct core *core)
{
	write_HTPIDR((uint32_t)(uintptr_t)core);
}

/* An edge is done as soon as no list register has a say, a sender's SGI with the next of
 * that number, whoever sees to that. */
void machine_learn(struct guest *guest)
{
	for (uint32_t n = 0; n < ORACLE_IRQS; n++) {
		struct oracle_irq *irq = &guest->oracle.irq[n];
		uint8_t waiting = n < GIC_SGI_COUNT ? guest->vcpu->vgic.sgi_posted[n] : 0;

		irq->sources |= irq->posted_sources & ~waiting;
		irq->posted_sources &= waiting;
		if (!irq->is_posted || vgic_bank(guest->vcpu, n / 32)->set_pending >> n % 32 & 1)
			continue;
		irq->is_posted = false;
		irq->is_latched = true;
	}
}

void machine_post_edge(struct guest *guest, uint32_t intid)
{
	unit_log("post edge %u of %d", intid, (int)(guest - machine_guests));
	machine_learn(guest);
	guest->oracle.irq[intid].is_posted = true;
	go_to(&cores[1]);
	vgic_raise_edge(guest->vcpu, intid);
	go_to(&cores[0]);
}

void machine_post_sgi(struct guest *guest, uint32_t sgi, uint32_t source)
{
	unit_log("post SGI %u of %d from %u", sgi, (int)(guest - machine_guests), source);
	machine_learn(guest);
	guest->oracle.irq[sgi].posted_sources |= (uint8_t)(1u << source);
	go_to(&cores[1]);
	vgic_raise_sgi(guest->vcpu, sgi, source);
	go_to(&cores[0]);
}

/* After this, nothing is left to be heard of. */
static void check_heard(struct guest *guest)
{
	machine_learn(guest);
	for (uint32_t n = 0; n < ORACLE_IRQS; n++)
		unit_check(!guest->oracle.irq[n].is_posted && !guest->oracle.irq[n].posted_sources,
			   "%u of %d was posted and not heard of", n,
			   (int)(guest - machine_guests));
}

void machine_kick(void)
{
	if (gicp_take_sgi()) {
		unit_log("kick");
		request_irq(&cores[0], REQUEST_SGI);
		while (cores[0].requests)
			request_serve(&cores[0]);
		cores[0].needs_schedule = false;
	}
	for (uint32_t i = 0; i < MACHINE_GUESTS; i++)
		check_heard(&machine_guests[i]);
}
