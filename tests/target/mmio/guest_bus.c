// SPDX-License-Identifier: BSD-2-Clause
/*
 * What loads and stores do at a guest's devices, in all their forms, and that there
 * are proper aborts where nothing is. Every check holds on QEMU's bare `virt` board
 * too. Aborts: ARM ARM DDI 0406C, B3.13; UART: PL011, DDI 0183.
 */
#include "guests/lib/check.h"
#include "guests/lib/cp15.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"

#define HOLE       0x0b000000u /* no device there, on `virt` either */
#define BEYOND_RAM 0x50000000u
#define ALL        0xffffffffu

#define DFSR_WNR           0x800u
#define DFSR_STATUS        0x40fu /* FS[4], FS[3:0] */
#define DFSR_EXTERNAL      0x008u /* synchronous external abort */
#define DFSR_LPAE          0x200u
#define DFSR_LPAE_STATUS   0x03fu
#define DFSR_LPAE_EXTERNAL 0x010u

/* ---- Aborts that were taken ---- */

static volatile uint32_t aborts;
static volatile uint32_t abort_status;
static volatile uint32_t abort_address;
static volatile uint32_t abort_return;

static void take_data_abort(struct exception_frame *frame)
{
	aborts++;
	abort_status = cp15_read_DFSR();
	abort_address = cp15_read_DFAR();
	exception_skip(frame);
}

static void take_prefetch_abort(struct exception_frame *frame)
{
	aborts++;
	abort_status = cp15_read_IFSR();
	abort_address = cp15_read_IFAR();
	frame->pc = abort_return;
	/* Where nothing was, was A32; we may be T32. */
	if ((uint32_t)take_prefetch_abort & 1)
		frame->cpsr |= CPU_CPSR_T;
}

/* ---- The UART ---- */

static void test_uart(void)
{
	static const uint8_t ids[8] = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	for (uint32_t i = 0; i < 8; i++)
		check_equal("UARTPeriphID/UARTPCellID", mmio_read32(PLATFORM_UART + 0xfe0 + i * 4),
			    ids[i], i == 2 ? 0xf : ALL);
	check_equal("UARTPCellID3, a byte", mmio_read8(PLATFORM_UART + 0xffc), 0xb1, 0xff);
	check_equal("UARTPCellID3, a halfword", mmio_read16(PLATFORM_UART + 0xffc), 0xb1, 0xffff);
}

/* ---- Forms of loads and stores that are not a plain word's ---- */

#define UART_ID   (PLATFORM_UART + 0xff0) /* 0d f0 05 b1, a word each */
#define PRIORITY0 (PLATFORM_GICD + GICD_IPRIORITYR + 40)

/* The syndrome describes these (B3.13.6): extended loads. */
static void test_extended_forms(void)
{
	uint32_t at = UART_ID;
	int32_t value;

	__asm__ volatile("ldrsb %0, [%1, #12]" : "=r"(value) : "r"(at) : "memory");
	check_equal("ldrsb of 0xb1", (uint32_t)value, 0xffffffb1, ALL);
	__asm__ volatile("ldrsh %0, [%1, #12]" : "=r"(value) : "r"(at) : "memory");
	check_equal("ldrsh of 0xb1", (uint32_t)value, 0xb1, ALL);
	__asm__ volatile("ldr %0, [%1, %2, lsl #2]" : "=r"(value) : "r"(at), "r"(1) : "memory");
	check_equal("ldr, register offset", (uint32_t)value, 0xf0, ALL);
	value = 77;
	__asm__ volatile("cmp %1, #0\n\tit eq\n\tldreq %0, [%1]"
			 : "+r"(value)
			 : "r"(at)
			 : "cc", "memory");
	check_equal("ldreq that doesn't happen", (uint32_t)value, 77, ALL);
	__asm__ volatile("cmp %1, #0\n\titt ne\n\tldrne %0, [%1]\n\taddne %0, %0, #1"
			 : "+r"(value)
			 : "r"(at)
			 : "cc", "memory");
	check_equal("ldrne and what follows it", (uint32_t)value, 0x0e, ALL);
}

