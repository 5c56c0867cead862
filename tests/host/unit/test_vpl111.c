// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/vdev/vpl111.c on a model of the board's controller, which looks at itself before
 * every access: whatever it scans then must lie in the RAM of the VM that has the display,
 * and nothing that makes a frame larger may change while it scans. Two guests write
 * anything, in any order, of any size; what they read, what is shown, and the interrupt's
 * lines are compared with what the manual says (DDI 0293, chapter 3).
 */
#include <string.h>

#include "kernel/console.h"
#include "kernel/vcpu.h"
#include "kernel/vdev/vpl111.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"

#define SEEDS 300u
#define STEPS 300u
#define VMS   2u
#define WORDS (0x1000u / 4)

enum {
	TIMING0,
	TIMING1,
	UPBASE = 4,
	LPBASE,
	CONTROL,
	IMSC,
	RIS,
	MIS,
	ICR,
	UPCURR,
	LPCURR,
	PALETTE = 0x200 / 4,
	CURSOR = 0x800 / 4,
	CURSOR_CONTROL = 0xc00 / 4,
	CURSOR_END = 0xc18 / 4,
};

#define ENABLED 0x001u
#define ON      0x801u
#define DUAL    0x080u

/* The pieces of each meet in one view, and not in the other. */
static const struct vm_ram ram[VMS][3] = {
	{ { { 0x80000000 }, { 0x90000000 }, 2 * MIB },
	  { { 0x80200000 }, { 0x90400000 }, 2 * MIB },
	  { { 0xffa00000 }, { 0xa0000000 }, 4 * MIB } },
	{ { { 0x00000000 }, { 0x90200000 }, 2 * MIB },
	  { { 0x80400000 }, { 0x90600000 }, 2 * MIB },
	  { { 0x80000000 }, { 0xffa00000 }, 4 * MIB } },
};

static struct vcpu vcpus_[VMS];
static struct vpl111 displays[VMS];
struct vm vms[VMS + 1];
const struct vm_config config_vms[VMS + 1] = {
	{ .name = "none" },
	{ .name = "a", .ram = ram[0], .ram_count = 3, .vcpus = &vcpus_[0], .lcd = &displays[0] },
	{ .name = "b", .ram = ram[1], .ram_count = 3, .vcpus = &vcpus_[1], .lcd = &displays[1] },
};

/* ---- What the guests and the display should be like -------------------------------- */

static uint32_t kept[VMS][WORDS];
static uint32_t seen;    /* whose the display is */
static uint32_t scanned; /* whose the frame is that the controller had before */
static bool is_lit;      /* it has shown something */
static bool is_driven_anew;
static bool lines[VMS], was_told[VMS];
static uint32_t messages, pictures, refusals;

static bool is_kept(uint32_t n)
{
	return n <= IMSC || (n >= PALETTE && n < 0x400 / 4) || (n >= CURSOR && n < CURSOR_END);
}

static uint64_t bytes_of(const uint32_t *registers)
{
	static const uint32_t bits[] = { 1, 2, 4, 8, 16, 32, 16, 16 };
	uint64_t pixels = 16 * ((registers[TIMING0] >> 2 & 0x3f) + 1);

	return pixels * ((registers[TIMING1] & 0x3ff) + 1) * bits[registers[CONTROL] >> 1 & 7] / 8;
}

/* Physical, or 0. */
static uint32_t translate(uint32_t vm, uint64_t ipa)
{
	for (uint32_t i = 0; i < 3; i++)
		if (ipa - ram[vm][i].ipa.raw < ram[vm][i].bytes)
			return ram[vm][i].pa.raw + (uint32_t)(ipa - ram[vm][i].ipa.raw);
	return 0;
}

/* Physical, if all of it follows the first byte; else 0. No gap is smaller than a page. */
static uint32_t translate_frame(uint32_t vm, uint32_t base)
{
	uint64_t ipa = base & ~7u, last = bytes_of(kept[vm]) - 1;
	uint32_t pa = translate(vm, ipa);

	for (uint64_t at = 0; at < last; at += 4096)
		if (translate(vm, ipa + at) != pa + at)
			return 0;
	return translate(vm, ipa + last) == pa + last ? pa : 0;
}

