// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpl111.h. What the controller is given follows from the guest's registers alone,
 * in whatever order they were written: all of them, but for the addresses, as long as
 * the display is the VM's, is on, and has its whole frame in one piece of the VM's RAM;
 * otherwise black. What changes a frame's extent changes while the controller is off.
 *
 * `owner` changes on core 0, under the lock of the VM that loses the display; only its
 * VM's accesses and core 0 touch the controller, under that VM's lock.
 *
 * Deviations: a display that is off is black; the cursor does not interrupt.
 */
#include "kernel/vdev/vpl111.h"

#include <string.h>

#include "kernel/console.h"
#include "kernel/vm.h"

/* Registers, by word (DDI 0293, table 3-1): the frame, the status, the memories. */
enum { LCDTiming0, LCDTiming1, LCDUPBASE = 0x10 / 4, LCDLPBASE, LCDControl, LCDIMSC };
enum { LCDRIS = 0x20 / 4, LCDMIS, LCDICR, LCDUPCURR, LCDLPCURR };
enum { LCDPalette = 0x200 / 4, LCDPaletteEnd = 0x400 / 4, CrsrImage = 0x800 / 4 };
enum { CrsrCtrl = 0xc00 / 4, REGISTERS = VPL111_REGISTERS / 4, CLCDPeriphID0 = 0xfe0 / 4 };

#define CONTROL_ON   0x801u /* LcdPwr, LcdEn */
#define CONTROL_TFT  0x020u
#define CONTROL_DUAL 0x080u /* two panels, each with a frame of its own */

#define LCD ((volatile uint32_t *)BOARD_LCD)

