// SPDX-License-Identifier: BSD-2-Clause
/*
 * Single cases of the virtual interrupt controller, told step by step: those
 * that went wrong once, and those that random sequences rarely meet.
 */
#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/machine.h"
#include "tests/host/unit/unit.h"

#define DOORBELL 36u

/* Guest 0 has the core; all enabled, of one priority, SPIs are edges. */
static struct vcpu *start(void)
{
	machine_init();
	for (uint32_t i = 0; i < MACHINE_GUESTS; i++) {
		machine_switch(&machine_guests[i]);
		for (uint32_t n = 0; n < ORACLE_IRQS; n += 4)
			machine_write(0x400 + n, 4, 0x80808080);
		machine_write(0xc08, 4, 0xaaaaaaaa);
		machine_write(0xc0c, 4, 0xaaaaaaaa);
		machine_write(0x100, 4, 0xffffffff);
		machine_write(0x104, 4, 0xffffffff);
		machine_write(0x000, 4, 3);
		gicv_set_mask(0xff);
		gicv_set_control(3);
	}
	machine_switch(&machine_guests[0]);
	return machine_guests[0].vcpu;
}

static void raise_edge(struct vcpu *vcpu, uint32_t intid)
{
	machine_guests[0].oracle.irq[intid].is_latched = true;
	vgic_raise_edge(vcpu, intid);
	machine_settle(false);
	machine_check();
}

static void take(uint32_t iar)
{
	uint32_t got;

	assert_true(machine_acknowledge());
	got = machine_guests[0].open[machine_guests[0].open_count - 1];
	assert_int_equal(got, iar);
	machine_settle(false);
	machine_check();
}

static void end(void)
{
	machine_end();
	machine_settle(false);
	machine_check();
}

static void assert_quiet(void)
{
	assert_int_equal(gicv_acknowledge(), GICV_SPURIOUS);
	machine_compare();
	assert_false(vgic_has_pending(machine_guests[0].vcpu));
}

/* A threaded handler's way: disable, end, and enable again later. */
static void edge_while_active_and_disabled(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	raise_edge(vcpu, DOORBELL);
	take(DOORBELL);
	machine_write(0x184, 4, 1u << DOORBELL % 32);
	raise_edge(vcpu, DOORBELL);
	end();
	machine_compare();
	machine_write(0x104, 4, 1u << DOORBELL % 32);
	take(DOORBELL);
	end();
	assert_quiet();
}

/* The same, with the distributor looked at in between. */
static void edge_latched_before_disabled(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	raise_edge(vcpu, DOORBELL);
	take(DOORBELL);
	raise_edge(vcpu, DOORBELL);
	machine_write(0x184, 4, 1u << DOORBELL % 32);
	machine_compare();
	end();
	machine_compare();
	machine_write(0x104, 4, 1u << DOORBELL % 32);
	take(DOORBELL);
	end();
	assert_quiet();
}

/* More pending than there are list registers, one active, and another VM runs. */
static void switch_with_full_lists(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	for (uint32_t intid = 48; intid < 56; intid++)
		raise_edge(vcpu, intid);
	for (uint32_t intid = 48; intid < 56; intid++) {
		take(intid);
		machine_switch(&machine_guests[1]);
		machine_settle(false);
		machine_switch(&machine_guests[0]);
		machine_settle(false);
		machine_check();
		end();
	}
	assert_quiet();
}

/* Eight levels of nesting on four list registers. */
static void nest_deeply(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	for (uint32_t intid = 48; intid < 56; intid++)
		machine_write(0x400 + intid, 1, (56 - intid) * 8);
	for (uint32_t intid = 48; intid < 56; intid++) {
		raise_edge(vcpu, intid);
		take(intid);
	}
	raise_edge(vcpu, 48);
	for (uint32_t n = 0; n < 8; n++)
		end();
	take(48);
	end();
	assert_quiet();
}

/* The running one leaves the list registers, for its priority is lowered, is ended, and
 * is to be listed again before that end is heard of. */
static void end_of_unlisted_is_late(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	for (uint32_t intid = 48; intid < 53; intid++) {
		machine_write(0x400 + intid, 1, (56 - intid) * 8);
		raise_edge(vcpu, intid);
		take(intid);
	}
	machine_write(0x400 + 52, 1, 0xf0);
	assert_true(machine_end());
	machine_write(0x400 + 52, 1, 0x08);
	machine_settle(false);
	machine_compare();
	for (uint32_t n = 0; n < 4; n++)
		end();
	assert_quiet();
}

/* Of two that are not listed, the one taken last is ended, though the guest has turned
 * their priorities round. */
static void end_of_unlisted_by_its_running_priority(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	for (uint32_t intid = 48; intid < 54; intid++) {
		machine_write(0x400 + intid, 1, (56 - intid) * 8);
		raise_edge(vcpu, intid);
		take(intid);
	}
	machine_write(0x400 + 52, 1, 0xe8);
	machine_write(0x400 + 53, 1, 0xf0);
	for (uint32_t n = 0; n < 6; n++) {
		end();
		machine_compare();
	}
	assert_quiet();
}

/* What the guest makes active itself is not handled by anybody: it keeps none from being
 * signalled (3.2.1, 3.3: the running priority is of what was acknowledged), and the end of
 * one that was acknowledged is not its end. */
static void active_by_the_guest(void **state)
{
	struct vcpu *vcpu = start();

	(void)state;
	machine_write(0x304, 4, 0x3f << (48 - 32));
	raise_edge(vcpu, 60);
	take(60);
	for (uint32_t intid = 48; intid < 54; intid++)
		machine_write(0x400 + intid, 1, 0x10);
	machine_write(0x400 + 60, 1, 0xf0);
	end();
	raise_edge(vcpu, 60);
	take(60);
	end();
	machine_compare();
	machine_write(0x384, 4, 0x3f << (48 - 32));
	assert_quiet();
}

/* One SGI from two processors is two interrupts, each with its sender (3.1.1). */
static void sgi_of_two_senders(void **state)
{
	struct guest *guest = &machine_guests[0];

	(void)state;
	start();
	machine_post_sgi(guest, 5, 1);
	machine_post_sgi(guest, 5, 3);
	machine_kick();
	take(5 | 1u << 10);
	end();
	take(5 | 3u << 10);
	end();
	assert_quiet();
}

/* The second sender comes while the first one's is being handled. */
static void sgi_of_second_sender_while_active(void **state)
{
	struct guest *guest = &machine_guests[0];

	(void)state;
	start();
	machine_write(0xf00, 4, 2u << 24 | 5);
	take(5 | 0u << 10);
	machine_post_sgi(guest, 5, 3);
	machine_kick();
	end();
	take(5 | 3u << 10);
	end();
	assert_quiet();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edge_while_active_and_disabled),
		cmocka_unit_test(edge_latched_before_disabled),
		cmocka_unit_test(switch_with_full_lists),
		cmocka_unit_test(nest_deeply),
		cmocka_unit_test(end_of_unlisted_is_late),
		cmocka_unit_test(end_of_unlisted_by_its_running_priority),
		cmocka_unit_test(active_by_the_guest),
		cmocka_unit_test(sgi_of_two_senders),
		cmocka_unit_test(sgi_of_second_sender_while_active),
	};

	return unit_run(argc, argv, tests);
}
