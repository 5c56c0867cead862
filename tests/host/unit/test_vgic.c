// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual interrupt controller under random sequences of what guests,
 * devices and the scheduler do (play.c), against the oracle: nothing is lost,
 * nothing comes that was not asked for, nothing stays behind.
 */
#include <string.h>

#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/machine.h"
#include "tests/host/unit/play.h"
#include "tests/host/unit/unit.h"

#define SEEDS 400u
#define STEPS 600u

/* The guest finishes all, its devices keep quiet. */
static void drain_guest(struct guest *guest)
{
	machine_switch(guest);
	machine_settle(false);
	if (!guest->has_booted)
		play_boot(guest);
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

	machine_kick();
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

		if (guest && is_late && unit_once_in(3))
			play_distributor(guest);
		else if (guest && !is_late && !unit_once_in(3))
			play_guest(guest);
		else
			play_outside();
		is_late = play.is_late && unit_once_in(8);
		if (is_late)
			continue;
		machine_settle(play.is_late);
		machine_check();
		if (machine_loaded() && machine_loaded()->has_booted && unit_once_in(16))
			machine_compare();
		if (unit_once_in(200))
			machine_restart(play_any_guest());
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

/* The maintenance interrupt comes after a switch, after other interrupts, or after the
 * guest's next access to the distributor. */
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
