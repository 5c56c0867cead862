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

#define VM    1u /* not in focus at first */
#define FOCUS 0u

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
	{ 0x30, 0x300, 0xff87 }, /* UARTCR */
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

static uint32_t narrow(uint32_t offset, uint32_t bytes, bool is_write, uint32_t value)
{
	struct mmio mmio = {
		.offset = offset, .bytes = (uint8_t)bytes, .is_write = is_write, .value = value
	};

	unit_check(vpl011_access(NULL, &rig_uarts[VM], &mmio) == EXIT_DONE, "a fault");
	return mmio.value;
}

/* Drivers use bytes and half-words for the registers that are as small. */
static void run_narrow(void)
{
	rig_init(0);
	narrow(0x24, 2, true, 0x1234);
	unit_check(narrow(0x24, 2, false, 0) == 0x1234, "a half-word is lost");
	unit_check((narrow(0x24, 1, false, 0) & 0xff) == 0x34, "a byte reads otherwise");
	for (uint32_t n = 1; n < 4; n++) {
		narrow(0x24 + n, 1, true, 0xff);
		unit_check(narrow(0x24 + n, 1, false, 0xaa) == 0, "byte %u reads something", n);
	}
	unit_check(rig_get(VM, 0x24) == 0x1234, "the upper bytes are written");
}

static void narrow_accesses(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_narrow);
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

/* A key that lies below the trigger level is told of, too (3.4.3: timeout). */
static void run_receive(void)
{
	rig_init(0);
	rig_set(FOCUS, RIG_IMSC, RIG_INT_RT);
	for (uint32_t n = 0; n < VPL011_FIFO_DEPTH; n++) {
		check_flags(FR_TXFE | (n ? 0 : RIG_FR_RXFE));
		check_line(n != 0);
		rig_type((char)(n + 0xe8)); /* with and without bit 7 */
		rig_pass(0);
	}
	check_flags(FR_TXFE | FR_RXFF);
	rig_set(FOCUS, RIG_ICR, RIG_INT_RT);
	check_line(false);
	unit_check(rig_get(FOCUS, RIG_RIS) == RIG_INT_RX, "RIS after clearing RT");
	rig_read(FOCUS);
	rig_type('x');
	rig_pass(0);
	check_line(true);
	for (uint32_t n = 0; n < VPL011_FIFO_DEPTH; n++) {
		check_line(true);
		unit_check(rig_read(FOCUS) >= 0, "key %u isn't there", n);
	}
	check_line(false);
	check_flags(FR_TXFE | RIG_FR_RXFE);
	unit_check(rig_get(FOCUS, RIG_DR) == 0, "an empty FIFO gives something");
	check_flags(FR_TXFE | RIG_FR_RXFE);
}

static void the_receive_fifo(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_receive);
}

static void run_transmit(void)
{
	rig_init(9);
	rig_stall(true);
	rig_set(FOCUS, RIG_IMSC, RIG_INT_TX);
	check_line(false);
	while (rig_write(FOCUS, '.'))
		check_line(console_room(&vms[FOCUS]) >= CONSOLE_RING_BYTES / 2);
	check_flags(RIG_FR_TXFF | RIG_FR_RXFE);
	rig_set(FOCUS, RIG_DR, 'x'); /* lost, as in a full FIFO */
	check_flags(RIG_FR_TXFF | RIG_FR_RXFE);
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
	unit_check(rig_get(FOCUS, RIG_RIS) == RIG_INT_TX && rig_get(FOCUS, 0x40) == 0,
		   "RIS is 0x%x, MIS 0x%x", rig_get(FOCUS, RIG_RIS), rig_get(FOCUS, 0x40));
}

static void the_transmit_fifo(void **state)
{
	(void)state;
	unit_each_seed_alone(1, run_transmit);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_are_as_in_the_manual),
		cmocka_unit_test(narrow_accesses),
		cmocka_unit_test(the_receive_fifo),
		cmocka_unit_test(the_transmit_fifo),
	};

	return unit_run(argc, argv, tests);
}
