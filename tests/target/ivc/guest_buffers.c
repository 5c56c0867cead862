// SPDX-License-Identifier: BSD-2-Clause
/*
 * Shared buffers: what each VM may do with them, and that nothing else goes. role=0
 * may only read the first; role=1 has both; role=2 may write the second. Each tries
 * everything that it may not, in many forms. The first one restarts once amid that.
 */
#include <stdio.h>
#include <string.h>

#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/ivc.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define FIRST       0x0a100000u /* for both of its VMs */
#define FIRST_BYTES 0x3000u
#define SECOND      0x60000000u
#define SECOND_SIZE 0x1000u

#define RETURN 0xe12fff1eu /* bx lr */
#define ALL    ~0u

static volatile uint32_t data_aborts, prefetch_aborts, fault_address;

static void data_abort(struct exception_frame *frame)
{
	data_aborts++;
	fault_address = cp15_read_DFAR();
	exception_skip(frame);
}

/* Of a call: back to the caller. */
static void prefetch_abort(struct exception_frame *frame)
{
	prefetch_aborts++;
	fault_address = cp15_read_IFAR();
	frame->pc = frame->lr_svc;
}

static void write_word(uint32_t address)
{
	mmio_write32(address, RETURN);
}

static void write_half(uint32_t address)
{
	mmio_write16(address, 0xffff);
}

static void write_byte(uint32_t address)
{
	mmio_write8(address, 0xff);
}

static void write_back(uint32_t address)
{
	__asm__ volatile("str %0, [%0], #4" : "+r"(address) : : "memory");
}

static void write_double(uint32_t address)
{
	__asm__ volatile("strd r2, r3, [%0]" : : "r"(address) : "memory");
}

static void write_many(uint32_t address)
{
	__asm__ volatile("stm %0, {r1-r8}" : : "r"(address) : "memory");
}

static void write_vfp(uint32_t address)
{
	__asm__ volatile(".fpu neon-vfpv4\n\tvstr d0, [%0]" : : "r"(address) : "memory");
}

static void write_exclusive(uint32_t address)
{
	uint32_t value;

	__asm__ volatile("ldrex %0, [%1]\n\tstrex %0, %1, [%1]"
			 : "=&r"(value)
			 : "r"(address)
			 : "memory");
}

static void read_word(uint32_t address)
{
	mmio_read32(address);
}

static void read_many(uint32_t address)
{
	__asm__ volatile("ldm %0, {r1-r8}"
			 :
			 : "r"(address)
			 : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "memory");
}

static void (*const writes[])(uint32_t) = {
	write_word,   write_half, write_byte, write_back,
	write_double, write_many, write_vfp,  write_exclusive,
};

/* One abort, at this address: and not two, though an exclusive pair may have both. */
static void must_abort(const char *what, void (*access)(uint32_t), uint32_t address)
{
	data_aborts = 0;
	access(address);
	check_that(what, data_aborts != 0 && data_aborts <= 2);
	check_equal(what, fault_address, address, ALL);
}