/* ---- The board's controller ---------------------------------------------------------- */

static uint32_t hardware[WORDS], before[WORDS], accesses;

/* Is it of RAM that this VM may see? */
static bool is_of(uint32_t vm, uint64_t pa, uint64_t bytes)
{
	for (uint32_t i = 0; i < 3; i++)
		if (pa >= ram[vm][i].pa.raw &&
		    pa + bytes <= (uint64_t)ram[vm][i].pa.raw + ram[vm][i].bytes)
			return true;
	return false;
}

/* What the last access has done, now that the next one comes. */
uint32_t *lcd_model(void)
{
	bool is_steady = before[CONTROL] & hardware[CONTROL] & ENABLED;
	uint64_t bytes = bytes_of(hardware);

	accesses++;
	hardware[RIS] &= ~hardware[ICR];
	hardware[ICR] = 0;
	hardware[UPCURR] = hardware[UPBASE];
	hardware[LPCURR] = hardware[LPBASE] + 64;
	if (!(hardware[CONTROL] & ENABLED)) {
		scanned = seen;
		is_driven_anew = true;
	}
	unit_check(!is_steady || (before[TIMING0] == hardware[TIMING0] &&
				  before[TIMING1] == hardware[TIMING1] &&
				  before[CONTROL] == hardware[CONTROL]),
		   "the frame has changed while it was scanned");
	unit_check(!(hardware[CONTROL] & ENABLED) || scanned == VMS ||
			   (is_of(scanned, hardware[UPBASE], bytes) &&
			    is_of(scanned, hardware[LPBASE], bytes)),
		   "0x%x, 0x%x, %llu bytes: not of VM %u", hardware[UPBASE], hardware[LPBASE],
		   (unsigned long long)bytes, scanned);
	memcpy(before, hardware, sizeof(before));
	return hardware;
}

/* ---- The rest of the hypervisor ------------------------------------------------------ */

void gic_enable(uint32_t intid)
{
	assert_int_equal(intid, BOARD_LCD_IRQ);
}

void vgic_set_line(struct vcpu *vcpu, uint32_t intid, bool is_high)
{
	assert_int_equal(intid, displays[vcpu - vcpus_].intid);
	lines[vcpu - vcpus_] = is_high;
}

void console_print(const char *format, ...)
{
	assert_non_null(strstr(format, "frame"));
	messages++;
}

/* ---- Is all as it should be? ----------------------------------------------------------- */

static void check_equal(const char *what, uint32_t found, uint32_t expected)
{
	unit_check(found == expected, "%s: 0x%x, not 0x%x", what, found, expected);
}

static void check_range(uint32_t first, uint32_t end)
{
	for (uint32_t n = first; n < end; n++)
		unit_check(hardware[n] == kept[seen][n], "register 0x%x: 0x%x, not 0x%x", 4 * n,
			   hardware[n], kept[seen][n]);
}

static void check_picture(uint32_t upper, uint32_t lower)
{
	pictures++;
	is_lit = true;
	check_range(TIMING0, UPBASE);
	check_range(PALETTE, 0x400 / 4);
	check_range(CURSOR, CURSOR_END);
	if (is_driven_anew)
		check_equal("what was another's", hardware[RIS], 0);
	check_equal("LCDUPBASE", hardware[UPBASE], upper);
	check_equal("LCDLPBASE", hardware[LPBASE], lower);
	check_equal("LCDControl", hardware[CONTROL], kept[seen][CONTROL]);
}

/* One bit a pixel, of two colours that are black; or still off. */
static void check_black(void)
{
	check_equal("LCDIMSC in the dark", hardware[IMSC], 0);
	check_equal("LCDControl in the dark", hardware[CONTROL] & (ON | 0xe), is_lit ? ON : 0);
	if (!is_lit)
		return;
	check_equal("black", hardware[PALETTE], 0);
	check_equal("the cursor in the dark", hardware[CURSOR_CONTROL], 0);
}

