// SPDX-License-Identifier: BSD-2-Clause
/*
 * See rtc.h.
 */
#include "arch/rtc.h"

#include "generated/board.h"

/* PrimeCell RTC registers (DDI 0224, table 3-1). */
struct rtc {
	uint32_t DR;   /* 0x000 RO Data */
	uint32_t MR;   /* 0x004 RW Match */
	uint32_t LR;   /* 0x008 RW Load */
	uint32_t CR;   /* 0x00c RW Control */
	uint32_t IMSC; /* 0x010 RW Interrupt Mask Set or Clear */
	uint32_t RIS;  /* 0x014 RO Raw Interrupt Status */
	uint32_t MIS;  /* 0x018 RO Masked Interrupt Status */
	uint32_t ICR;  /* 0x01c WO Interrupt Clear */
};

_Static_assert(offsetof(struct rtc, ICR) == 0x1c, "DDI 0224, table 3-1");

#define RTC ((volatile struct rtc *)BOARD_RTC)

#define CR_START  1u
#define INT_MATCH 1u

void rtc_init(void)
{
	RTC->CR = CR_START;
	RTC->ICR = INT_MATCH;
	RTC->IMSC = INT_MATCH;
}

uint32_t rtc_read(void)
{
	return RTC->DR;
}

void rtc_set_alarm(uint32_t seconds)
{
	RTC->MR = seconds;
}

void rtc_clear_interrupt(void)
{
	RTC->ICR = INT_MATCH;
}
