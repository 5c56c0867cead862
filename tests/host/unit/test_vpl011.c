// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers of a guest's PL011, as DDI 0183 has them: which exist, what they
 * hold after reset, which of their bits can be written, what the FIFOs show.
 */
#include <string.h>

#include "kernel/console.h"
#include "kernel/vm.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/keys.h"
#include "tests/host/unit/unit.h"
#include "tests/host/unit/wire.h"

#define VM    1u /* not in focus at first */
#define FOCUS 0u

enum { LCR_H = 0x2c, CR = 0x30, IFLS = 0x34 };
#define FEN     (1u << 4)
#define FR_BUSY (1u << 3)
#define FR_TXFE (1u << 7)
#define FR_RXFF (1u << 6)

/* Table 3-1; bits that stand for modem lines nobody drives are zero. */
static const struct {
	uint32_t offset, reset, writable;
} registers[] = {
	{ 0x04, 0, 0 },          /* UARTRSR: writing clears it */
	{ 0x18, 0x90, 0 },       /* UARTFR: both FIFOs are empty */
	{ 0x20, 0, 0xff },       /* UARTILPR */
	{ 0x24, 0, 0xffff },     /* UARTIBRD */
	{ 0x28, 0, 0x3f },       /* UARTFBRD */
	{ 0x2c, 0, 0xff },       /* UARTLCR_H */
	{ 0x30, 0x301, 0xff87 }, /* UARTCR: as firmware leaves it */
	{ 0x34, 0x12, 0x3f },    /* UARTIFLS */
	{ 0x38, 0, 0x7ff },      /* UARTIMSC */
	{ 0x3c, 0, 0 },          /* UARTRIS */
	{ 0x40, 0, 0 },          /* UARTMIS */
	{ 0x44, 0, 0 },          /* UARTICR: write-only */
	{ 0x48, 0, 0x7 },        /* UARTDMACR */
	{ 0x1c, 0, 0 },          /* reserved */
	{ 0x80, 0, 0 },          /* reserved for test */
	{ 0xfdc, 0, 0 },         /* reserved */
	{ 0xfe0, 0x11, 0 },      /* UARTPeriphID0 to 3 */
	{ 0xfe4, 0x10, 0 },      { 0xfe8, 0x34, 0 }, { 0xfec, 0x00, 0 },
	{ 0xff0, 0x0d, 0 }, /* UARTPCellID0 to 3 */
	{ 0xff4, 0xf0, 0 },      { 0xff8, 0x05, 0 }, { 0xffc, 0xb1, 0 },
};

static void run_registers(void)
{
	rig_init(0);
	for (uint32_t i = 0; i < ARRAY_SIZE(registers); i++) {
		uint32_t offset = registers[i].offset;
		uint32_t fixed = registers[i].writable ? 0 : registers[i].reset;

		unit_check(rig_get(VM, offset) == registers[i].reset, "0x%03x is 0x%x after reset",
			   offset, rig_get(VM, offset));
		rig_set(VM, offset, 0xffffffff);
		unit_check(rig_get(VM, offset) == (registers[i].writable | fixed),
			   "0x%03x takes ones as 0x%x", offset, rig_get(VM, offset));
		rig_set(VM, offset, 0);
		unit_check(rig_get(VM, offset) == fixed, "0x%03x takes zeros as 0x%x", offset,
			   rig_get(VM, offset));
		rig_set(VM, offset, 0xffffffff);
	}
	rig_reset(VM);
	for (uint32_t i = 0; i < ARRAY_SIZE(registers); i++)
		unit_check(rig_get(VM, registers[i].offset) == registers[i].reset,
			   "0x%03x survives a reset", registers[i].offset);
}

static void registers_are_as_in_the_manual(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_registers);
}

/* What is above a half-word is not looked at: it may come from a register that has more. */
static void run_half_words(void)
{
	rig_init(0);
	rig_set(VM, 0x24, 0xabcd1234);
	unit_check(rig_get(VM, 0x24) == 0x1234, "a half-word reads as 0x%x", rig_get(VM, 0x24));
	wire_accept(VM, 'b');
	rig_set(VM, 0x00, 0xabcd0000 | 'b');
	wire_accept(VM, '\n');
	rig_set(VM, 0x00, 0xabcd0000 | '\n');
	unit_check(memcmp(wire_text(), "cluster| b\r\n", 12) == 0, "characters are lost");
}

static void half_words(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_half_words);
}

static void check_flags(uint32_t want)
{
	unit_check(rig_get(FOCUS, RIG_FR) == want, "FR is 0x%x, not 0x%x", rig_get(FOCUS, RIG_FR),
		   want);
}

static void check_line(bool is_high)
{
	unit_check(rig_is_line_high(FOCUS) == is_high, "the line is wrong; RIS 0x%x",
		   rig_get(FOCUS, RIG_RIS));
}

static void check_status(uint32_t want)
{
	unit_check(rig_get(FOCUS, RIG_RIS) == want, "RIS is 0x%x, not 0x%x",
		   rig_get(FOCUS, RIG_RIS), want);
}

