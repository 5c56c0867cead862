// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every location of the distributor, in every width: what it keeps, what it ignores,
 * what it reads as. IHI 0048B, 4.1.4 (widths) and 4.3. Where the manual leaves a
 * choice, the hypervisor's is checked (guest=1) and not QEMU's.
 */
#include <stdio.h>

#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "tests/target/gic/log.h"

/* An array of registers: how many words it has, and what a word keeps. */
struct array {
	const char *name;
	uint16_t offset;
	uint16_t words;       /* of the manual's map */
	uint16_t words_here;  /* that 64 interrupts need */
	uint32_t keeps_first; /* in word 0, and those of its kind */
	uint32_t keeps_other;
};

/* Set and clear registers are looked at through their effect on each other. */
static const struct array arrays[] = {
	{ "GICD_IGROUPR", 0x080, 32, 2, ALL, ALL },
	{ "GICD_IPRIORITYR", 0x400, 256, 16, 0xf8f8f8f8, 0xf8f8f8f8 },
	{ "GICD_ITARGETSR", 0x800, 256, 16, 0, 0 },
	{ "GICD_ICFGR", 0xc00, 64, 4, 0, 0xaaaaaaaa },
};

static bool is_guest;

static void check_word(const char *name, uint32_t offset, const char *what, uint32_t value,
		       uint32_t expected, uint32_t mask)
{
	char text[100] = "";

	if ((value ^ expected) & mask)
		snprintf(text, sizeof(text), "%s at 0x%03lx, %s", name, offset, what);
	check_equal(text, value, expected, mask);
}

static void check_array(const struct array *array)
{
	static const uint32_t patterns[] = { ALL, 0, 0xa5c3960f, 0x5a3c69f0 };

	for (uint32_t n = 0; n < array->words; n++) {
		uint32_t at = array->offset + 4 * n;
		uint32_t keeps = n < array->words_here ? array->keeps_other : 0;
		uint32_t before = gicd_read(at);
		uint32_t mask = array->offset == GICD_ICFGR ? 0xaaaaaaaa : ALL;

		/* QEMU's priorities have eight bits, ours five. */
		if (array->offset == GICD_IPRIORITYR && !is_guest)
			mask = keeps;
		if (array->offset == GICD_ICFGR && n == 1 && !is_guest)
			continue; /* PPIs: of either kind, as an implementation likes */
		if (n < 2)
			keeps = array->keeps_first;
		if (array->offset == GICD_ICFGR && n == 0)
			check_word(array->name, at, "SGIs are edge-triggered", before, 0xaaaaaaaa,
				   0xaaaaaaaa);
		/* More than 64 interrupts QEMU may have. */
		if (n >= array->words_here && !is_guest)
			break;
		for (uint32_t i = 0; i < 4; i++) {
			gicd_write(at, patterns[i]);
			check_word(array->name, at, "read back", gicd_read(at),
				   (patterns[i] & keeps) | (before & ~keeps), mask);
		}
		gicd_write(at, before);
	}
}

/* Bytes where there are bytes: priorities, and only that byte changes. */
static void check_bytes(void)
{
	uint32_t at = PLATFORM_GICD + GICD_IPRIORITYR;

	for (uint32_t intid = 0; intid < 64; intid++)
		mmio_write8(at + intid, (uint8_t)(8 * intid + 5));
	for (uint32_t intid = 0; intid < 64; intid++)
		check_word("GICD_IPRIORITYR", 0x400 + intid, "a byte", mmio_read8(at + intid),
			   8 * intid & 0xff, is_guest ? 0xff : PRIORITY);
	/* 0, 8, 16, 24 ... modulo 256: the upper half repeats the lower. */
	for (uint32_t n = 0; n < 16; n++)
		check_word("GICD_IPRIORITYR", 0x400 + 4 * n, "four bytes", mmio_read32(at + 4 * n),
			   0x18100800u + 0x20202020u * (n % 8), 0xf8f8f8f8);
}

struct pair {
	const char *name;
	uint16_t set;
	uint16_t clear;
	uint32_t changes[2]; /* what can be changed in word 0 and 1 */
	uint32_t always[2];  /* what is set for good */
};

