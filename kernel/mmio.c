// SPDX-License-Identifier: BSD-2-Clause
/*
 * See mmio.h. The stage-2 table that made the access trap also tells whose page
 * it is: no search (arch/stage2.h).
 */
#include "kernel/mmio.h"

#include "arch/stage2.h"
#include "kernel/trap.h"
#include "kernel/vm.h"

/* The region that a page of the VM's address space belongs to, or the hole. After a
 * translation fault: nothing is mapped there, and the level tells where the walk ended:
 * in a leaf table, or before. */
ON_FAST_PATH const struct mmio_region *find_region(const struct vcpu *vcpu, uint32_t page,
						   uint32_t hsr)
{
	uint32_t descriptor = (uint32_t)vcpu->stage2[page / STAGE2_LEAF_ENTRIES];
	const uint64_t *leaf = (const uint64_t *)(descriptor - STAGE2_TABLE);

	if (hsr & HSR_FSC_LEVEL_3)
		descriptor = (uint32_t)leaf[page % STAGE2_LEAF_ENTRIES];
	return (const struct mmio_region *)((uintptr_t)vcpu->regions + descriptor);
}

/* Ask the device, which its VM's lock guards. */
static inline enum exit_result ask(struct vcpu *vcpu, const struct mmio_region *region,
				   struct mmio *mmio)
{
	uint32_t lane = mmio->offset % 4; /* 0 of a word */
	enum exit_result result = EXIT_DONE;

	lock_take(&vcpu->vm->lock);
	if (mmio->bytes != 4 && region->access) {
		result = region->access(vcpu, region->device, mmio);
	} else if (!mmio->is_write) {
		result = region->read(vcpu, region, mmio->offset - lane, &mmio->value);
		mmio->value >>= 8 * lane;
	} else if (lane == 0) {
		result = region->write(vcpu, region, mmio->offset, mmio->value);
	}
	lock_release(&vcpu->vm->lock);
	return result;
}

/* A read narrower than a word: extended as the instruction says. */
static uint32_t extend(uint32_t value, uint32_t bytes, bool is_signed)
{
	uint32_t unused = 32 - 8 * bytes;

	if (is_signed)
		return (uint32_t)((int32_t)(value << unused) >> unused);
	return value << unused >> unused;
}

/* The bytes in the order of the guest's data accesses (A3.3, SETEND). */
static uint32_t in_order(const struct vcpu *vcpu, uint32_t value, uint32_t bytes)
{
	if (!(vcpu->frame.cpsr & PSR_E))
		return value;
	return __builtin_bswap32(value) >> (32 - 8 * bytes);
}

enum exit_result mmio_transfer(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr, uint32_t *value)
{
	struct mmio mmio = { .offset = ipa % PAGE_BYTES,
			     .value = in_order(vcpu, *value, 4),
			     .bytes = 4,
			     .is_write = (hsr & HSR_WNR) != 0 };
	enum exit_result result = ask(vcpu, find_region(vcpu, ipa / PAGE_BYTES, hsr), &mmio);

	*value = in_order(vcpu, mmio.value, 4);
	return result;
}

enum exit_result mmio_read(struct vcpu *vcpu, const struct mmio_region *region, uint32_t offset,
			   uint32_t *value)
{
	struct mmio mmio = { .offset = offset, .bytes = 4 };
	enum exit_result result = region->access(vcpu, region->device, &mmio);

	if (result == EXIT_DONE)
		*value = mmio.value;
	return result;
}

enum exit_result mmio_write(struct vcpu *vcpu, const struct mmio_region *region, uint32_t offset,
			    uint32_t value)
{
	struct mmio mmio = { .offset = offset, .value = value, .bytes = 4, .is_write = true };

	return region->access(vcpu, region->device, &mmio);
}

static OUT_OF_LINE enum exit_result access_any(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr)
{
	uint32_t rt = hsr >> HSR_SRT_SHIFT & HSR_SRT_MASK;
	uint32_t bytes = 1u << (hsr >> HSR_SAS_SHIFT & HSR_SAS_MASK);
	struct mmio mmio;
	enum exit_result result;

	if (bytes > 4 || ipa & (bytes - 1))
		return EXIT_MISALIGNED; /* a reserved size does not come */
	mmio.offset = ipa % PAGE_BYTES;
	mmio.bytes = (uint8_t)bytes;
	mmio.is_write = (hsr & HSR_WNR) != 0;
	if (mmio.is_write)
		mmio.value =
			in_order(vcpu, extend(regfile_read(&vcpu->frame, rt), bytes, false), bytes);
	result = ask(vcpu, find_region(vcpu, ipa / PAGE_BYTES, hsr), &mmio);
	if (result == EXIT_DONE && !mmio.is_write)
		regfile_write(&vcpu->frame, rt,
			      extend(in_order(vcpu, mmio.value, bytes), bytes, hsr & HSR_SSE));
	return result;
}

EVERYWHERE_IN_LINE enum exit_result
mmio_access_register(struct vcpu *vcpu, uint32_t page, uint32_t offset, uint32_t hsr, bool is_word)
{
	const struct mmio_region *region = find_region(vcpu, page, hsr);
	uint32_t *rt = &vcpu->frame.r[hsr >> HSR_SRT_SHIFT & HSR_SRT_LOW_MASK];
	enum exit_result result;

	if (!is_word && region->access)
		return access_any(vcpu, page * PAGE_BYTES + offset, hsr);
	lock_take(&vcpu->vm->lock);
	if (hsr & HSR_WNR)
		result = region->write(vcpu, region, offset, *rt);
	else
		result = region->read(vcpu, region, offset, rt);
	lock_release(&vcpu->vm->lock);
	return result;
}

EVERYWHERE_IN_LINE enum exit_result mmio_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr)
{
	if ((hsr & HSR_WORD_MASK) != HSR_WORD || (vcpu->frame.cpsr & PSR_E) || ipa % 4)
		return access_any(vcpu, ipa, hsr);
	return mmio_access_register(vcpu, ipa / PAGE_BYTES, ipa % PAGE_BYTES, hsr, true);
}

enum exit_result mmio_hole(UNUSED struct vcpu *vcpu, UNUSED void *device, UNUSED struct mmio *mmio)
{
	return EXIT_FAULT;
}
