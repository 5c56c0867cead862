// SPDX-License-Identifier: BSD-2-Clause
/*
 * Faults that are a guest's own: what abort it is told of. Where a stage-1 walk
 * meets the hole is found out by walking the guest's tables, in both formats; and
 * where guest RAM lies.
 */
#include "arch/cp15.h"
#include "arch/hsr.h"
#include "kernel/trap.h"
#include "tests/host/unit/fault_rig.h"
#include "tests/host/unit/unit.h"

#define SEEDS 3000u

#define EAE (1u << 31)

static uint32_t abort_of(uint32_t class)
{
	return class << HSR_EC_SHIFT | HSR_IL | 0x06;
}

/* ---- The guest's tables ---------------------------------------------------------- */

/* Of a power of two bytes, in the hole or in RAM. Tables don't share pages. */
static uint32_t place_table(bool is_in_hole, uint32_t level, uint32_t bytes)
{
	uint32_t size = RAM_BYTES / 4;

	return (is_in_hole ? HOLE_IPA : RAM_IPA) + (level - 1) * size +
	       unit_below(size / bytes) * bytes;
}

static uint32_t hpfar_of(uint32_t ipa)
{
	return ipa / PAGE_BYTES << HPFAR_TO_PAGE_SHIFT;
}

/* B3.5.4: TTBR0's first level has 2^(14-N) bytes, TTBR1's 16 KiB. Returns where the
 * walk for address meets the hole, which is at `level`. */
static uint32_t make_short(uint32_t address, uint32_t level)
{
	uint32_t n = unit_below(8);
	bool is_upper = n && address >> (32 - n);
	uint32_t bytes = is_upper ? 16 * KIB : 16 * KIB >> n;
	uint32_t first = place_table(level == 1, 1, bytes);
	uint32_t second = place_table(level == 2, 2, KIB);
	uint32_t index = address >> 20;

	cp15.TTBCR = n;
	cp15.TTBR0 = cp15.TTBR1 = RAM_IPA + 0xf0000;
	*(is_upper ? &cp15.TTBR1 : &cp15.TTBR0) = first | 0x4a; /* attributes */
	if (!is_upper)
		index &= (1u << (12 - n)) - 1;
	rig_store(first + index * 4, second | 1);
	return level == 1 ? first + index * 4 : second + (address >> 12 & 0xff) * 4;
}

/* B3.6.6. With both regions defined, what is in none faults before any walk. */
static uint32_t make_long(uint32_t *address, uint32_t level)
{
	uint32_t t0sz = unit_below(8), t1sz = unit_below(8), tables[4], at = 0;
	bool is_upper = unit_once_in(2) && (t0sz || t1sz);
	uint32_t size = is_upper ? t1sz : t0sz;
	uint32_t first = size < 2 ? 1 : 2;

	if (t1sz && is_upper)
		*address |= ~(UINT32_MAX >> t1sz);
	else if (is_upper) /* all above TTBR0's */
		*address |= 1u << (31 - unit_below(t0sz));
	else if (t0sz)
		*address &= UINT32_MAX >> t0sz;
	else if (t1sz) /* all below TTBR1's */
		*address &= ~(1u << (31 - unit_below(t1sz)));
	level = level < first ? first : level;
	cp15.TTBCR = EAE | t1sz << 16 | t0sz;
	for (uint32_t i = first; i <= 3; i++) {
		uint32_t bits = i == first ? (i == 1 ? 2 : 11) - size : 9;

		tables[i] = place_table(i == level, i, 8u << (i == 1 ? 2 - size : bits));
	}
	cp15.TTBR0 = cp15.TTBR1 = (uint64_t)0x12 << 48 | (RAM_IPA + 0xf0000); /* ASID */
	*(is_upper ? &cp15.TTBR1 : &cp15.TTBR0) = (uint64_t)0x12 << 48 | tables[first];
	for (uint32_t i = first; i <= level; i++) {
		uint32_t shift = 39 - 9 * i;
		uint32_t bits = i == first ? (i == 1 ? 2 : 11) - size : 9;
		uint32_t index = *address >> shift & ((1u << bits) - 1);

		at = tables[i] + index * 8;
		rig_store(at, i < 3 ? tables[i + 1] | 3 : 0);
	}
	return at;
}

static enum abort_kind kind_of_level(uint32_t hole_at, uint32_t level)
{
	static const enum abort_kind kinds[] = { [1] = ABORT_EXTERNAL_WALK_1,
						 [2] = ABORT_EXTERNAL_WALK_2,
						 [3] = ABORT_EXTERNAL_WALK_3 };

	unit_check(hole_at - HOLE_IPA < RAM_BYTES, "the test walks into 0x%x", hole_at);
	return kinds[level];
}

static void run_short_walk(void)
{
	uint32_t address = unit_word(), level = 1 + unit_below(2), at;
	bool is_data = unit_once_in(2);

	rig_start();
	at = make_short(address, level);
	cp15.HPFAR = hpfar_of(at);
	cp15.HDFAR = cp15.HIFAR = address;
	unit_log("address 0x%x, TTBCR 0x%x, hole at 0x%x", address, cp15.TTBCR, at);
	fault_guest(&rig_vcpu,
		    abort_of(is_data ? HSR_EC_DATA_ABORT : HSR_EC_PREFETCH_ABORT) | HSR_S1PTW,
		    EXIT_FAULT);
	rig_check_told(kind_of_level(at, level), address, is_data);
}