/* CLCDPeriphID0 to 3, CLCDPCellID0 to 3. */
static const uint8_t identification[8] = { 0x11, 0x11, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static struct vpl111 *_Atomic owner; /* whose the display is */

/* Those that keep what is written. */
static bool is_kept(uint32_t n)
{
	return n <= LCDIMSC || (n >= LCDPalette && n < LCDPaletteEnd) ||
	       (n >= CrsrImage && n < REGISTERS);
}

/* Of a panel (DDI 0293, 3.2): a line has a multiple of 16 pixels. */
static uint32_t frame_bytes(const uint32_t *registers)
{
	static const uint8_t bits[8] = { 1, 2, 4, 8, 16, 32, 16, 16 };
	uint32_t sixteens = (registers[LCDTiming0] >> 2 & 0x3f) + 1;
	uint32_t lines = (registers[LCDTiming1] & 0x3ff) + 1;

	return sixteens * lines * 2 * bits[registers[LCDControl] >> 1 & 7];
}

/* The physical address of the frame at LCDUPBASE or LCDLPBASE; false if not all of it
 * lies in one piece of the VM's RAM. */
static bool find_frame(const struct vpl111 *lcd, uint32_t base, pa_t *pa)
{
	ipa_t first = { lcd->registers[base] & ~7u };

	return guest_ram_find(lcd->vm->config, first, pa) >= frame_bytes(lcd->registers);
}

/* Two colours, both black, from RAM of the VM: at one bit a pixel no frame is larger than
 * the least that a VM has. (Off, QEMU's display would show its last picture for ever.) */
static void drive_black(const struct vpl111 *lcd)
{
	LCD[LCDIMSC] = 0;
	if (!LCD[LCDControl])
		return; /* it has shown nothing yet */
	LCD[LCDControl] = 0;
	LCD[LCDPalette] = 0;
	LCD[CrsrCtrl] = 0;
	LCD[LCDUPBASE] = lcd->vm->config->ram[0].pa.raw;
	LCD[LCDLPBASE] = lcd->vm->config->ram[0].pa.raw;
	LCD[LCDControl] = CONTROL_ON | CONTROL_TFT;
}

/* stays_on: only what may change while it is on has changed since the last time; the
 * controller takes a base at the next frame. */
static void drive_frame(const struct vpl111 *lcd, pa_t upper, pa_t lower, bool stays_on)
{
	if (!stays_on) {
		LCD[LCDControl] = 0;
		LCD[LCDICR] = UINT32_MAX; /* what was another's */
		for (uint32_t n = LCDTiming0; n < LCDUPBASE; n++)
			LCD[n] = lcd->registers[n];
	}
	LCD[LCDPalette] = lcd->registers[LCDPalette];
	LCD[CrsrCtrl] = lcd->registers[CrsrCtrl];
	LCD[LCDUPBASE] = upper.raw;
	LCD[LCDLPBASE] = lower.raw;
	if (!stays_on)
		LCD[LCDControl] = lcd->registers[LCDControl];
}

/* Give the controller what the registers say now. */
static void drive(struct vpl111 *lcd, bool may_stay_on)
{
	uint32_t control = lcd->registers[LCDControl];
	pa_t upper, lower;
	bool stays_on = may_stay_on && lcd->is_shown;
	bool is_on = (control & CONTROL_ON) == CONTROL_ON;
	bool is_right = find_frame(lcd, LCDUPBASE, &upper) &&
			find_frame(lcd, control & CONTROL_DUAL ? LCDLPBASE : LCDUPBASE, &lower);

	lcd->is_shown = is_on && is_right;
	if (lcd->is_shown)
		drive_frame(lcd, upper, lower, stays_on);
	else
		drive_black(lcd);
	if (is_on && !is_right && !lcd->is_refused)
		console_print("%s: its frame at 0x%lx is not all in its RAM: it stays black",
			      lcd->vm->config->name, lcd->registers[LCDUPBASE]);
	lcd->is_refused |= is_on && !is_right;
}

/* Palette and cursor, which the controller keeps. */
static bool is_memory(uint32_t n)
{
	return n > LCDPalette && n != CrsrCtrl && is_kept(n);
}

/* The display is its own now, or it begins anew. */
static void take_over(struct vpl111 *lcd)
{
	for (uint32_t n = LCDPalette; n < REGISTERS; n++)
		if (is_memory(n))
			LCD[n] = lcd->registers[n];
	drive(lcd, false);
}

static uint32_t pending(const struct vpl111 *lcd, uint32_t mask)
{
	return lcd->is_shown ? LCD[LCDRIS] & mask : 0;
}

/* One that the guest has not answered is masked in the controller until then. */
static void update_line(struct vpl111 *lcd)
{
	bool is_high = pending(lcd, lcd->registers[LCDIMSC]) != 0;

	if (lcd->is_shown)
		LCD[LCDIMSC] = is_high ? 0 : lcd->registers[LCDIMSC];
	vgic_set_line(&lcd->vm->config->vcpus[0], lcd->intid, is_high);
}

void vpl111_init(void)
{
	LCD[LCDControl] = 0;
	LCD[LCDIMSC] = 0;
	owner = NULL;
	for (uint32_t i = 0; !owner; i++)
		owner = config_vms[i].lcd;
	gic_enable(BOARD_LCD_IRQ);
}

void vpl111_irq(UNUSED struct core *core, UNUSED uint32_t intid)
{
	struct vpl111 *lcd = owner;

	lock_take(&lcd->vm->lock);
	update_line(lcd);
	lock_release(&lcd->vm->lock);
}

bool vpl111_show(const struct vm_config *config)
{
	struct vpl111 *from = owner, *to = config->lcd;

	if (!to)
		return false;
	lock_take(&from->vm->lock);
	from->is_shown = false;
	update_line(from);
	owner = to;
	lock_release(&from->vm->lock);
	lock_take(&to->vm->lock);
	take_over(to);
	update_line(to);
	lock_release(&to->vm->lock);
	return true;
}

void vpl111_reset(UNUSED struct vm *vm, void *device)
{
	struct vpl111 *lcd = device;

	memset(lcd->registers, 0, sizeof(lcd->registers));
	lcd->is_refused = false;
	if (lcd == owner)
		take_over(lcd);
}

static uint32_t read_register(const struct vpl111 *lcd, uint32_t n)
{
	uint32_t base = n - LCDUPCURR + LCDUPBASE;

	if (n == LCDRIS || n == LCDMIS)
		return pending(lcd, n == LCDRIS ? UINT32_MAX : lcd->registers[LCDIMSC]);
	if (n == LCDUPCURR || n == LCDLPCURR) /* where the VM sees it */
		return lcd->registers[base] + (lcd->is_shown ? LCD[n] - LCD[base] : 0);
	if (n >= CLCDPeriphID0)
		return identification[n - CLCDPeriphID0];
	return is_kept(n) ? lcd->registers[n] : 0;
}

static void write_register(struct vpl111 *lcd, uint32_t n, uint32_t value)
{
	if (is_kept(n))
		lcd->registers[n] = value;
	if (is_memory(n) ? lcd == owner : n == LCDICR && lcd->is_shown)
		LCD[n] = value;
	else if (n != LCDIMSC && is_kept(n) && lcd == owner)
		drive(lcd, n >= LCDUPBASE && n != LCDControl);
	if (n <= LCDICR)
		update_line(lcd);
}

/* Registers are words. A narrower read sees the bytes that it names, a narrower write
 * leaves the others as they read. */
enum exit_result vpl111_access(UNUSED struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	uint32_t n = mmio->offset / 4, value = read_register(device, n);

	if (mmio->is_write)
		write_register(device, n, mmio_merge(mmio, value));
	else
		mmio->value = value >> mmio->offset % 4 * 8;
	return EXIT_DONE;
}