static void must_not_write(uint32_t start, uint32_t bytes)
{
	for (uint32_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		for (uint32_t at = start; at < start + bytes; at += 0xfc8)
			must_abort("a forbidden write", writes[i], at & ~7u);
}

static void must_not_read(uint32_t start, uint32_t bytes)
{
	for (uint32_t at = start; at < start + bytes; at += 0x7c0) {
		must_abort("a forbidden read", read_word, at);
		must_abort("a forbidden read", read_many, at);
	}
}

static void must_not_run(uint32_t start, uint32_t bytes)
{
	for (uint32_t at = start; at < start + bytes; at += 0x7c0) {
		prefetch_aborts = 0;
		((void (*)(void))at)();
		check_equal("a forbidden fetch", prefetch_aborts, 1, ALL);
		check_equal("a forbidden fetch", fault_address, at, ALL);
	}
}

static void must_not_touch(uint32_t start, uint32_t bytes)
{
	must_not_read(start, bytes);
	must_not_write(start, bytes);
	must_not_run(start, bytes);
}

static void fill(uint32_t start, uint32_t bytes, uint32_t value)
{
	for (uint32_t at = 0; at < bytes; at += 4)
		*(volatile uint32_t *)(start + at) = value + at;
}

static void holds(const char *what, uint32_t start, uint32_t bytes, uint32_t value)
{
	for (uint32_t at = 0; at < bytes; at += 4)
		check_equal(what, *(volatile uint32_t *)(start + at), value ? value + at : 0, ALL);
}

/* The peer's doorbell or its change may come meanwhile: both are seen to. */
static void wait_bell(uint32_t peer)
{
	while (!(ivc_events().doorbells & 1u << peer)) {
		cpu_wait_for_interrupt();
		gic_end(gic_acknowledge());
	}
}

static void ring(uint32_t peer)
{
	while (!ivc_ring(1u << peer))
		ivc_call((uint32_t[5]){ IVC_EVENTS, 0, ALL });
}

/* Only the first, only for reading; everything around it is nothing. */
static void play_reader(void)
{
	ring(0);
	wait_bell(0);
	holds("what the other wrote", FIRST, FIRST_BYTES, RETURN);
	must_not_write(FIRST, FIRST_BYTES);
	must_not_run(FIRST, FIRST_BYTES);
	must_not_touch(FIRST - 0x1000, 0x1000);
	must_not_touch(FIRST + FIRST_BYTES, 0x1000);
	must_not_touch(SECOND, SECOND_SIZE);
	must_not_run(IVC_PAGE, 0x1000);
	holds("what the other wrote", FIRST, FIRST_BYTES, RETURN);
}

static void play_writer_of_second(void)
{
	ring(0);
	wait_bell(0);
	must_not_touch(FIRST, FIRST_BYTES);
	must_not_run(SECOND, SECOND_SIZE);
	holds("what the other wrote", SECOND, SECOND_SIZE, 7);
	fill(SECOND, SECOND_SIZE, 9);
	ring(0);
}

/* Peer 0 is the reader, peer 1 the writer of the second. */
static void play_owner(void)
{
	holds("the first at boot", FIRST, FIRST_BYTES, 0);
	holds("the second at boot", SECOND, SECOND_SIZE, 0);
	fill(FIRST, FIRST_BYTES, RETURN);
	fill(SECOND, SECOND_SIZE, 7);
	must_not_run(FIRST, FIRST_BYTES);
	must_not_run(SECOND, SECOND_SIZE);
	must_not_touch(SECOND + SECOND_SIZE, 0x1000);
	for (uint32_t life = 0; life < 2; life++) {
		wait_bell(0);
		ring(0);
	}
	wait_bell(0); /* the reader is done */
	ring(1);
	wait_bell(1);
	holds("what the other wrote", SECOND, SECOND_SIZE, 9);
	holds("what nobody else wrote", FIRST, FIRST_BYTES, RETURN);
}

static bool is_second_life(void)
{
	bool is_second = mmio_read32(0x09010000) < 1000; /* the clock was set */

	mmio_write32(0x09010008, 0);
	return is_second;
}

int main(void)
{
	static const char *const names[] = { "buffers-a", "buffers-b", "buffers-c" };
	uint32_t role = devicetree_argument("role", 0);

	check_begin(names[role]);
	exception_set_handler(EXCEPTION_DATA_ABORT, data_abort);
	exception_set_handler(EXCEPTION_PREFETCH_ABORT, prefetch_abort);
	gic_enable();
	ivc_enable_interrupt();
	ivc_open(true);
	if (role == 0) {
		play_reader();
		if (!is_second_life() && check_end() == 0)
			psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
		ring(0);
	} else if (role == 1) {
		play_owner();
	} else {
		play_writer_of_second();
	}
	check_end();
	for (;;)
		cpu_wait_for_interrupt();
}