static void run_long_walk(void)
{
	uint32_t address = unit_word(), level = 1 + unit_below(3), at, first;

	rig_start();
	at = make_long(&address, level);
	first = at - HOLE_IPA < RAM_BYTES / 4 ? 1 : at - HOLE_IPA < RAM_BYTES / 2 ? 2 : 3;
	cp15.HPFAR = hpfar_of(at);
	cp15.HDFAR = address;
	unit_log("address 0x%x, TTBCR 0x%x, hole at 0x%x", address, cp15.TTBCR, at);
	fault_guest(&rig_vcpu, abort_of(HSR_EC_DATA_ABORT) | HSR_S1PTW, EXIT_FAULT);
	rig_check_told(kind_of_level(at, first), address, true);
}

static void walks_in_short_format(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_short_walk);
}

static void walks_in_long_format(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_long_walk);
}

/* ---- Other aborts --------------------------------------------------------------- */

static void accesses_to_a_hole(void **state)
{
	(void)state;
	for (uint32_t is_aligned = 0; is_aligned < 2; is_aligned++) {
		rig_start();
		cp15.HDFAR = HOLE_IPA + 1;
		fault_guest(&rig_vcpu, abort_of(HSR_EC_DATA_ABORT) | HSR_WNR,
			    is_aligned ? EXIT_FAULT : EXIT_MISALIGNED);
		rig_check_told(is_aligned ? ABORT_EXTERNAL : ABORT_ALIGNMENT, HOLE_IPA + 1, true);
		assert_true(rig_told.hsr & HSR_WNR);
	}
	rig_start();
	cp15.HIFAR = HOLE_IPA;
	fault_guest(&rig_vcpu, abort_of(HSR_EC_PREFETCH_ABORT), EXIT_FAULT);
	rig_check_told(ABORT_EXTERNAL, HOLE_IPA, false);
	rig_start();
	cp15.HDFAR = HOLE_IPA + 1;
	fault_guest(&rig_vcpu, abort_of(HSR_EC_DATA_ABORT) | HSR_CM | HSR_WNR, EXIT_FAULT);
	rig_check_told(ABORT_EXTERNAL, HOLE_IPA + 1, true);
	assert_int_equal(rig_told.hsr & (HSR_WNR | HSR_CM), HSR_WNR | HSR_CM);
}

static void check_policy(enum vm_on_fault policy, uint32_t injects, uint32_t reports)
{
	rig_start();
	rig_config.on_fault = policy;
	fault_guest(&rig_vcpu, abort_of(HSR_EC_DATA_ABORT), EXIT_FAULT);
	fault_asynchronous(&rig_vcpu);
	assert_int_equal(rig_told.count, injects);
	assert_int_equal(rig_told.asynchronous, injects);
	assert_int_equal(rig_told.reports, 2 * reports);
	assert_true(!reports || (rig_told.hsr & HSR_EA)); /* the last one came late */
}

static void policies(void **state)
{
	(void)state;
	check_policy(VM_ON_FAULT_INJECT, 1, 0);
	check_policy(VM_ON_FAULT_RESTART, 0, 1);
	check_policy(VM_ON_FAULT_HALT, 0, 1);
}

static void check_place(uint32_t ipa, uint32_t bytes, uint32_t want)
{
	pa_t pa = { 0x77 };

	unit_check(guest_ram_find(&rig_config, (ipa_t){ ipa }, &pa) == bytes,
		   "0x%x: RAM for so many bytes", ipa);
	unit_check(pa.raw == (bytes ? want : 0x77), "0x%x lies at 0x%x", ipa, pa.raw);
}

static void where_ram_lies(void **state)
{
	(void)state;
	rig_start();
	check_place(0x1fffffff, 0, 0);
	check_place(0x20000000, 0x200000, 0xc0000000);
	check_place(0x201fffff, 1, 0xc01fffff);
	check_place(0x20200000, 0, 0);
	check_place(RAM_IPA - 1, 0, 0);
	check_place(RAM_IPA, RAM_BYTES, RAM_PA);
	check_place(RAM_IPA + RAM_BYTES - 1, 1, RAM_PA + RAM_BYTES - 1);
	check_place(RAM_IPA + RAM_BYTES, 0, 0);
	check_place(0, 0, 0);
	check_place(UINT32_MAX, 0, 0);
	rig_store(RAM_IPA + 0x1234, 0xabcdef01);
	assert_int_equal(guest_ram_word(rig_vcpu.core, (pa_t){ RAM_PA + 0x1234 }), 0xabcdef01);
	rig_check_closed();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_in_short_format), cmocka_unit_test(walks_in_long_format),
		cmocka_unit_test(accesses_to_a_hole),    cmocka_unit_test(policies),
		cmocka_unit_test(where_ram_lies),
	};

	return unit_run(argc, argv, tests);
}
