// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual interrupt controller under random sequences of what guests,
 * devices and the scheduler do, against the oracle: nothing is lost, nothing
 * comes that was not asked for, nothing stays behind.
 */
#include <string.h>

#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/machine.h"
#include "tests/host/unit/unit.h"

#define SEEDS 400u
#define STEPS 600u

/* What a sequence may contain. */
static struct {
	uint32_t depth;  /* active interrupts that a guest has at most */
	bool is_peeking; /* it sets and clears active states by itself */
	bool is_asking;  /* it sets linked interrupts pending by itself */
	bool is_late;    /* the maintenance interrupt comes late now and then */
} play;

static struct guest *any_guest(void)
{
	return &machine_guests[unit_below(MACHINE_GUESTS)];
}

/* A few bits out of 32. */
static uint32_t some_bits(void)
{
	return unit_once_in(2) ? 1u << unit_below(32) : unit_word() & unit_word() & unit_word();
}

static void boot(struct guest *guest)
{
	guest->has_booted = true;
	guest->is_split = unit_once_in(3);
	for (uint32_t n = 0; n < ORACLE_IRQS; n += 4)
		machine_write(0x400 + n, 4, unit_word());
	machine_write(0xc08, 4, 0x00000280); /* 35 and 36 are edges */
	machine_write(0x080, 4, unit_once_in(2) ? 0 : unit_word());
	machine_write(0x100, 4, 0xffffffff);
	machine_write(0x104, 4, 0xffffffff);
	machine_write(0x000, 4, 3);
	gicv_set_mask(0xff);
	gicv_set_control(3 | (guest->is_split ? 0x200 : 0));
}

/* EOIs that find no list register don't tell of what they are: so nothing else may
 * be active then. */
static void write_active(struct guest *guest)
{
	uint32_t word = unit_below(ORACLE_IRQS / 32) * 4;
	uint32_t count = oracle_count_active(&guest->oracle);

	if (!play.is_peeking)
		return;
	if (guest->is_peeking || count <= 1)
		machine_write(0x380 + word, 4, unit_once_in(3) ? 0xffffffff : some_bits());
	if (guest->open_count + guest->dropped_count == 0 && unit_once_in(2))
		machine_write(0x300 + word, 4, some_bits());
	guest->is_peeking = guest->open_count + guest->dropped_count == 0 &&
			    oracle_count_active(&guest->oracle) != 0;
}

static bool may_acknowledge(const struct guest *guest)
{
	return !guest->is_peeking && oracle_count_active(&guest->oracle) < play.depth;
}

/* Of an active interrupt it is the guest's own business: then EOIs that find no
 * list register are ambiguous. */
static void write_priority(struct guest *guest)
{
	uint32_t n = unit_below(ORACLE_IRQS + 4);

	if (!play.is_peeking && oracle_count_active(&guest->oracle))
		return;
	if (unit_once_in(2))
		machine_write(0x400 + n, 1, unit_word() & 0xff);
	else
		machine_write(0x400 + n / 4 * 4, 4, unit_word());
}

static void write_anything(void)
{
	static const uint32_t quiet[] = { 0x004, 0x008, 0x00c, 0x088, 0x10c, 0x20c, 0x30c,
					  0x444, 0x800, 0x820, 0x844, 0xc00, 0xc04, 0xc10,
					  0xd00, 0xe00, 0xf04, 0xf30, 0xfd0, 0xfe8, 0xffc };
	uint32_t offset = quiet[unit_below(ARRAY_SIZE(quiet))];

	machine_write(offset, unit_once_in(4) ? 2 : 4, unit_word());
}

static void write_pending(uint32_t word)
{
	uint32_t linked = word ? 7u << (40 - 32) : 1u << MACHINE_TIMER;

	machine_write(0x200 + word, 4, some_bits() & (play.is_asking ? UINT32_MAX : ~linked));
}

