// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's second bank of flash memory, passed through: two chips of 16 bits side by
 * side with Intel's command set (CFI, JESD68.01; extended query of the Intel 28F). What
 * lies there is read, a block erased, written by words and by the chips' buffer, and what
 * they refuse is seen. The test knows what is in the file before, and looks at it after.
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/platform.h"

#define FLASH  0x0c000000u
#define BYTES  0x04000000u
#define ALL    0xffffffffu
#define BLOCK  0x40000u /* of both chips together */
#define OLD    (FLASH + 2 * BLOCK)
#define TARGET (FLASH + 3 * BLOCK)

/* A command, or what a chip says, in both halves of a word. */
#define BOTH(x) ((x) << 16 | (x))

#define READ_ARRAY    BOTH(0xffu)
#define READ_STATUS   BOTH(0x70u)
#define CLEAR_STATUS  BOTH(0x50u)
#define QUERY         BOTH(0x98u)
#define ERASE         BOTH(0x20u)
#define CONFIRM       BOTH(0xd0u)
#define WRITE_WORD    BOTH(0x40u)
#define WRITE_BUFFER  BOTH(0xe8u)
#define STATUS_READY  BOTH(0x80u)
#define STATUS_ERRORS BOTH(0x3au) /* erase, write, voltage, locked */

static void command(uint32_t at, uint32_t what)
{
	mmio_write32(at, what);
}

/* Returns the status when both are ready, and has the array read again. */
static uint32_t finish(uint32_t at)
{
	uint32_t status;

	do
		status = mmio_read32(at);
	while ((status & STATUS_READY) != STATUS_READY);
	command(at, CLEAR_STATUS);
	command(at, READ_ARRAY);
	return status & STATUS_ERRORS;
}

static uint32_t erase(uint32_t at)
{
	command(at, ERASE);
	command(at, CONFIRM);
	return finish(at);
}

static uint32_t write_word(uint32_t at, uint32_t value)
{
	command(at, WRITE_WORD);
	mmio_write32(at, value);
	return finish(at);
}

/* At most as many words as the chips' buffers hold, from a multiple of that. */
static uint32_t write_words(uint32_t at, uint32_t first, uint32_t count)
{
	command(at, WRITE_BUFFER);
	mmio_write32(at, BOTH(count - 1));
	for (uint32_t i = 0; i < count; i++)
		mmio_write32(at + 4 * i, first + i);
	command(at, CONFIRM);
	return finish(at);
}

static uint32_t query(uint32_t offset)
{
	return mmio_read32(FLASH + 4 * offset);
}

/* Both chips answer alike: this is what one says. */
static uint32_t query_one(const char *what, uint32_t offset)
{
	uint32_t word = query(offset);

	check_equal(what, word >> 16, word & 0xffff, ALL);
	return word & 0xff;
}

/* Returns log2 of a chip's buffer in bytes. */
static uint32_t check_query(void)
{
	uint32_t blocks, block_units, buffer;

	command(FLASH + 4 * 0x55, QUERY);
	check_equal("Q", query(0x10), BOTH('Q'), ALL);
	check_equal("R", query(0x11), BOTH('R'), ALL);
	check_equal("Y", query(0x12), BOTH('Y'), ALL);
	check_equal("Intel's command set", query_one("its number", 0x13), 1, ALL);
	check_equal("log2 of a chip's size", query_one("its size", 0x27), 25, ALL);
	buffer = query_one("its buffer", 0x2a);
	blocks = query_one("its blocks", 0x2d) + (query_one("its blocks", 0x2e) << 8) + 1;
	block_units = query_one("a block", 0x2f) + (query_one("a block", 0x30) << 8);
	check_equal("blocks, in all", blocks * block_units * 256 * 2, BYTES, ALL);
	check_equal("a block of both chips", block_units * 256 * 2, BLOCK, ALL);
	command(FLASH, READ_ARRAY);
	printf("flash: %lu blocks of 0x%lx bytes, a buffer of %u\n", blocks, block_units * 256 * 2,
	       2u << buffer);
	return buffer;
}

/* What the file had: the number of each word. */
static void check_old(void)
{
	for (uint32_t i = 0; i < BLOCK / 4; i += 0x1111)
		check_equal("what lay there", mmio_read32(OLD + 4 * i), i, ALL);
	check_equal("the last word", mmio_read32(FLASH + BYTES - 4), 0x1a57, ALL);
}

static void check_erase(void)
{
	uint32_t different = 0;

	check_equal("erasing", erase(TARGET), 0, ALL);
	for (uint32_t i = 0; i < BLOCK; i += 4)
		different |= ~mmio_read32(TARGET + i);
	check_equal("erased", different, 0, ALL);
	check_equal("the word before", mmio_read32(TARGET - 4), BLOCK / 4 - 1, ALL);
}

static void check_write(uint32_t words)
{
	uint32_t different = 0;

	check_equal("writing a word", write_word(TARGET, 0x12345678), 0, ALL);
	check_equal("a word", mmio_read32(TARGET), 0x12345678, ALL);
	for (uint32_t i = words; i < BLOCK / 8; i += words)
		check_equal("writing by the buffer", write_words(TARGET + 4 * i, i, words), 0, ALL);
	for (uint32_t i = words; i < BLOCK / 8; i++)
		different |= mmio_read32(TARGET + 4 * i) ^ i;
	check_equal("written by the buffer", different, 0, ALL);
}

int main(void)
{
	uint32_t buffer;

	check_begin("flash");
	check_old();
	buffer = check_query();
	check_erase();
	check_write((1u << buffer) / 2); /* of words, for each chip takes half of one */
	return check_end();
}