static void type(uint32_t count)
{
	for (uint32_t n = count; n-- > 0;)
		rig_type((char)(n + 0xe8)); /* with and without bit 7 */
	rig_pass(0);
	rig_pass(count * RIG_TICKS_PER_MS / 10); /* they are taken little by little */
}

/* A key that lies below the trigger level is told of, too (3.4.2: timeout). */
static void run_receive(void)
{
	rig_init(0);
	rig_set(FOCUS, LCR_H, FEN);
	rig_set(FOCUS, RIG_IMSC, RIG_INT_RT);
	for (uint32_t n = 0; n < VPL011_FIFO_DEPTH; n++) {
		check_flags(FR_TXFE | (n ? 0 : RIG_FR_RXFE));
		check_line(n != 0);
		check_status(n == 0                      ? 0
			     : n < VPL011_FIFO_DEPTH / 2 ? RIG_INT_RT
							 : RIG_INT_RT | RIG_INT_RX);
		type(1);
	}
	check_flags(FR_TXFE | FR_RXFF);
	rig_set(FOCUS, RIG_ICR, RIG_INT_RT);
	check_line(false);
	check_status(RIG_INT_RX);
	type(1); /* it waits behind the FIFO */
	check_flags(FR_TXFE | FR_RXFF);
	for (uint32_t n = 0; n <= VPL011_FIFO_DEPTH; n++) {
		check_line(true);
		unit_check(rig_read(FOCUS) >= 0, "key %u isn't there", n);
	}
	check_line(false);
	check_status(0);
	check_flags(FR_TXFE | RIG_FR_RXFE);
	unit_check(rig_get(FOCUS, RIG_DR) == 0, "an empty FIFO gives something");
}

static void the_receive_fifo(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_receive);
}

/* Without FIFOs one character is all there is room for (LCR_H.FEN). */
static void run_character_mode(void)
{
	rig_init(0);
	type(2);
	check_flags(FR_TXFE | FR_RXFF);
	check_status(RIG_INT_RT | RIG_INT_RX);
	rig_set(FOCUS, RIG_ICR, RIG_INT_RT | RIG_INT_RX);
	rig_read(FOCUS);
	check_status(RIG_INT_RT | RIG_INT_RX); /* the second one has come up */
	check_flags(FR_TXFE | FR_RXFF);
	rig_read(FOCUS);
	check_status(0);
	check_flags(FR_TXFE | RIG_FR_RXFE);
}

static void character_mode(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_character_mode);
}

/* Table 3-13: the levels in characters of 32. */
static void run_levels(void)
{
	static const uint32_t levels[] = { 4, 8, 16, 24, 28 };

	rig_init(0);
	rig_set(FOCUS, LCR_H, FEN);
	for (uint32_t i = 0; i < ARRAY_SIZE(levels); i++) {
		rig_set(FOCUS, IFLS, i << 3);
		type(levels[i] - 1);
		check_status(RIG_INT_RT);
		type(1);
		check_status(RIG_INT_RT | RIG_INT_RX);
		rig_read(FOCUS);
		check_status(RIG_INT_RT);
		while (rig_read(FOCUS) >= 0)
			;
	}
}

static void receive_levels(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_levels);
}

static void run_transmit_levels(void)
{
	static const uint32_t levels[] = { 4, 8, 16, 24, 28 };

	rig_init(9);
	rig_set(FOCUS, LCR_H, FEN);
	for (uint32_t i = 0; i < ARRAY_SIZE(levels); i++) {
		uint32_t half = CONSOLE_RING_BYTES / 2, most = half + levels[i] * half / 32;

		rig_set(FOCUS, IFLS, i);
		rig_stall(true);
		while (rig_write(FOCUS, '.'))
			check_status(console_pending(&vms[FOCUS]) <= most ? RIG_INT_TX : 0);
		rig_stall(false);
		while (!(rig_get(FOCUS, RIG_RIS) & RIG_INT_TX)) {
			unit_check(console_pending(&vms[FOCUS]) > half, "nobody tells of room");
			rig_pass(9);
		}
		unit_check(console_pending(&vms[FOCUS]) <= most, "it is told too early");
		unit_check(console_pending(&vms[FOCUS]) > most - 32, "it is told too late");
		rig_pass(1000 * RIG_TICKS_PER_MS);
	}
}

static void transmit_levels(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_transmit_levels);
}

static void run_transmit(void)
{
	rig_init(9);
	rig_stall(true);
	rig_set(FOCUS, RIG_IMSC, RIG_INT_TX);
	check_line(false);
	while (rig_write(FOCUS, '.'))
		check_line(console_pending(&vms[FOCUS]) <= CONSOLE_RING_BYTES / 2);
	check_flags(RIG_FR_TXFF | RIG_FR_RXFE | FR_BUSY);
	rig_set(FOCUS, RIG_DR, 'x'); /* lost, as in a full FIFO */
	check_flags(RIG_FR_TXFF | RIG_FR_RXFE | FR_BUSY);
	rig_stall(false);
	rig_pass(1000 * RIG_TICKS_PER_MS);
	check_line(true);
	check_flags(FR_TXFE | RIG_FR_RXFE);
	rig_set(FOCUS, RIG_ICR, RIG_INT_TX);
	check_line(false);
	rig_write(FOCUS, '.');
	check_line(true);
	rig_set(FOCUS, RIG_IMSC, 0);
	check_line(false);
	check_status(RIG_INT_TX);
	unit_check(rig_get(FOCUS, 0x40) == 0, "MIS is 0x%x", rig_get(FOCUS, 0x40));
}