static void check_all(void)
{
	const uint32_t *registers = kept[seen];
	bool is_on = (registers[CONTROL] & ON) == ON;
	uint32_t upper = translate_frame(seen, registers[UPBASE]);
	uint32_t lower =
		registers[CONTROL] & DUAL ? translate_frame(seen, registers[LPBASE]) : upper;
	bool is_shown = is_on && upper && lower;
	bool is_high = is_shown && (hardware[RIS] & registers[IMSC]);

	lcd_model();
	if (is_shown)
		check_picture(upper, lower);
	else
		check_black();
	if (is_shown)
		check_equal("LCDIMSC", hardware[IMSC], is_high ? 0 : registers[IMSC]);
	check_equal("the line", lines[seen], is_high);
	check_equal("the other's line", lines[!seen], false);
	was_told[seen] |= is_on && !is_shown;
	refusals += is_on && !is_shown;
}

/* A message for each VM's life in which there is something to tell. */
static void check_messages(uint32_t told_before)
{
	check_equal("messages", messages, told_before);
}

/* ---- What happens -------------------------------------------------------------------- */

static uint32_t access(uint32_t vm, bool is_write, uint32_t offset, uint32_t value, uint8_t bytes)
{
	struct mmio mmio = {
		.offset = offset, .value = value, .bytes = bytes, .is_write = is_write
	};

	assert_int_equal(vpl111_access(&vcpus_[vm], &displays[vm], &mmio), EXIT_DONE);
	return mmio.value;
}

static uint32_t any_base(uint32_t vm)
{
	const struct vm_ram *piece = &ram[unit_once_in(8) ? !vm : vm][unit_below(3)];
	uint32_t bytes = (uint32_t)bytes_of(kept[vm]);

	switch (unit_below(6)) {
	case 0:
		return unit_word();
	case 1:
		return piece->ipa.raw + unit_below(64);
	case 2:
		return piece->ipa.raw + unit_below(piece->bytes);
	case 3:
		return unit_below(64) - 32;
	default: /* the last that fits, or thereabouts */
		return piece->ipa.raw + piece->bytes - bytes + 8 * unit_below(3) - 8;
	}
}

static uint32_t any_value(uint32_t vm, uint32_t n)
{
	switch (n) {
	case TIMING1:
		return unit_once_in(3) ? unit_word() : unit_below(200);
	case UPBASE:
	case LPBASE:
		return any_base(vm);
	case CONTROL:
		return unit_once_in(6) ? unit_word() : (unit_word() & 0x108f) | ON;
	default:
		return unit_word();
	}
}

static uint32_t any_register(void)
{
	static const uint32_t starts[] = { PALETTE, CURSOR, CURSOR_CONTROL, WORDS - 8 };

	if (unit_once_in(5))
		return starts[unit_below(4)] + unit_below(8);
	return unit_once_in(20) ? unit_below(WORDS) : unit_below(LPCURR + 2);
}

