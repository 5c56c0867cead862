// SPDX-License-Identifier: BSD-2-Clause
/*
 * See gic_model.h. The manual's bit positions are written out here once more, so
 * that a wrong one in arch/gic.h is noticed.
 */
#include "tests/host/unit/gic_model.h"

#include <string.h>

#include "arch/gic.h"

#define LISTS 4u
#define WORDS (BOARD_IRQ_COUNT / 32u)

#define LR_HW      0x80000000u
#define LR_GROUP1  0x40000000u
#define LR_ACTIVE  0x20000000u
#define LR_PENDING 0x10000000u
#define LR_EOI     0x00080000u

#define HCR_EN      0x1u
#define HCR_UIE     0x2u
#define HCR_LRENPIE 0x4u
#define HCR_NPIE    0x8u
#define HCR_VGRP0E  0x10u
#define HCR_VGRP0D  0x20u
#define HCR_VGRP1E  0x40u
#define HCR_VGRP1D  0x80u
#define HCR_COUNT   0x08000000u

#define VMCR_GROUPS  0x3u
#define VMCR_EOIMODE 0x200u

/* Write-1 registers read back what was filled in, unless somebody wrote. */
static struct gicd gicd;
static struct gicc gicc;
static struct gich gich;
static uint32_t misr; /* GICH_MISR: nobody reads it */
static uint32_t enabled[WORDS], latched[WORDS], line[WORDS], active[WORDS];

static uint32_t bit(uint32_t intid)
{
	return 1u << intid % 32;
}

static uint32_t pending(uint32_t n)
{
	return latched[n] | line[n];
}

/* What was written since the last look takes effect. */
static void absorb(void)
{
	for (uint32_t n = 0; n < WORDS; n++) {
		enabled[n] = (gicd.ISENABLER[n] | enabled[n]) & ~gicd.ICENABLER[n];
		if (gicd.ISPENDR[n] != pending(n))
			latched[n] |= gicd.ISPENDR[n];
		latched[n] &= ~gicd.ICPENDR[n];
		active[n] = (gicd.ISACTIVER[n] | active[n]) & ~gicd.ICACTIVER[n];
	}
	if (gicc.DIR != GICV_SPURIOUS && (gicc.DIR & 0x3ff) < BOARD_IRQ_COUNT)
		active[(gicc.DIR & 0x3ff) / 32] &= ~bit(gicc.DIR & 0x3ff);
	gicc.DIR = GICV_SPURIOUS;
}

static void show(void)
{
	for (uint32_t n = 0; n < WORDS; n++) {
		gicd.ISENABLER[n] = enabled[n];
		gicd.ISPENDR[n] = pending(n);
		gicd.ISACTIVER[n] = active[n];
		gicd.ICENABLER[n] = 0;
		gicd.ICPENDR[n] = 0;
		gicd.ICACTIVER[n] = 0;
	}
}

static void sync(void)
{
	absorb();
	show();
}

struct gicd *gic_model_gicd(void)
{
	sync();
	return &gicd;
}

struct gicc *gic_model_gicc(void)
{
	sync();
	return &gicc;
}

/* 5.3.4 to 5.3.7: what is read-only follows from the rest. */
static void derive(void)
{
	bool is_any_pending = false;
	uint32_t valid = 0, eisr = 0;

	gich.VTR = 0x90000000u | (LISTS - 1);
	for (uint32_t i = 0; i < LISTS; i++) {
		uint32_t lr = gich.LR[i];

		is_any_pending |= (lr & (LR_PENDING | LR_ACTIVE)) == LR_PENDING;
		if (lr & (LR_PENDING | LR_ACTIVE)) {
			valid++;
			continue;
		}
		if (!(lr & LR_HW) && (lr & LR_EOI))
			eisr |= 1u << i;
	}
	misr = (eisr ? 1u : 0) | ((gich.HCR & HCR_UIE) && valid <= 1 ? 2u : 0) |
	       ((gich.HCR & HCR_LRENPIE) && gich.HCR >= HCR_COUNT ? 4u : 0) |
	       ((gich.HCR & HCR_NPIE) && !is_any_pending ? 8u : 0);
	if ((gich.HCR & HCR_VGRP0E) && (gich.VMCR & 1))
		misr |= 0x10;
	if ((gich.HCR & HCR_VGRP0D) && !(gich.VMCR & 1))
		misr |= 0x20;
	if ((gich.HCR & HCR_VGRP1E) && (gich.VMCR & 2))
		misr |= 0x40;
	if ((gich.HCR & HCR_VGRP1D) && !(gich.VMCR & 2))
		misr |= 0x80;
}

struct gich *gic_model_gich(void)
{
	derive();
	return &gich;
}

void gic_model_reset(void)
{
	memset(&gicd, 0, sizeof(gicd));
	memset(&gich, 0, sizeof(gich));
	memset(enabled, 0, sizeof(enabled));
	memset(latched, 0, sizeof(latched));
	memset(line, 0, sizeof(line));
	memset(active, 0, sizeof(active));
	gicd.ITARGETSR[0] = 1;
	gicc.DIR = GICV_SPURIOUS;
	show();
}