/* These must be fetched and decoded: write-back, pairs, lists, user forms. What two
 * registers got, or are to give: r2 and r3. */
static void check_pair(const char *what, uint64_t pair, uint32_t first, uint32_t second)
{
	check_equal(what, (uint32_t)pair, first, ALL);
	check_equal(what, (uint32_t)(pair >> 32), second, ALL);
}

#define LOAD_PAIR(instruction, pair, base)                            \
	__asm__ volatile(instruction "\n\tmov %Q0, r2\n\tmov %R0, r3" \
			 : "=r"(pair), "+r"(base)                     \
			 :                                            \
			 : "r2", "r3", "memory")
#define STORE_PAIR(instruction, pair, base)                           \
	__asm__ volatile("mov r2, %Q1\n\tmov r3, %R1\n\t" instruction \
			 : "+r"(base)                                 \
			 : "r"(pair)                                  \
			 : "r2", "r3", "memory")

static void test_loads(void)
{
	uint32_t at = UART_ID;
	uint32_t value;
	uint64_t pair;

	__asm__ volatile("ldr %0, [%1], #4" : "=&r"(value), "+r"(at) : : "memory");
	check_equal("ldr, post-indexed", value, 0x0d, ALL);
	check_equal("ldr, post-indexed: base", at, UART_ID + 4, ALL);
	__asm__ volatile("ldrb %0, [%1, #8]!" : "=&r"(value), "+r"(at) : : "memory");
	check_equal("ldrb, pre-indexed", value, 0xb1, ALL);
	check_equal("ldrb, pre-indexed: base", at, UART_ID + 12, ALL);
	__asm__ volatile("ldrt %0, [%1]" : "=r"(value) : "r"(at) : "memory");
	check_equal("ldrt", value, 0xb1, ALL);
	at = UART_ID;
	LOAD_PAIR("ldrd r2, r3, [%1, #8]", pair, at);
	check_pair("ldrd", pair, 0x05, 0xb1);
	LOAD_PAIR("ldm %1!, {r2, r3}", pair, at);
	check_pair("ldm", pair, 0x0d, 0xf0);
	check_equal("ldm: base", at, UART_ID + 8, ALL);
	LOAD_PAIR("ldmdb %1, {r2, r3}", pair, at);
	check_pair("ldmdb", pair, 0x0d, 0xf0);
}

#define PAIR    0x5060708010203040u
#define SWAPPED 0x1020304050607080u

static void check_priorities(const char *what, uint32_t first, uint32_t second)
{
	check_equal(what, mmio_read32(PRIORITY0), first, 0xf8f8f8f8);
	check_equal(what, mmio_read32(PRIORITY0 + 4), second, 0xf8f8f8f8);
}

static void test_stores(void)
{
	uint32_t at = PRIORITY0;

	STORE_PAIR("strd r2, r3, [%0]", PAIR, at);
	check_priorities("strd", 0x10203040, 0x50607080);
	STORE_PAIR("strb r3, [%0], #1", PAIR, at);
	check_priorities("strb, post-indexed", 0x10203080, 0x50607080);
	check_equal("strb, post-indexed: base", at, PRIORITY0 + 1, ALL);
	at = PRIORITY0 - 4;
	STORE_PAIR("str r3, [%0, #4]!", PAIR, at);
	check_priorities("str, pre-indexed", 0x50607080, 0x50607080);
	check_equal("str, pre-indexed: base", at, PRIORITY0, ALL);
	STORE_PAIR("stm %0!, {r2, r3}", SWAPPED, at);
	check_priorities("stm", 0x50607080, 0x10203040);
	check_equal("stm: base", at, PRIORITY0 + 8, ALL);
}

/* ---- Where nothing is ---- */

static void check_abort(const char *what, uint32_t address, uint32_t status, uint32_t mask)
{
	check_equal(what, aborts, 1, ALL);
	check_equal(what, abort_status, status, mask);
	check_equal(what, abort_address, address, ALL);
	aborts = 0;
}