static void write_distributor(struct guest *guest)
{
	uint32_t word = unit_below(ORACLE_IRQS / 32) * 4;

	switch (unit_below(12)) {
	case 0:
		machine_write(0x000, 4, unit_once_in(2) ? 3 : unit_below(4));
		break;
	case 1:
		machine_write(0x080 + word, 4, unit_word());
		break;
	case 2:
	case 3:
		machine_write(0x100 + word, 4, unit_once_in(2) ? 0xffffffff : some_bits());
		break;
	case 4:
		machine_write(0x180 + word, 4, some_bits());
		break;
	case 5:
		write_pending(word);
		break;
	case 6:
		machine_write(0x280 + word, 4, some_bits());
		break;
	case 7:
		write_active(guest);
		break;
	case 8:
		write_priority(guest);
		break;
	case 9:
		machine_write(0xf00, 4, unit_below(4) << 24 | 1u << 16 | unit_below(16));
		break;
	case 10:
		machine_write(0xf10 + unit_below(32), 1, 1);
		break;
	default:
		write_anything();
	}
}

static void wait_for_interrupt(struct guest *guest)
{
	if (vgic_has_pending(guest->vcpu))
		return;
	unit_log("wait");
	guest->vcpu->state = VCPU_IDLE;
	machine_switch(unit_once_in(2) ? NULL : any_guest());
}

static void step_guest(struct guest *guest)
{
	if (!guest->has_booted)
		boot(guest);
	switch (unit_below(10)) {
	case 0:
	case 1:
	case 2:
		if (may_acknowledge(guest))
			machine_acknowledge();
		break;
	case 3:
	case 4:
	case 5:
		if (machine_end())
			machine_deactivate(0);
		break;
	case 6:
	case 7:
		write_distributor(guest);
		break;
	case 8:
		wait_for_interrupt(guest);
		break;
	default:
		gicv_set_mask(unit_once_in(2) ? 0xff : unit_word());
	}
}

static void step_linked(void)
{
	static const uint32_t intids[] = { 40, 41, 42 };
	uint32_t intid = intids[unit_below(ARRAY_SIZE(intids))];
	struct guest *loaded = machine_loaded();
	bool is_high = unit_once_in(2);

	if (loaded && unit_once_in(2)) {
		unit_log("timer %d", is_high);
		machine_set_timer(loaded, is_high);
	} else {
		unit_log("device %u %d", intid, is_high);
		gicp_set_line(intid, is_high);
	}
}

/* What happens outside the guest: devices, other VMs, the scheduler. */
static void step_outside(void)
{
	struct guest *guest = any_guest();
	uint32_t intid;
	bool is_high = unit_once_in(2);

	switch (unit_below(8)) {
	case 0:
	case 1:
		intid = unit_once_in(3) ? 30 : 33 + unit_below(4);
		unit_log("line %u %d of %d", intid, is_high, (int)(guest - machine_guests));
		oracle_set_line(&guest->oracle, intid, is_high);
		vgic_set_line(guest->vcpu, intid, is_high);
		break;
	case 2:
	case 3:
		intid = 35 + unit_below(4);
		unit_log("edge %u of %d", intid, (int)(guest - machine_guests));
		guest->oracle.irq[intid].is_latched = true;
		vgic_raise_edge(guest->vcpu, intid);
		break;
	case 4:
		intid = unit_below(16);
		unit_log("sgi %u of %d", intid, (int)(guest - machine_guests));
		guest->oracle.irq[intid].sources |= 1;
		vgic_raise_sgi(guest->vcpu, intid, 0);
		break;
	case 5:
		machine_switch(unit_once_in(6) ? NULL : guest);
		break;
	default:
		step_linked();
	}
}

