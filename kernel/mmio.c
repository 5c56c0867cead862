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
static inline const struct mmio_region *find_region(const struct vcpu *vcpu, uint32_t ipa,
						    uint32_t hsr)
{
	uint32_t descriptor = (uint32_t)vcpu->stage2[ipa / BLOCK_BYTES];
	const uint64_t *leaf = (const uint64_t *)(descriptor - STAGE2_TABLE);

	if (hsr & HSR_FSC_LEVEL_3)
		descriptor = (uint32_t)leaf[ipa / PAGE_BYTES % STAGE2_LEAF_ENTRIES];
	return &vcpu->regions[descriptor >> STAGE2_REGION_SHIFT];
}

/* Ask the device, which its VM's lock guards. */
static inline enum exit_result ask(struct vcpu *vcpu, const struct mmio_region *region,
				   struct mmio *mmio)
{
	enum exit_result result;

	lock_take(&vcpu->vm->lock);
	result = region->access(vcpu, region->device, mmio);
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

OUT_OF_LINE enum exit_result mmio_transfer(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr,
					   struct mmio *mmio)
{
	const struct mmio_region *region = find_region(vcpu, ipa, hsr);
	enum exit_result result;

	mmio->offset = ipa - region->base;
	if (mmio->is_write)
		mmio->value = in_order(vcpu, extend(mmio->value, mmio->bytes, false), mmio->bytes);
	result = ask(vcpu, region, mmio);
	if (!mmio->is_write)
		mmio->value = extend(in_order(vcpu, mmio->value, mmio->bytes), mmio->bytes,
				     mmio->is_signed);
	return result;
}

enum exit_result mmio_access_word(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr)
{
	const struct mmio_region *region = find_region(vcpu, ipa, hsr);
	uint32_t rt = hsr >> HSR_SRT_SHIFT & HSR_SRT_MASK;
	struct mmio mmio;
	enum exit_result result;

	mmio.offset = ipa - region->base;
	mmio.bytes = 4;
	if (hsr & HSR_WNR) {
		mmio.is_write = true;
		mmio.value = regfile_read(&vcpu->frame, rt);
		return ask(vcpu, region, &mmio);
	}
	mmio.is_write = false;
	result = ask(vcpu, region, &mmio);
	if (result == EXIT_DONE)
		regfile_write(&vcpu->frame, rt, mmio.value);
	return result;
}

OUT_OF_LINE enum exit_result mmio_access(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr)
{
	uint32_t rt = hsr >> HSR_SRT_SHIFT & HSR_SRT_MASK;
	struct mmio mmio = {
		.bytes = (uint8_t)(1u << (hsr >> HSR_SAS_SHIFT & HSR_SAS_MASK)),
		.is_write = (hsr & HSR_WNR) != 0,
		.is_signed = (hsr & HSR_SSE) != 0,
	};
	enum exit_result result;

	if (mmio.bytes > 4 || ipa % mmio.bytes)
		return EXIT_MISALIGNED; /* a reserved size does not come */
	if (mmio.is_write)
		mmio.value = regfile_read(&vcpu->frame, rt);
	result = mmio_transfer(vcpu, ipa, hsr, &mmio);
	if (result == EXIT_DONE && !mmio.is_write)
		regfile_write(&vcpu->frame, rt, mmio.value);
	return result;
}

enum exit_result mmio_hole(UNUSED struct vcpu *vcpu, UNUSED void *device, UNUSED struct mmio *mmio)
{
	return EXIT_FAULT;
}
