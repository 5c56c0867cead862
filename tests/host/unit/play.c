// SPDX-License-Identifier: BSD-2-Clause
/*
 * See play.h.
 */
#include "tests/host/unit/play.h"

#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/unit.h"

struct play play;

struct guest *play_any_guest(void)
{
	return &machine_guests[unit_below(MACHINE_GUESTS)];
}

/* A few bits out of 32. */
static uint32_t some_bits(void)
{
	return unit_once_in(2) ? 1u << unit_below(32) : unit_word() & unit_word() & unit_word();
}

void play_boot(struct guest *guest)
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

/* Of what it has not taken: an EOI that finds no list register does not tell of what it is,
 * so it is of one that was taken and is still active. */
static void write_active(struct guest *guest)
{
	uint32_t word = unit_below(ORACLE_IRQS / 32) * 4;

	if (!play.is_peeking || guest->open_count + guest->dropped_count)
		return;
	machine_write(0x380 + word, 4, unit_once_in(3) ? 0xffffffff : some_bits());
	if (unit_once_in(2))
		machine_write(0x300 + word, 4, some_bits());
}

static bool may_acknowledge(const struct guest *guest)
{
	return guest->open_count + guest->dropped_count < play.depth;
}

/* Of an active interrupt, too: who is ended is told by the priority it had when taken. */
static void write_priority(void)
{
	uint32_t n = unit_below(ORACLE_IRQS + 4);

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

void play_distributor(struct guest *guest)
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
		write_priority();
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
	machine_switch(unit_once_in(2) ? NULL : play_any_guest());
}

/* The next one preempts the one that is being handled; it is taken at some later step. */
static void ask_for_more_urgent(void)
{
	uint32_t n = 48 + unit_below(16);
	uint32_t running = gich_apr() ? (uint32_t)__builtin_ctz(gich_apr()) : 31;

	if (!running)
		return;
	machine_write(0x400 + n, 1, (running - 1 - unit_below(running) / 4) << 3);
	machine_write(0x104, 4, 1u << n % 32);
	machine_write(0x204, 4, 1u << n % 32);
}

void play_guest(struct guest *guest)
{
	if (!guest->has_booted)
		play_boot(guest);
	if (play.depth > GIC_LIST_COUNT && unit_once_in(20))
		guest->is_diving = !guest->is_diving;
	if (guest->is_diving && unit_once_in(2)) {
		if (!may_acknowledge(guest) || !machine_acknowledge())
			ask_for_more_urgent();
		return;
	}
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
		play_distributor(guest);
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
void play_outside(void)
{
	struct guest *guest = play_any_guest();
	uint32_t intid;
	bool is_high = unit_once_in(2);

	switch (unit_below(10)) {
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
		machine_post_sgi(guest, unit_below(2), 1 + unit_below(2));
		break;
	case 6:
		machine_post_edge(guest, 35 + unit_below(4));
		break;
	case 7:
	case 8:
		machine_kick();
		break;
	case 5:
		machine_switch(unit_once_in(6) ? NULL : guest);
		break;
	default:
		step_linked();
	}
}