/* The guest finishes all, its devices keep quiet. */
static void drain_guest(struct guest *guest)
{
	machine_switch(guest);
	machine_settle(false);
	if (!guest->has_booted)
		boot(guest);
	machine_settle(false);
	for (uint32_t n = 0; n < ORACLE_IRQS; n++) {
		oracle_set_line(&guest->oracle, n, false);
		vgic_set_line(guest->vcpu, n, false);
	}
	machine_settle(false);
	while (machine_end())
		machine_settle(false);
	while (machine_deactivate(guest->dropped_count - 1))
		machine_settle(false);
	machine_write(0x380, 4, 0xffffffff);
	machine_write(0x384, 4, 0xffffffff);
	machine_write(0x100, 4, 0xffffffff);
	machine_write(0x104, 4, 0xffffffff);
	machine_write(0x000, 4, 3);
	/* One of priority 0xf8 is not below any mask of five bits: never signalled. */
	for (uint32_t n = 0; n < ORACLE_IRQS; n += 4)
		machine_write(0x400 + n, 4, unit_word() & 0x78787878);
	gicv_set_mask(0xff);
	gicv_set_control(3);
	guest->is_split = false;
	machine_settle(false);
}

/* The rest comes once each, and in the end there is nothing left. */
static void drain(struct guest *guest)
{
	drain_guest(guest);
	machine_check();
	for (uint32_t n = 0; machine_acknowledge(); n++) {
		unit_check(n < ORACLE_IRQS + 8 * 16, "interrupts without an end");
		machine_settle(false);
		machine_end();
		machine_settle(false);
		machine_check();
	}
	unit_check(oracle_best(&guest->oracle) < 0, "%d never came", oracle_best(&guest->oracle));
	machine_compare();
	for (uint32_t i = 0; i < GIC_LIST_COUNT; i++)
		unit_check(!gich_lr_is_pending(gich_lr(i)) && !gich_lr_is_active(gich_lr(i)),
			   "list register %u is left with 0x%x", i, gich_lr(i));
}

static void finish(void)
{
	static const uint32_t linked[] = { 40, 41, 42, MACHINE_TIMER };

	for (uint32_t i = 0; i < ARRAY_SIZE(linked); i++)
		gicp_set_line(linked[i], false);
	for (uint32_t i = 0; i < MACHINE_GUESTS; i++) {
		machine_guests[i].is_timer_high = false;
		drain(&machine_guests[i]);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(linked); i++)
		unit_check(!gicp_is_active(linked[i]), "%u is left physically active", linked[i]);
}

static void run_sequence(void)
{
	bool is_late = false;

	machine_init();
	for (uint32_t n = 0; n < STEPS; n++) {
		struct guest *guest = machine_loaded();

		if (guest && !is_late && !unit_once_in(3))
			step_guest(guest);
		else
			step_outside();
		is_late = play.is_late && unit_once_in(8);
		if (is_late)
			continue;
		machine_settle(play.is_late);
		machine_check();
		if (machine_loaded() && machine_loaded()->has_booted && unit_once_in(16))
			machine_compare();
		if (unit_once_in(200))
			machine_restart(any_guest());
	}
	finish();
}

/* As real guests behave: some nesting, all interrupts in time. */
static void random_sequences(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	play.depth = 3;
	unit_each_seed(SEEDS, run_sequence);
}

/* Active states written by the guest, too. */
static void random_active_writes(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	play.depth = 3;
	play.is_peeking = true;
	unit_each_seed(SEEDS, run_sequence);
}

/* Set-pending of interrupts that come from a device as well. */
static void random_pending_writes(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	play.depth = 3;
	play.is_asking = true;
	unit_each_seed(SEEDS, run_sequence);
}

/* More active interrupts than there are list registers. */
static void random_deep_nesting(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	play.depth = 20;
	unit_each_seed(SEEDS, run_sequence);
}

/* The maintenance interrupt comes after a switch, or after other interrupts. */
static void random_late_maintenance(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	play.depth = 20;
	play.is_late = true;
	unit_each_seed(SEEDS, run_sequence);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences),        cmocka_unit_test(random_active_writes),
		cmocka_unit_test(random_pending_writes),   cmocka_unit_test(random_deep_nesting),
		cmocka_unit_test(random_late_maintenance),
	};

	return unit_run(argc, argv, tests);
}