static void test_hole(const char *what, uint32_t address)
{
	uint32_t mask = DFSR_STATUS | DFSR_WNR;

	aborts = 0;
	mmio_read32(address + 4);
	check_abort(what, address + 4, DFSR_EXTERNAL, mask);
	mmio_write32(address + 8, 1);
	check_abort(what, address + 8, DFSR_EXTERNAL | DFSR_WNR, mask);
	mmio_read16(address + 2);
	check_abort(what, address + 2, DFSR_EXTERNAL, mask);
	mmio_read8(address + 3);
	check_abort(what, address + 3, DFSR_EXTERNAL, mask);
	mmio_write8(address + 1, 1);
	check_abort(what, address + 1, DFSR_EXTERNAL | DFSR_WNR, mask);
}

/* Forms that the syndrome doesn't describe: the base register keeps its value. */
static void test_hole_forms(void)
{
	uint32_t base = HOLE + 0x100;
	uint32_t mask = DFSR_STATUS | DFSR_WNR;

	aborts = 0;
	__asm__ volatile("ldr r2, [%0], #4" : "+r"(base) : : "r2", "memory");
	check_abort("ldr, post-indexed, in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	check_equal("ldr, post-indexed: base", base, HOLE + 0x100, ALL);
	__asm__ volatile("str r2, [%0, #4]!" : "+r"(base) : : "memory");
	check_abort("str, pre-indexed, in a hole", HOLE + 0x104, DFSR_EXTERNAL | DFSR_WNR, mask);
	check_equal("str, pre-indexed: base", base, HOLE + 0x100, ALL);
	__asm__ volatile("ldrd r2, r3, [%0]" : "+r"(base) : : "r2", "r3", "memory");
	check_abort("ldrd in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	__asm__ volatile("ldm %0!, {r2, r3}" : "+r"(base) : : "r2", "r3", "memory");
	check_abort("ldm in a hole", HOLE + 0x100, DFSR_EXTERNAL, mask);
	check_equal("ldm with write-back: base", base, HOLE + 0x100, ALL);
}

static void test_prefetch(const char *what, uint32_t address)
{
	aborts = 0;
	__asm__ volatile("ldr r2, =1f\n\t"
			 "str r2, %0\n\t"
			 "bx %1\n"
			 "1:"
			 : "=m"(abort_return)
			 : "r"(address)
			 : "r2", "lr", "memory");
	check_abort(what, address, DFSR_EXTERNAL, DFSR_STATUS);
}

/* The long-descriptor format has status codes of its own, MMU on or off. */
static void test_long_format(void)
{
	uint32_t ttbcr = cp15_read_TTBCR();

	aborts = 0;
	cp15_write_TTBCR(1u << 31);
	cpu_instruction_barrier();
	mmio_write32(HOLE + 0x10, 1);
	cp15_write_TTBCR(ttbcr);
	cpu_instruction_barrier();
	check_abort("a hole, TTBCR.EAE set", HOLE + 0x10, DFSR_LPAE | DFSR_LPAE_EXTERNAL | DFSR_WNR,
		    DFSR_LPAE | DFSR_LPAE_STATUS | DFSR_WNR);
}

static void test_holes(void)
{
	test_hole("a hole", HOLE);
	test_hole("beyond RAM", BEYOND_RAM);
	test_hole_forms();
	test_prefetch("instructions in a hole", HOLE);
	test_prefetch("instructions beyond RAM", BEYOND_RAM);
}

int main(void)
{
	check_begin("bus");
	exception_set_handler(EXCEPTION_DATA_ABORT, take_data_abort);
	exception_set_handler(EXCEPTION_PREFETCH_ABORT, take_prefetch_abort);

	test_uart();
	test_extended_forms();
	test_loads();
	test_stores();
	check_equal("data aborts from the devices", aborts, 0, ALL);
	test_holes();
	test_long_format();
	mmu_enable();
	test_hole("a hole, MMU on", HOLE);
	test_hole("beyond RAM, MMU on", BEYOND_RAM);
	test_loads();
	return check_end();
}
