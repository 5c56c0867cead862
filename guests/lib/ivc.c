// SPDX-License-Identifier: BSD-2-Clause
/*
 * See ivc.h.
 */
#include "guests/lib/ivc.h"

#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

static uint32_t page;

void ivc_use_page(uint32_t address)
{
	page = address;
}

static void call_by_page(uint32_t r[5])
{
	for (uint32_t i = 5; i-- > 0;)
		mmio_write32(page + 4 * i, r[i]); /* word 0, the last, makes the call */
	for (uint32_t i = 0; i < 4; i++)
		r[i] = mmio_read32(page + 4 * i);
}

static void call_by_hvc(uint32_t r[5])
{
	register uint32_t r0 __asm__("r0") = r[0];
	register uint32_t r1 __asm__("r1") = r[1];
	register uint32_t r2 __asm__("r2") = r[2];
	register uint32_t r3 __asm__("r3") = r[3];
	register uint32_t r4 __asm__("r4") = r[4];

	__asm__ volatile(".arch_extension virt\n\thvc #0"
			 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			 : "r"(r4)
			 : "r12", "memory");
	r[0] = r0;
	r[1] = r1;
	r[2] = r2;
	r[3] = r3;
}

uint32_t ivc_call(uint32_t r[5])
{
	/* What a message tells of is in memory before it. */
	cpu_data_barrier();
	if (page)
		call_by_page(r);
	else
		call_by_hvc(r);
	return r[0];
}

void ivc_enable_interrupt(void)
{
	uint32_t config = PLATFORM_GICD + GICD_ICFGR + IVC_INTID / 16 * 4;

	mmio_write32(config, mmio_read32(config) | 2u << IVC_INTID % 16 * 2);
	gic_set_targets(IVC_INTID, 1);
	gic_enable_interrupt(IVC_INTID);
}

void ivc_open(bool is_open)
{
	ivc_call((uint32_t[5]){ IVC_OPEN, is_open });
}

uint32_t ivc_send(uint32_t peer, const uint32_t words[3])
{
	return ivc_call((uint32_t[5]){ IVC_SEND, peer, words[0], words[1], words[2] });
}

uint32_t ivc_receive(uint32_t peer, uint32_t words[3])
{
	uint32_t r[5] = { IVC_RECEIVE, peer };

	ivc_call(r);
	for (uint32_t i = 0; i < 3; i++)
		words[i] = r[i + 1];
	return r[0];
}

uint32_t ivc_broadcast(const uint32_t words[3])
{
	return ivc_call((uint32_t[5]){ IVC_BROADCAST, words[0], words[1], words[2] });
}

uint32_t ivc_ring(uint32_t peers)
{
	return ivc_call((uint32_t[5]){ IVC_RING, peers });
}

static struct ivc_events events(uint32_t clear)
{
	uint32_t r[5] = { IVC_EVENTS, clear, clear };

	ivc_call(r);
	return (struct ivc_events){ r[0], r[1], r[2], r[3] };
}

struct ivc_events ivc_events(void)
{
	return events(~0u);
}

struct ivc_events ivc_look(void)
{
	return events(0);
}