/* SGIs: always enabled (4.3.5), and not made pending or not here (4.3.7). */
static const struct pair pairs[] = {
	{ "GICD_ISENABLER", 0x100, 0x180, { 0xffff0000, ALL }, { 0xffff, 0 } },
	{ "GICD_ISPENDR", 0x200, 0x280, { 0xffff0000, ALL }, { 0, 0 } },
	{ "GICD_ISACTIVER", 0x300, 0x380, { ALL, ALL }, { 0, 0 } },
};

static void check_pair(const struct pair *pair)
{
	static const uint32_t patterns[] = { 0x00ff1234, 0xa5a5a5a5, ALL };

	for (uint32_t n = 0; n < 2; n++) {
		uint32_t set = pair->set + 4 * n, clear = pair->clear + 4 * n;

		gicd_write(clear, ALL);
		check_word(pair->name, set, "cleared", gicd_read(set), pair->always[n], ALL);
		for (uint32_t i = 0; i < 3; i++) {
			uint32_t now = (patterns[i] & pair->changes[n]) | pair->always[n];

			gicd_write(set, patterns[i]);
			check_word(pair->name, set, "set", gicd_read(set), now, ALL);
			check_word(pair->name, clear, "set", gicd_read(clear), now, ALL);
			gicd_write(set, 0);
			gicd_write(clear, 0);
			check_word(pair->name, set, "zeros written", gicd_read(set), now, ALL);
			gicd_write(clear, 0x0f0f0f0f);
			now &= ~(0x0f0f0f0f & pair->changes[n]);
			check_word(pair->name, set, "cleared in part", gicd_read(set), now, ALL);
			gicd_write(clear, ALL);
			check_word(pair->name, clear, "cleared", gicd_read(clear), pair->always[n],
				   ALL);
		}
	}
	for (uint32_t n = 2; is_guest && n < 32; n++) {
		gicd_write(pair->set + 4 * n, ALL);
		check_word(pair->name, pair->set + 4 * n, "beyond the last interrupt",
			   gicd_read(pair->set + 4 * n), 0, ALL);
		check_word(pair->name, pair->clear + 4 * n, "beyond the last interrupt",
			   gicd_read(pair->clear + 4 * n), 0, ALL);
	}
}

static void check_fixed(const char *name, uint32_t offset, uint32_t expected)
{
	for (uint32_t i = 0; i < 2; i++) {
		check_word(name, offset, i ? "after a write" : "as it is", gicd_read(offset),
			   expected, ALL);
		gicd_write(offset, ~expected);
	}
}

static void check_identification(void)
{
	static const uint32_t cidr[] = { 0x0d, 0xf0, 0x05, 0xb1 };

	for (uint32_t i = 0; i < 4; i++)
		check_fixed("GICD_CIDR", 0xff0 + 4 * i, cidr[i]);
	check_word("GICD_PIDR2", 0xfe8, "ArchRev", gicd_read(0xfe8), 0x20, 0xf0);
	if (!is_guest)
		return;
	check_fixed("GICD_TYPER", GICD_TYPER, 1);
	check_fixed("GICD_IIDR", GICD_IIDR, 0x43b);
	for (uint32_t at = 0xfd0; at < 0xff0; at += 4)
		check_fixed("GICD_PIDR", at, gicd_read(at));
}

static void check_reserved(void)
{
	for (uint32_t at = 0x00c; at < 0x080; at += 4)
		check_fixed("reserved", at, 0);
	for (uint32_t at = 0xd00; at < 0xf00; at += 4)
		check_fixed("reserved", at, 0);
	for (uint32_t at = 0xf04; at < 0xf10; at += 4)
		check_fixed("reserved", at, 0);
	for (uint32_t at = 0xf30; at < 0xfd0; at += 4)
		check_fixed("reserved", at, 0);
	check_word("GICD_SGIR", 0xf00, "write-only", gicd_read(0xf00), 0, ALL);
}

static void check_control(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		gicd_write(GICD_CTLR, ALL << 2 | i);
		check_word("GICD_CTLR", 0, "read back", gicd_read(GICD_CTLR), i, ALL);
	}
	gicd_write(GICD_CTLR, 0);
}