static void the_transmit_fifo(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_transmit);
}

/* Half a line of a VM without the focus waits in its ring: not as far as it can tell. */
static void run_half_line(void)
{
	rig_init(9);
	for (uint32_t n = 0; n < 20; n++)
		rig_write(VM, '.');
	rig_pass(1000 * RIG_TICKS_PER_MS);
	unit_check(rig_get(VM, RIG_FR) == (FR_TXFE | RIG_FR_RXFE), "it waits for its own line");
	unit_check(wire_length() == 0, "half a line is out");
}

static void a_half_line_is_sent_for_its_vm(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_half_line);
}

/* CR: UARTEN, TXE and RXE (table 3-12). */
static void run_gates(void)
{
	static const uint32_t off[] = { 0x300, 0x200, 0x000 };

	rig_init(0);
	for (uint32_t i = 0; i < ARRAY_SIZE(off); i++) {
		rig_set(FOCUS, CR, off[i]);
		rig_set(FOCUS, RIG_DR, 'x');
		unit_check(wire_length() == 0, "CR 0x%x sends", off[i]);
	}
	for (uint32_t i = 0; i < 3; i++) {
		rig_set(FOCUS, CR, i == 2 ? 0x101 : off[i] & 0x200);
		rig_lose('x');
		check_status(0);
		check_flags(FR_TXFE | RIG_FR_RXFE);
	}
	rig_set(FOCUS, CR, 0x301);
	type(1);
	check_status(RIG_INT_RT | RIG_INT_RX);
	rig_read(FOCUS);
}

static void what_is_off_is_lost(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_gates);
}

/* CR.LBE: what is sent is received, nothing else is (3.4.6). */
static void run_loopback(void)
{
	rig_init(0);
	rig_set(FOCUS, LCR_H, FEN);
	rig_set(FOCUS, CR, 0x381);
	for (uint32_t n = 0; n < VPL011_FIFO_DEPTH; n++)
		rig_set(FOCUS, RIG_DR, 'a' + n);
	check_status(RIG_INT_RT | RIG_INT_RX | RIG_INT_TX);
	check_flags(FR_TXFE | FR_RXFF);
	rig_set(FOCUS, RIG_DR, '!'); /* lost: an overrun */
	type(1);
	for (uint32_t n = 0; n < VPL011_FIFO_DEPTH; n++)
		unit_check(rig_get(FOCUS, RIG_DR) == 'a' + n, "character %u is another", n);
	check_flags(FR_TXFE | RIG_FR_RXFE);
	unit_check(wire_length() == 0, "it is heard outside");
	rig_set(FOCUS, CR, 0x301);
	unit_check(rig_read(FOCUS) >= 0, "the key is lost");
}

static void loopback(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_loopback);
}

/* Who polls a full FIFO lets others run: not at once, and not who sends in between. */
static void run_polling(void)
{
	rig_init(0);
	wire_accept(FOCUS, 'a'); /* it has the wire */
	rig_set(FOCUS, 0x00, 'a');
	rig_turns_given = rig_uarts[VM].looks = 0;
	for (uint32_t n = 0; n < CONSOLE_RING_BYTES; n++) {
		unit_check(!(rig_get(VM, RIG_FR) & RIG_FR_TXFF), "full too early");
		wire_accept(VM, 'b');
		rig_set(VM, 0x00, 'b');
	}
	unit_check(rig_turns_given == 0, "who sends gives its turn away");
	for (uint32_t n = 0; n < 16; n++)
		rig_get(VM, RIG_FR);
	unit_check(rig_turns_given == 0, "its turn is given away too early");
	rig_get(VM, RIG_FR);
	unit_check(rig_turns_given == 1, "it keeps its turn");
	for (uint32_t n = 0; n < 16; n++)
		rig_get(VM, RIG_FR);
	unit_check(rig_turns_given == 2, "it keeps its next turn");
}

static void who_polls_gives_its_turn(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_polling);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_are_as_in_the_manual),
		cmocka_unit_test(half_words),
		cmocka_unit_test(who_polls_gives_its_turn),
		cmocka_unit_test(the_receive_fifo),
		cmocka_unit_test(character_mode),
		cmocka_unit_test(receive_levels),
		cmocka_unit_test(the_transmit_fifo),
		cmocka_unit_test(transmit_levels),
		cmocka_unit_test(a_half_line_is_sent_for_its_vm),
		cmocka_unit_test(what_is_off_is_lost),
		cmocka_unit_test(loopback),
	};

	return unit_run(argc, argv, tests);
}
