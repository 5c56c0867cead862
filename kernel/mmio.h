// SPDX-License-Identifier: BSD-2-Clause
/*
 * Access to an emulated device: what a device handler gets, and how a trapped
 * address finds its handler. A handler never sees the guest's registers.
 */
#pragma once

#include "kernel/types.h"

struct mmio_region;
struct vcpu;

/* One access of 1, 2 or 4 bytes, aligned to its size. */
struct mmio {
	uint32_t offset; /* from the page's start */
	uint32_t value;  /* write: zero-extended; read: the handler fills it in */
	uint8_t bytes;   /* 1, 2 or 4 */
	bool is_write;
};

/* A register's word, as a write of some of its bytes leaves it. */
static inline uint32_t mmio_merge(const struct mmio *mmio, uint32_t word)
{
	uint32_t shift = mmio->offset % 4 * 8;
	uint32_t mask = UINT32_MAX >> (32 - 8 * mmio->bytes) << shift;

	return (word & ~mask) | mmio->value << shift;
}

/* What nearly all accesses are: a word is read, aligned (*value changes if it is EXIT_DONE),
 * or written. */
typedef enum exit_result mmio_reader(struct vcpu *vcpu, const struct mmio_region *region,
				     uint32_t offset, uint32_t *value);
typedef enum exit_result mmio_writer(struct vcpu *vcpu, const struct mmio_region *region,
				     uint32_t offset, uint32_t value);

/* A device's registers in a VM's map, a page; const, made by mksystem. Its functions answer
 * EXIT_DONE, or EXIT_WAIT, or EXIT_FAULT: an external abort for the guest. The VM's lock is
 * held. access: for what is not a word; NULL if no register has more than 16 bits. A half-word
 * is a register then, a byte its lower part; the rest reads zero, and is not written. */
struct mmio_region {
	enum exit_result (*access)(struct vcpu *vcpu, void *device, struct mmio *mmio);
	void *device;
	mmio_reader *read;
	mmio_writer *write;
};

/* By access(), of a device without functions for words. */
mmio_reader mmio_read;
mmio_writer mmio_write;

/* One word of the loaded vCPU's, aligned, at an IPA in the page of the translation fault of
 * hsr: to or from whatever is emulated there, in the guest's byte order. */
enum exit_result mmio_transfer(struct vcpu *vcpu, uint32_t ipa, uint32_t hsr, uint32_t *value);

/* regions[0]: nothing is there. Answers EXIT_FAULT to every access. */
enum exit_result mmio_hole(struct vcpu *vcpu, void *device, struct mmio *mmio);
