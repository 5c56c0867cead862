// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a trapped access to a device and back: whose page it is, by a hand-made
 * stage-2 table; size, sign, byte order; and the register.
 */
#include <string.h>
#include <sys/mman.h>

#include "arch/banked.h"
#include "arch/hsr.h"
#include "arch/psr.h"
#include "arch/regfile.h"
#include "arch/stage2.h"
#include "kernel/mmio.h"
#include "kernel/trap.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"
#include "tools/mksystem/descriptor.h"

#define SEEDS   100u
#define STEPS   2000u
#define REGIONS 40u
#define LEAVES  3u

/* What a page is: a region's number, or one of these. */
#define HOLE   0u
#define MAPPED UINT32_MAX

static struct vcpu vcpu;
static struct vm vm;
static struct mmio_region regions[REGIONS];
static uint64_t *root;
static uint64_t *leaves[LEAVES]; /* the descriptors have 32 bits for them */
static uint32_t block_of[STAGE2_ROOT_ENTRIES];
static uint32_t page_of[LEAVES][STAGE2_LEAF_ENTRIES];
static uint32_t leaf_block[LEAVES];

/* What the device was asked, and what it says. */
static struct mmio asked;
static uint32_t asked_region, ask_count;
static uint32_t said;
static enum exit_result answer;

static enum exit_result play_device(struct vcpu *who, void *device, struct mmio *mmio)
{
	unit_check(who == &vcpu, "for another vCPU");
	asked = *mmio;
	asked_region = (uint32_t)((struct mmio_region *)device - regions);
	ask_count++;
	if (!mmio->is_write)
		mmio->value = said;
	return answer;
}

/* One whose registers have 16 bits: it is asked for those. */
static void is_asked_for_register(const struct mmio_region *region, uint32_t offset, bool is_write)
{
	asked = (struct mmio){ .offset = offset, .is_write = is_write, .bytes = 2 };
	asked_region = (uint32_t)(region - regions);
	ask_count++;
}

static enum exit_result read_register(struct vcpu *who, const struct mmio_region *region,
				      uint32_t offset, uint32_t *value)
{
	unit_check(who == &vcpu, "for another vCPU");
	is_asked_for_register(region, offset, false);
	said &= 0xffff;
	if (answer == EXIT_DONE)
		*value = said;
	return answer;
}

static enum exit_result write_register(struct vcpu *who, const struct mmio_region *region,
				       uint32_t offset, uint32_t value)
{
	unit_check(who == &vcpu, "for another vCPU");
	is_asked_for_register(region, offset, true);
	asked.value = value & 0xffff;
	return answer;
}