/* What a read of what is not kept gives. */
static uint32_t status(uint32_t vm, uint32_t n)
{
	static const uint8_t id[] = { 0x11, 0x11, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
	bool is_shown = vm == seen && displays[vm].is_shown;

	if (n == RIS || n == MIS)
		return is_shown ? hardware[RIS] & (n == RIS ? UINT32_MAX : kept[vm][IMSC]) : 0;
	if (n == UPCURR || n == LPCURR)
		return kept[vm][n == UPCURR ? UPBASE : LPBASE] + (is_shown && n == LPCURR ? 64 : 0);
	return n >= WORDS - 8 ? id[n - (WORDS - 8)] : 0;
}

static void write_anything(uint32_t vm)
{
	uint8_t bytes = (uint8_t)(unit_once_in(6) ? 1u << unit_below(2) : 4);
	uint32_t n = any_register(), lane = unit_below(4) & ~(bytes - 1u);
	uint32_t value = any_value(vm, n), mask = UINT32_MAX >> (32 - 8 * bytes);
	bool was_shown;

	unit_log("VM %u: 0x%x = 0x%x, %u bytes", vm, 4 * n + lane, value & mask, bytes);
	if (is_kept(n))
		kept[vm][n] = (kept[vm][n] & ~(mask << 8 * lane)) | (value & mask) << 8 * lane;
	was_shown = displays[vm].is_shown;
	accesses = 0;
	access(vm, true, 4 * n + lane, value & mask, bytes);
	unit_check(accesses < 24, "%u accesses for one of the guest's", accesses);
	if (was_shown && displays[vm].is_shown && (n == UPBASE || n == LPBASE || n > LPCURR))
		unit_check(!is_driven_anew, "the picture flickers");
}

static void read_anything(uint32_t vm)
{
	uint8_t bytes = (uint8_t)(1u << unit_below(3));
	uint32_t n = any_register(), lane = unit_below(4) & ~(bytes - 1u);
	uint32_t mask = UINT32_MAX >> (32 - 8 * bytes);
	uint32_t expected = (is_kept(n) ? kept[vm][n] : status(vm, n)) >> 8 * lane;
	uint32_t value = access(vm, false, 4 * n + lane, 0, bytes);

	unit_check((value & mask) == (expected & mask), "VM %u: 0x%x reads 0x%x, not 0x%x", vm,
		   4 * n + lane, value & mask, expected & mask);
}

/* The end of a line, of a frame: what a controller that is on tells of. */
static void interrupt(void)
{
	if (!(hardware[CONTROL] & ENABLED))
		return;
	hardware[RIS] |= 4u << unit_below(3);
	unit_log("interrupts 0x%x", hardware[RIS]);
	if (hardware[RIS] & hardware[IMSC])
		vpl111_irq(NULL, BOARD_LCD_IRQ);
}

static void hand_over(uint32_t vm)
{
	unit_log("the display is VM %u's", vm);
	seen = vm;
	assert_true(vpl111_show(&config_vms[1 + vm]));
}

static void reset(uint32_t vm)
{
	unit_log("reset of VM %u", vm);
	memset(kept[vm], 0, sizeof(kept[vm]));
	was_told[vm] = lines[vm] = false;
	vpl111_reset(&vms[1 + vm], &displays[vm]);
}

static void do_anything(void)
{
	uint32_t vm = unit_once_in(4) ? !seen : seen;

	switch (unit_below(64)) {
	case 0:
		reset(vm);
		break;
	case 1:
	case 2:
		hand_over(unit_below(VMS));
		break;
	case 3:
	case 4:
	case 5:
		interrupt();
		break;
	default:
		if (unit_once_in(3))
			read_anything(vm);
		else
			write_anything(vm);
	}
}

static void begin(void)
{
	memset(hardware, 0xff, sizeof(hardware)); /* a boot loader's */
	memcpy(before, hardware, sizeof(before));
	memset(kept, 0, sizeof(kept));
	memset(was_told, 0, sizeof(was_told));
	is_lit = false;
	seen = messages = 0;
	scanned = VMS; /* nobody to be kept from it */
	for (uint32_t i = 0; i < VMS; i++) {
		vms[1 + i].config = &config_vms[1 + i];
		displays[i] = (struct vpl111){ .vm = &vms[1 + i], .intid = 40 + i };
	}
	vpl111_init();
	check_equal("LCDControl from boot on", hardware[CONTROL], 0);
	for (uint32_t i = 0; i < VMS; i++)
		reset(i);
	check_all();
}

static void run_anything(void)
{
	begin();
	for (uint32_t i = 0; i < STEPS; i++) {
		bool were_told[] = { was_told[0], was_told[1] };
		uint32_t told = messages;

		is_driven_anew = false;
		do_anything();
		check_all();
		check_messages(told + (was_told[seen] && !were_told[seen]));
	}
}

static void any_use(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_anything);
	assert_true(pictures > SEEDS * STEPS / 20); /* it was about something */
	assert_true(refusals > SEEDS * STEPS / 20);
}

static void only_who_has_one(void **state)
{
	(void)state;
	begin();
	assert_false(vpl111_show(&config_vms[0]));
	hand_over(1);
	assert_false(vpl111_show(&config_vms[0]));
	check_all();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_use),
		cmocka_unit_test(only_who_has_one),
	};

	return unit_run(argc, argv, tests);
}