uint32_t gich_lr(uint32_t i)
{
	return gich.LR[i];
}

uint32_t gich_lr_intid(uint32_t lr)
{
	return lr & 0x3ff;
}

bool gich_lr_is_pending(uint32_t lr)
{
	return (lr & LR_PENDING) != 0;
}

bool gich_lr_is_active(uint32_t lr)
{
	return (lr & LR_ACTIVE) != 0;
}

uint32_t gich_vmcr(void)
{
	return gich.VMCR;
}

uint32_t gich_apr(void)
{
	return gich.APR;
}

bool gich_is_asking(void)
{
	derive();
	return (gich.HCR & HCR_EN) && misr;
}

void gicv_set_control(uint32_t ctlr)
{
	gich.VMCR =
		(gich.VMCR & ~(VMCR_GROUPS | VMCR_EOIMODE)) | (ctlr & (VMCR_GROUPS | VMCR_EOIMODE));
}

void gicv_set_mask(uint32_t priority)
{
	gich.VMCR = (gich.VMCR & 0x07ffffffu) | (priority & 0xf8) << 24;
}

static uint32_t lr_priority(uint32_t lr)
{
	return (lr >> 23 & 0x1f) << 3;
}

/* With the smallest binary point all five bits count (5.5.3). */
static uint32_t running(void)
{
	return gich.APR ? (uint32_t)__builtin_ctz(gich.APR) << 3 : 0x100;
}

static bool can_signal(uint32_t lr)
{
	return (gich.HCR & HCR_EN) && (gich.VMCR & (lr & LR_GROUP1 ? 2u : 1u)) &&
	       lr_priority(lr) < gich.VMCR >> 27 << 3 && lr_priority(lr) < running();
}

int gicv_best(bool is_masked)
{
	int best = -1;

	for (uint32_t i = 0; i < LISTS; i++) {
		uint32_t lr = gich.LR[i];

		if ((lr & (LR_PENDING | LR_ACTIVE)) != LR_PENDING)
			continue;
		if (is_masked && !can_signal(lr))
			continue;
		if (best < 0 || lr_priority(lr) < lr_priority(gich.LR[best]))
			best = (int)i;
	}
	return best;
}

uint32_t gicv_acknowledge(void)
{
	int i = gicv_best(true);
	uint32_t lr;

	if (i < 0)
		return GICV_SPURIOUS;
	lr = gich.LR[i];
	gich.LR[i] = (lr & ~LR_PENDING) | LR_ACTIVE;
	gich.APR |= 1u << (lr >> 23 & 0x1f);
	/* The sender of an SGI is part of what is read (5.5.4). */
	return gich_lr_intid(lr) | (gich_lr_intid(lr) < 16 ? lr & 0x1c00 : 0);
}

/* Of an SGI, its sender as well (4.4.5). */
static bool is_of(uint32_t lr, uint32_t iar)
{
	uint32_t mask = gich_lr_intid(lr) < 16 ? 0x1fff : 0x3ff;

	return ((lr ^ iar) & mask) == 0;
}

static void finish(uint32_t iar)
{
	for (uint32_t i = 0; i < LISTS; i++) {
		uint32_t lr = gich.LR[i];

		if (!is_of(lr, iar) || !(lr & LR_ACTIVE))
			continue;
		gich.LR[i] = lr & ~LR_ACTIVE;
		if (lr & LR_HW) {
			uint32_t physical = lr >> 10 & 0x3ff;

			sync();
			active[physical / 32] &= ~bit(physical);
			show();
		}
		return;
	}
	gich.HCR += HCR_COUNT;
}

void gicv_end(uint32_t iar)
{
	if (!gich.APR)
		return; /* no priority to drop: not counted (5.3.1) */
	gich.APR &= gich.APR - 1;
	if (!(gich.VMCR & VMCR_EOIMODE))
		finish(iar);
}

void gicv_deactivate(uint32_t iar)
{
	if (gich.VMCR & VMCR_EOIMODE)
		finish(iar);
}

void gicp_set_line(uint32_t intid, bool is_high)
{
	sync();
	line[intid / 32] &= ~bit(intid);
	line[intid / 32] |= (uint32_t)is_high << intid % 32;
	show();
}

bool gicp_is_high(uint32_t intid)
{
	return (line[intid / 32] & bit(intid)) != 0;
}

bool gicp_is_active(uint32_t intid)
{
	sync();
	return (active[intid / 32] & bit(intid)) != 0;
}

uint32_t gicp_take(void)
{
	sync();
	for (uint32_t n = 0; n < WORDS; n++) {
		uint32_t due = pending(n) & enabled[n] & ~active[n];

		if (!due)
			continue;
		active[n] |= due & -due;
		latched[n] &= ~(due & -due);
		show();
		return 32 * n + (uint32_t)__builtin_ctz(due);
	}
	return GICV_SPURIOUS;
}

bool gicp_take_sgi(void)
{
	bool was_sent = gicd.SGIR != 0;

	gicd.SGIR = 0;
	return was_sent;
}