static void *map_below_4_gib(uint32_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static void make_once(void)
{
	if (root)
		return;
	root = map_below_4_gib(STAGE2_ROOT_BYTES);
	for (uint32_t i = 0; i < LEAVES; i++)
		leaves[i] = map_below_4_gib(PAGE_BYTES);
	for (uint32_t i = 0; i < REGIONS; i++)
		regions[i] = (struct mmio_region){ .access = play_device,
						   .device = &regions[i],
						   .read = mmio_read,
						   .write = mmio_write };
	for (uint32_t i = 1; i < REGIONS; i += 2)
		regions[i] = (struct mmio_region){ .read = read_register, .write = write_register };
	regions[0].access = mmio_hole;
}

/* A page or block of RAM, a hole, or a region. */
static uint32_t any_place(uint64_t *descriptor, uint32_t type)
{
	uint32_t n = unit_below(REGIONS);

	if (unit_once_in(4)) {
		*descriptor =
			(uint64_t)STAGE2_HIGH_XN << 32 | unit_word() << 12 | STAGE2_RAM | type;
		return MAPPED;
	}
	*descriptor = unit_once_in(4) ? 0 : n * sizeof(struct mmio_region);
	return *descriptor ? n : HOLE;
}

static void make_tables(void)
{
	make_once();
	for (uint32_t i = 0; i < STAGE2_ROOT_ENTRIES; i++)
		block_of[i] = any_place(&root[i], STAGE2_BLOCK);
	for (uint32_t i = 0; i < LEAVES; i++) {
		leaf_block[i] = unit_below(4) * 512 + i; /* each in its own block */
		root[leaf_block[i]] = (uintptr_t)leaves[i] | STAGE2_TABLE;
		for (uint32_t n = 0; n < STAGE2_LEAF_ENTRIES; n++)
			page_of[i][n] = any_place(&leaves[i][n], STAGE2_PAGE);
	}
	vcpu.vm = &vm;
	vcpu.stage2 = root;
	vcpu.regions = regions;
}

static bool is_in_leaf(uint32_t ipa)
{
	return (root[ipa / BLOCK_BYTES] & STAGE2_TABLE) == STAGE2_TABLE;
}

static uint32_t place_of(uint32_t ipa)
{
	uint32_t place = block_of[ipa / BLOCK_BYTES];

	for (uint32_t i = 0; i < LEAVES; i++)
		if (ipa / BLOCK_BYTES == leaf_block[i])
			place = page_of[i][ipa % BLOCK_BYTES / PAGE_BYTES];
	return place;
}

static uint32_t any_ipa(void)
{
	uint32_t block = unit_once_in(2) ? leaf_block[unit_below(LEAVES)] : unit_below(2048);

	return block * BLOCK_BYTES + unit_below(BLOCK_BYTES);
}

/* The lower bytes, in the order of the guest's accesses (A3.3.1). */
static uint32_t ordered(uint32_t value, uint32_t bytes, bool is_big)
{
	uint32_t result = 0;

	for (uint32_t i = 0; i < bytes; i++) {
		uint32_t byte = value >> 8 * i & 0xff;

		result |= byte << 8 * (is_big ? bytes - 1 - i : i);
	}
	return result;
}

static uint32_t sign_extended(uint32_t value, uint32_t bytes)
{
	if (bytes == 1)
		return (uint32_t)(int8_t)value;
	return bytes == 2 ? (uint32_t)(int16_t)value : value;
}

struct access {
	uint32_t ipa, rt, bytes;
	bool is_write, is_signed, is_big;
};

static uint32_t hsr_of(const struct access *access)
{
	static const uint32_t sas[] = { [1] = 0, [2] = 1, [4] = 2, [8] = 3 };

	return (uint32_t)HSR_EC_DATA_ABORT << HSR_EC_SHIFT | HSR_IL | HSR_ISV |
	       HSR_FSC_TRANSLATION | (is_in_leaf(access->ipa) ? 3 : 2) |
	       sas[access->bytes] << HSR_SAS_SHIFT | access->rt << HSR_SRT_SHIFT |
	       (access->is_write ? HSR_WNR : 0) | (access->is_signed ? HSR_SSE : 0);
}

static enum exit_result run(const struct access *access)
{
	uint32_t hsr = hsr_of(access);

	if ((access->bytes == 4 || (access->bytes == 2 && !access->is_signed)) &&
	    access->ipa % 4 == 0 && !access->is_big && access->rt < 8 && unit_once_in(2))
		return mmio_access_register(&vcpu, access->ipa / PAGE_BYTES,
					    access->ipa % PAGE_BYTES, hsr, access->bytes == 4);
	return mmio_access(&vcpu, access->ipa, hsr);
}

static void check_asked_for_register(const struct access *access, uint32_t rt_before)
{
	uint32_t region = place_of(access->ipa);
	uint32_t value = ordered(rt_before, access->bytes, access->is_big) & 0xffff;

	if (access->is_write && access->ipa % 4) {
		unit_check(ask_count == 0, "its upper part is written");
		return;
	}
	unit_check(ask_count == 1 && asked_region == region, "region %u is asked, not %u",
		   asked_region, region);
	unit_check(asked.offset == access->ipa % PAGE_BYTES / 4 * 4 &&
			   asked.is_write == access->is_write,
		   "offset 0x%x", asked.offset);
	unit_check(!access->is_write || asked.value == value, "0x%x is written as 0x%x", rt_before,
		   asked.value);
}

static void check_asked(const struct access *access, uint32_t rt_before)
{
	uint32_t region = place_of(access->ipa);

	if (!regions[region].access) {
		check_asked_for_register(access, rt_before);
		return;
	}
	unit_check(ask_count == 1 && asked_region == region, "region %u is asked, not %u",
		   asked_region, region);
	unit_check(asked.offset == access->ipa % PAGE_BYTES && asked.bytes == access->bytes &&
			   asked.is_write == access->is_write,
		   "offset 0x%x of %u bytes", asked.offset, asked.bytes);
	unit_check(!access->is_write ||
			   asked.value == ordered(rt_before, access->bytes, access->is_big),
		   "0x%x is written as 0x%x", rt_before, asked.value);
}

static uint32_t register_after(const struct access *access, enum exit_result result,
			       uint32_t before)
{
	uint32_t value;

	if (access->is_write || result != EXIT_DONE || access->rt == 15)
		return before;
	value = said;
	if (!regions[place_of(access->ipa)].access)
		value >>= 8 * (access->ipa % 4);
	value = ordered(value, access->bytes, access->is_big);
	return access->is_signed ? sign_extended(value, access->bytes) : value;
}

static void any_access(void)
{
	static const enum exit_result answers[] = { EXIT_DONE, EXIT_DONE, EXIT_WAIT, EXIT_FAULT };
	struct access access = {
		.ipa = any_ipa(),
		.rt = unit_below(16),
		.bytes = 1u << unit_below(unit_once_in(9) ? 4 : 3),
		.is_write = unit_once_in(2),
		.is_signed = unit_once_in(2),
		.is_big = unit_once_in(4),
	};
	bool is_good;
	uint32_t before, want;
	enum exit_result result;

	while (place_of(access.ipa) == MAPPED) /* not after a translation fault */
		access.ipa = any_ipa();
	if (!unit_once_in(4))
		access.ipa &= ~(access.bytes - 1);
	is_good = access.bytes <= 4 && access.ipa % access.bytes == 0;
	vcpu.frame.cpsr = PSR_MODE_SVC | (access.is_big ? PSR_E : 0);
	regfile_write(&vcpu.frame, access.rt, unit_word());
	before = regfile_read(&vcpu.frame, access.rt);
	said = unit_word();
	answer = answers[unit_below(4)];
	ask_count = 0;
	unit_log("0x%08x: %u bytes, write %d, signed %d, big %d, r%u", access.ipa, access.bytes,
		 access.is_write, access.is_signed, access.is_big, access.rt);
	result = run(&access);
	if (is_good && place_of(access.ipa) != HOLE) {
		if (!ask_count)
			answer = EXIT_DONE;
		unit_check(result == answer, "the answer becomes %d", (int)result);
		check_asked(&access, before);
	} else {
		unit_check(result == (is_good ? EXIT_FAULT : EXIT_MISALIGNED) && ask_count == 0,
			   "no fault");
	}
	want = register_after(&access, result, before);
	unit_check(regfile_read(&vcpu.frame, access.rt) == want, "r%u is 0x%x, not 0x%x", access.rt,
		   regfile_read(&vcpu.frame, access.rt), want);
}

static void run_sequence(void)
{
	make_tables();
	for (uint32_t n = 0; n < STEPS; n++)
		any_access();
}

static void random_accesses(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_sequence);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_accesses),
	};

	return unit_run(argc, argv, tests);
}