/* Widths that a register doesn't have read zero and change nothing: our choice. */
static void check_widths(void)
{
	static const uint16_t words_only[] = { 0x000, 0x004, 0x084, 0x104, 0x184, 0x204,
					       0x284, 0x304, 0x384, 0xc08, 0xfe8 };

	gicd_write(0x084, 0x12345678);
	gicd_write(0x104, 0x00f0f0ff);
	for (uint32_t i = 0; i < sizeof(words_only) / 2; i++) {
		uint32_t at = words_only[i], before = gicd_read(at);

		for (uint32_t byte = 0; byte < 4; byte++) {
			check_word("a byte of a word register", at, "reads",
				   mmio_read8(PLATFORM_GICD + at + byte), 0, ALL);
			mmio_write8(PLATFORM_GICD + at + byte, 0xff);
		}
		for (uint32_t half = 0; half < 4; half += 2) {
			check_word("half a word register", at, "reads",
				   mmio_read16(PLATFORM_GICD + at + half), 0, ALL);
			mmio_write16(PLATFORM_GICD + at + half, 0xffff);
		}
		check_word("after narrow writes", at, "unchanged", gicd_read(at), before, ALL);
	}
	gicd_write(GICD_IPRIORITYR + 40, 0x80808080);
	mmio_write16(PLATFORM_GICD + GICD_IPRIORITYR + 40, 0x4040);
	check_word("GICD_IPRIORITYR", 0x428, "after a halfword", gicd_read(GICD_IPRIORITYR + 40),
		   0x80808080, ALL);
	check_word("GICD_IPRIORITYR", 0x428, "a halfword",
		   mmio_read16(PLATFORM_GICD + GICD_IPRIORITYR + 40), 0, ALL);
	gicd_write(GICD_ICENABLER + 4, ALL);
	gicd_write(0x084, 0);
}

/* Pending SGIs: a byte each, a bit for each sender; only CPU 0 is one. */
static void check_sgi_bytes(void)
{
	for (uint32_t sgi = 0; sgi < 16; sgi++) {
		uint32_t set = PLATFORM_GICD + GICD_SPENDSGIR + sgi;
		uint32_t clear = PLATFORM_GICD + GICD_CPENDSGIR + sgi;

		mmio_write8(set, is_guest ? 0xff : 1); /* QEMU knows absent CPUs */
		check_word("GICD_SPENDSGIR", 0xf20 + sgi, "set", mmio_read8(set), 1, ALL);
		check_word("GICD_CPENDSGIR", 0xf10 + sgi, "set", mmio_read8(clear), 1, ALL);
		check_word("GICD_ISPENDR", 0x200, "of SGIs", gicd_read(GICD_ISPENDR), 1u << sgi,
			   ALL);
		mmio_write8(clear, 0xfe);
		check_word("GICD_CPENDSGIR", 0xf10 + sgi, "another's", mmio_read8(clear), 1, ALL);
		mmio_write8(clear, 0xff);
		check_word("GICD_SPENDSGIR", 0xf20 + sgi, "cleared", mmio_read8(set), 0, ALL);
		check_word("GICD_ISPENDR", 0x200, "of SGIs", gicd_read(GICD_ISPENDR), 0, ALL);
	}
	gicd_write(GICD_SPENDSGIR + 4, 0x01000001);
	check_word("GICD_CPENDSGIR1", 0xf14, "a word", gicd_read(GICD_CPENDSGIR + 4), 0x01000001,
		   ALL);
	gicd_write(GICD_CPENDSGIR + 4, ALL);
}

/* What a uniprocessor has not got (4.3.12), and a word that has no bytes (4.1.4). */
static void check_absent(void)
{
	for (uint32_t offset = GICD_ITARGETSR; offset < GICD_ITARGETSR + 64; offset += 4) {
		gicd_write(offset, ALL);
		check_word("GICD_ITARGETSR", offset, "RAZ/WI", gicd_read(offset), 0, ALL);
	}
	mmio_write8(PLATFORM_GICD + GICD_SGIR + 3, GIC_SGI_SELF);
	check_word("GICD_SGIR", GICD_SGIR, "a byte of it", gicd_bit(GICD_ISPENDR, 0), 0, ALL);
}

void test_registers(void)
{
	is_guest = devicetree_argument("guest", 0) != 0;
	gicd_write(GICD_CTLR, 0);
	check_control();
	for (uint32_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		check_array(&arrays[i]);
	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		check_pair(&pairs[i]);
	check_bytes();
	check_sgi_bytes();
	check_absent();
	check_identification();
	if (is_guest) {
		check_reserved();
		check_widths();
	}
}
