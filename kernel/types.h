// SPDX-License-Identifier: BSD-2-Clause
/*
 * The types that every part of the hypervisor shares: addresses that can't be
 * confused with each other, and the answers a trap handler can give.
 * Also included by host tools and host tests; it needs nothing but C11.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stdatomic.h> /* newlib's wants the types above */

#define KIB 1024u
#define MIB (1024u * KIB)

#define PAGE_BYTES  (4u * KIB) /* a stage-1 or stage-2 page */
#define BLOCK_BYTES (2u * MIB) /* a stage-1 or stage-2 block */

/* Physical address, and the intermediate physical address that a guest sees as
 * physical (ARM ARM DDI 0406C, B3.1). Both 32 bits: a board's RAM and devices,
 * and what a VM is given, lie below 4 GiB. */
typedef struct {
	uint32_t raw;
} pa_t;

typedef struct {
	uint32_t raw;
} ipa_t;

/* What became of a trapped instruction. From EXIT_DONE on there is something left
 * to do before the guest goes on. */
enum exit_result {
	EXIT_WAIT,       /* not yet: the PC stays, the instruction runs again */
	EXIT_JUMP,       /* the handler set the guest's PC itself */
	EXIT_DONE,       /* emulated: the PC moves on */
	EXIT_FAULT,      /* the guest's mistake: its on-fault policy answers */
	EXIT_MISALIGNED, /* likewise: a device, accessed at an odd address */
};

/* Kept out of its callers, so that the fast paths stay short (and profiles legible);
 * what hardly ever runs is made small rather than fast. */
#define OUT_OF_LINE __attribute__((noinline))
#define RARELY_RUN  __attribute__((noinline, cold))

/* All that it calls goes in line, but what is kept out above. */
#define IN_ONE_PIECE __attribute__((flatten))

/* On every trap's way: inlined whatever the compiler thinks of its size. */
#define ON_FAST_PATH static inline __attribute__((always_inline))

/* Of a function that other files call: inlined there, too, when all is linked. */
#define EVERYWHERE_IN_LINE inline __attribute__((always_inline))

/* Of a parameter that a table's type demands, but this function has no use for. */
#define UNUSED __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
