// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a guest can do to make the hypervisor work longest at one entry. Its VM has all
 * the interrupts that a distributor can have. Three lives, told apart by a register
 * of the clock's that a restart leaves alone: a fault ends the first, a reset the
 * second, power-off the last.
 */
#include "guests/bench/board.h"
#include "guests/bench/mark.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define BANKS       31u /* 992 interrupts, a word of bits for 32 of them */
#define PRIORITIES  (BANKS * 8u)
#define ALL         0xffffffffu
#define SOON_TICKS  100u
#define WAIT_TURNS  1000000u
#define FLOOD       2000u
#define RTC_MR      0x04u /* the alarm: nobody waits for it */
#define LIFE_SECOND 0x21u
#define LIFE_THIRD  0x22u

enum { UARTDR = 0x00, UARTIMSC = 0x38, UARTCR = 0x30 };

#define UARTCR_ENABLE 0x301u

static void write_all(uint32_t offset, uint32_t first, uint32_t count, uint32_t value)
{
	for (uint32_t n = first; n < count; n++)
		mmio_write32(board.gicd + offset + 4 * n, value);
}

/* The most urgent come last: the search for the next one finds better and better. */
static void set_priorities(void)
{
	for (uint32_t n = 0; n < PRIORITIES; n++)
		mmio_write32(board.gicd + GICD_IPRIORITYR + 4 * n,
			     0x01010101u * (0xf8u - n / 8u * 8u));
}

/* Fourteen words at once: each of them is an access of its own. What is stored has
 * most bits set; what is loaded is forgotten. */
static void access_multiple(uint32_t address, bool is_load)
{
	__asm__ volatile("push {r4-r11, lr}\n\t"
			 "mov r0, %0\n\t"
			 "cmp %1, #0\n\t"
			 "mvn r2, #0\n\tmvn r3, #0\n\tmvn r4, #0\n\tmvn r5, #0\n\t"
			 "mvn r6, #0\n\tmvn r7, #0\n\tmvn r8, #0\n\tmvn r9, #0\n\t"
			 "mvn r10, #0\n\tmvn r11, #0\n\tmvn r12, #0\n\tmvn lr, #0\n\t"
			 "stmeq r0, {r0-r12, lr}\n\t"
			 "ldmne r0, {r0-r12, lr}\n\t"
			 "pop {r4-r11, lr}"
			 :
			 : "r"(address), "r"(is_load)
			 : "r0", "r2", "r3", "ip", "cc", "memory");
}

static void pend_all(void)
{
	for (uint32_t n = 0; n < BANKS; n++) {
		MARK_BEGIN(ROW_WORST_PEND);
		mmio_write32(board.gicd + GICD_ISPENDR + 4 * n, ALL);
		MARK_END();
	}
}

static void access_many(void)
{
	MARK_BEGIN(ROW_WORST_STM);
	access_multiple(board.gicd + GICD_ISPENDR, false);
	MARK_END();
	MARK_BEGIN(ROW_WORST_LDM);
	access_multiple(board.gicd + GICD_ISPENDR, true);
	MARK_END();
	MARK_BEGIN(ROW_WORST_SETTINGS);
	mmio_write32(board.gicd + GICD_CTLR, 0);
	mmio_write32(board.gicd + GICD_CTLR, 1);
	mmio_write32(board.gicd + GICD_IPRIORITYR + 4 * PRIORITIES - 4, 0);
	mmio_write32(board.gicd + GICD_ICENABLER + 4 * BANKS - 4, ALL);
	MARK_END();
}

/* Interrupts while all list registers are full, and many more wait. */
static void take_interrupts(void)
{
	MARK_BEGIN(ROW_WORST_INTERRUPT);
	board_start_timer(SOON_TICKS);
	for (uint32_t i = 0; i < WAIT_TURNS; i++)
		__asm__ volatile("");
	MARK_END();
	cp15_write_CNTV_CTL(0);
}

/* All active, and most of them without a list register; then each is finished. */
static void finish_all(void)
{
	MARK_BEGIN(ROW_WORST_END);
	write_all(GICD_ISACTIVER, 0, BANKS, ALL);
	for (uint32_t intid = 0; intid < BANKS * 32u; intid++)
		mmio_write32(board.gicc + GICC_EOIR, intid);
	MARK_END();
}

static void flood(void)
{
	mmio_write32(board.uart + UARTIMSC, 0x7ff);
	mmio_write32(board.uart + UARTCR, UARTCR_ENABLE);
	MARK_BEGIN(ROW_WORST_CONSOLE);
	for (uint32_t i = 0; i < FLOOD; i++)
		mmio_write32(board.uart + UARTDR, i % 3 == 2 ? '\n' : 'x');
	MARK_END();
}

static void call(uint32_t function)
{
	register uint32_t r0 __asm__("r0") = function;

	__asm__ volatile(".arch_extension virt\n\thvc #0"
			 : "+r"(r0)
			 :
			 : "r1", "r2", "r3", "memory");
}

static void first_life(void)
{
	mmio_write32(board.gicc + GICC_PMR, 0); /* nothing is taken */
	write_all(GICD_ISENABLER, 0, BANKS, ALL);
	set_priorities();
	pend_all();
	access_many();
	take_interrupts();
	finish_all();
	flood();
	mmio_write32(board.rtc + RTC_MR, LIFE_SECOND);
	MARK_BEGIN(ROW_WORST_FAULT);
	mmio_read32(board.hole);
}

void rows_worst(void)
{
	uint32_t life = mmio_read32(board.rtc + RTC_MR);

	MARK_END(); /* of the life before */
	if (life == LIFE_SECOND) {
		mmio_write32(board.rtc + RTC_MR, LIFE_THIRD);
		MARK_BEGIN(ROW_WORST_RESET);
		call(PSCI_SYSTEM_RESET);
	} else if (life == LIFE_THIRD) {
		MARK_BEGIN(ROW_WORST_OFF);
		call(PSCI_SYSTEM_OFF);
	} else {
		first_life();
	}
}
