// SPDX-License-Identifier: BSD-2-Clause
/*
 * Loads and stores of every form on a device: the distributor's priority registers
 * of unused SPIs serve as memory. Runs as A32 and as T32; every check holds on
 * QEMU's bare `virt` board, too (ARM ARM DDI 0406C, A8.8).
 */
#include <stdio.h>

#include "guests/lib/check.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/mmu.h"
#include "guests/lib/platform.h"

#define WORDS 0x08000420u /* GICD_IPRIORITYR8: SPIs 32 .. 47 */
#define ALL   0xffffffffu

static volatile uint32_t aborts;

static void take_abort(struct exception_frame *frame)
{
	aborts++;
	exception_skip(frame);
}

static void fill(void)
{
	for (uint32_t i = 0; i < 4; i++)
		mmio_write32(WORDS + 4 * i, 0x10101010u * (i + 1) | 0x08000880u);
}

static uint32_t word(uint32_t i)
{
	return 0x10101010u * (i + 1) | 0x08000880u;
}

static void expect_words(const char *what, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	check_equal(what, mmio_read32(WORDS), a, ALL);
	check_equal(what, mmio_read32(WORDS + 4), b, ALL);
	check_equal(what, mmio_read32(WORDS + 8), c, ALL);
	check_equal(what, mmio_read32(WORDS + 12), d, ALL);
}

#define LOAD1(text, start, value, end)                                                    \
	do {                                                                              \
		uint32_t r = 0xeeeeeeee, base = (start);                                  \
		__asm__ volatile(text : "+r"(base), "=&r"(r) : "r"(4u) : "memory", "cc"); \
		check_equal(text ": value", r, value, ALL);                               \
		check_equal(text ": base", base, end, ALL);                               \
	} while (0)
#define STORE1(text, start, value, at, expected, mask, end)                             \
	do {                                                                            \
		uint32_t r = (value), base = (start);                                   \
		fill();                                                                 \
		__asm__ volatile(text : "+r"(base) : "r"(r), "r"(4u) : "memory", "cc"); \
		check_equal(text ": base", base, end, ALL);                             \
		check_equal(text ": stored", mmio_read32(at), expected, mask);          \
	} while (0)

static void test_singles(void)
{
	fill();
	LOAD1("ldr %1, [%0], #4", WORDS, word(0), WORDS + 4);
	LOAD1("ldr %1, [%0], #-4", WORDS + 4, word(1), WORDS);
	LOAD1("ldr %1, [%0, #8]!", WORDS, word(2), WORDS + 8);
	LOAD1("ldrb %1, [%0, #1]!", WORDS, 0x18, WORDS + 1);
	LOAD1("ldrb %1, [%0], #3", WORDS + 4, word(1) & 0xff, WORDS + 7);
	LOAD1("ldrsb %1, [%0], #1", WORDS, 0xffffff90, WORDS + 1);
	LOAD1("ldr %1, [%0, %2]", WORDS, word(1), WORDS);
	LOAD1("ldr %1, [%0, %2, lsl #1]", WORDS, word(2), WORDS);
	LOAD1("ldrt %1, [%0]", WORDS, word(0), WORDS);
	LOAD1("ldrbt %1, [%0]", WORDS, 0x90, WORDS);
#ifndef __thumb__
	LOAD1("ldr %1, [%0], %2", WORDS, word(0), WORDS + 4);
	LOAD1("ldr %1, [%0, %2, lsl #1]!", WORDS, word(2), WORDS + 8);
	LOAD1("ldr %1, [%0, -%2, ror #0]!", WORDS + 8, word(1), WORDS + 4);
	LOAD1("ldr %1, [%0], %2, lsr #32", WORDS + 8, word(2), WORDS + 8);
	LOAD1("cmp %2, %2\n ldr %1, [%0], %2, rrx", WORDS + 8, word(2), WORDS + 8 + 0x80000002);
	LOAD1("cmn %2, %2\n ldr %1, [%0], %2, rrx", WORDS + 8, word(2), WORDS + 8 + 2);
	LOAD1("ldrt %1, [%0], #4", WORDS, word(0), WORDS + 4);
#else
	LOAD1("ldrt %1, [%0, #4]", WORDS, word(1), WORDS);
	LOAD1("cmp %2, %2\n ite eq\n ldreq %1, [%0], #4\n ldrne %1, [%0], #8", WORDS, word(0),
	      WORDS + 4);
	LOAD1("cmp %2, %2\n ite ne\n ldrne %1, [%0], #8\n ldreq %1, [%0], #4", WORDS, word(0),
	      WORDS + 4);
#endif
	STORE1("str %1, [%0], #4", WORDS, 0x80808080, WORDS, 0x80808080, ALL, WORDS + 4);
	STORE1("str %1, [%0, #-4]!", WORDS + 8, 0x80808080, WORDS + 4, 0x80808080, ALL, WORDS + 4);
	STORE1("strb %1, [%0, #1]!", WORDS, 0xffffff40, WORDS, (word(0) & 0xffff00ff) | 0x4000, ALL,
	       WORDS + 1);
	STORE1("strt %1, [%0]", WORDS, 0x80808080, WORDS, 0x80808080, ALL, WORDS);
}

static void test_pairs(void)
{
	register uint32_t a __asm__("r4");
	register uint32_t b __asm__("r5");
	uint32_t base = WORDS;

	fill();
	__asm__ volatile("ldrd r4, r5, [%2]" : "=r"(a), "=r"(b) : "r"(base));
	check_equal("ldrd low", a, word(0), ALL);
	__asm__ volatile("ldrd r4, r5, [%0], #8" : "+r"(base), "=r"(a), "=r"(b));
	uint32_t got_a = a, got_b = b;
	check_equal("ldrd post low", got_a, word(0), ALL);
	check_equal("ldrd post high", got_b, word(1), ALL);
	check_equal("ldrd post base", base, WORDS + 8, ALL);
	base = WORDS + 8;
	__asm__ volatile("mov r4, #0x88\n mov r5, #0x48\n strd r4, r5, [%0, #-4]!"
			 : "+r"(base)::"r4", "r5", "memory");
	expect_words("strd pre", word(0), 0x88, 0x48, word(3));
	check_equal("strd pre base", base, WORDS + 4, ALL);
}

static void test_lists(void)
{
	uint32_t base = WORDS, out[4];

	fill();
	__asm__ volatile("ldmia %0!, {r4-r7}\n stmia %1, {r4-r7}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "r6", "r7", "memory");
	for (uint32_t i = 0; i < 4; i++)
		check_equal("ldmia!", out[i], word(i), ALL);
	check_equal("ldmia! base", base, WORDS + 16, ALL);
	__asm__ volatile("ldmdb %0!, {r4, r5}\n stmia %1, {r4, r5}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "memory");
	check_equal("ldmdb! first", out[0], word(2), ALL);
	check_equal("ldmdb! second", out[1], word(3), ALL);
	check_equal("ldmdb! base", base, WORDS + 8, ALL);
	__asm__ volatile("mov r4, #0x88\n mov r5, #0x48\n mov r6, #0x28\n stmdb %0!, {r4, r5}\n"
			 : "+r"(base)::"r4", "r5", "r6", "memory");
	expect_words("stmdb!", 0x88, 0x48, word(2), word(3));
	check_equal("stmdb! base", base, WORDS, ALL);
}

/* The stack pointer on the device: PUSH and POP. */
static void test_stack(void)
{
	uint32_t base = WORDS + 16, out[2];

	fill();
	__asm__ volatile("mov r6, sp\n mov sp, %0\n mov r4, #0x88\n mov r5, #0x48\n push {r4, r5}\n"
			 "mov r4, #0\n mov r5, #0\n pop {r4, r5}\n mov %0, sp\n mov sp, r6\n"
			 "stmia %1, {r4, r5}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "r6", "memory");
	check_equal("pop first", out[0], 0x88, ALL);
	check_equal("pop second", out[1], 0x48, ALL);
	expect_words("push", word(0), word(1), 0x88, 0x48);
	check_equal("push and pop: sp", base, WORDS + 16, ALL);
}

#ifndef __thumb__
/* Forms that A32 alone has: increment before, decrement after, user registers. */
static void test_lists_of_a32(void)
{
	uint32_t base = WORDS, out[2];

	fill();
	__asm__ volatile("ldmib %0, {r4, r5}\n stmia %1, {r4, r5}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "memory");
	check_equal("ldmib first", out[0], word(1), ALL);
	check_equal("ldmib second", out[1], word(2), ALL);
	base = WORDS + 8;
	__asm__ volatile("ldmda %0!, {r4, r5}\n stmia %1, {r4, r5}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "memory");
	check_equal("ldmda first", out[0], word(1), ALL);
	check_equal("ldmda second", out[1], word(2), ALL);
	check_equal("ldmda base", base, WORDS, ALL);
	/* User registers, from SVC and from FIQ mode. */
	base = WORDS;
	__asm__ volatile("cps #0x1f\n mov r4, sp\n mov r5, lr\n cps #0x13\n"
			 "ldm %0, {sp, lr}^\n cps #0x1f\n mov r6, sp\n mov r7, lr\n"
			 "mov sp, r4\n mov lr, r5\n cps #0x13\n stmia %1, {r6, r7}"
			 : "+r"(base)
			 : "r"(out)
			 : "r4", "r5", "r6", "r7", "memory");
	check_equal("ldm {sp, lr}^", out[0], word(0), ALL);
	check_equal("ldm {sp, lr}^", out[1], word(1), ALL);
	fill();
	__asm__ volatile("mov r4, r8\n mov r5, %0\n mov r8, #0x88\n cps #0x11\n mov r6, r8\n"
			 "mov r8, #0x48\n stm r5, {r8}^\n str r8, [r5, #4]!\n mov r8, r6\n cps "
			 "#0x13\n mov r8, r4" ::"r"(WORDS)
			 : "r4", "r5", "r6", "memory");
	expect_words("stm {r8}^ from FIQ mode", 0x88, 0x48, word(2), word(3));
}
#else
static void test_lists_of_a32(void)
{
}
#endif

static void test_big_endian(void)
{
	uint32_t base = WORDS, value, half;

	fill();
	__asm__ volatile("setend be\n ldr %1, [%0], #4\n setend le"
			 : "+r"(base), "=&r"(value)::"memory");
	check_equal("ldr, big-endian", value, __builtin_bswap32(word(0)), ALL);
	__asm__ volatile("setend be\n ldr %1, [%0]\n setend le"
			 : "+r"(base), "=&r"(half)::"memory");
	check_equal("ldr, big-endian, by the syndrome", half, __builtin_bswap32(word(1)), ALL);
	__asm__ volatile("setend be\n str %1, [%0], #4\n setend le"
			 : "+r"(base)
			 : "r"(0x88482810)
			 : "memory");
	check_equal("str, big-endian", mmio_read32(WORDS + 4), 0x10284888, ALL);
}

#define ABORTS(text)                                                                   \
	do {                                                                           \
		uint32_t before = aborts;                                              \
		register uint32_t base __asm__("r4") = WORDS;                          \
		__asm__ volatile(text : "+r"(base)::"r0", "r1", "r2", "lr", "memory"); \
		uint32_t after = base;                                                 \
		check_equal(text ": aborts", aborts - before, 1, ALL);                 \
		check_equal(text ": base", after, WORDS, ALL);                         \
	} while (0)

/* What only the hypervisor refuses: QEMU's own devices take these. */
static void test_refused(void)
{
	ABORTS("ldrex r0, [r4]");
	ABORTS("ldrexb r0, [r4]");
	ABORTS("ldr pc, [r4]");
	ABORTS("ldm r4!, {r1, pc}");
#ifndef __thumb__
	ABORTS("swp r0, r1, [r4]");
	ABORTS("str pc, [r4]");
	ABORTS("ldm r4!, {r1, pc}^");
	ABORTS("ldrd r0, r1, [r4, #-2]");
#endif
}

/* An instruction over the border of two pages. */
static void test_page_border(void)
{
	static uint16_t code[4096] __attribute__((aligned(4096)));
	uint16_t *at = &code[2047];
	uint32_t value;

	fill();
	at[0] = 0xf851; /* ldr.w r0, [r1], #4 */
	at[1] = 0x0b04;
	at[2] = 0x4770; /* bx lr */
	__asm__ volatile("dsb\n mcr p15, 0, r0, c7, c5, 0\n dsb\n isb" ::: "memory");
	__asm__ volatile("mov r1, %1\n blx %2\n mov %0, r0"
			 : "=r"(value)
			 : "r"(WORDS), "r"((uint32_t)at | 1)
			 : "r0", "r1", "lr", "memory");
	check_equal("ldr.w over a page border", value, word(0), ALL);
}

/* And over the border of two sections that are not neighbours in memory. */
static void test_section_border(void)
{
	volatile uint16_t *first = (uint16_t *)0x401ffffe;
	volatile uint16_t *second = (uint16_t *)0x40300000;
	uint32_t value;

	fill();
	mmu_set_section(0x50100000, 0x4011140e);
	mmu_set_section(0x50200000, 0x4031140e);
	check_equal("memory is unused", first[0] | first[1] | second[0], 0, ALL);
	first[0] = 0xf851; /* ldr.w r0, [r1], #4 */
	second[0] = 0x0b04;
	second[1] = 0x4770; /* bx lr */
	__asm__ volatile("dsb\n mcr p15, 0, r0, c7, c5, 0\n dsb\n isb" ::: "memory");
	__asm__ volatile("mov r1, %1\n blx %2\n mov %0, r0"
			 : "=r"(value)
			 : "r"(WORDS), "r"(0x501fffff)
			 : "r0", "r1", "lr", "memory");
	check_equal("ldr.w over a section border", value, word(0), ALL);
	first[0] = second[0] = second[1] = 0;
}

/* In User mode; SVC brings it back. */
static void return_from_user(struct exception_frame *frame)
{
	frame->cpsr = (frame->cpsr & ~CPU_MODE_MASK) | CPU_MODE_SVC;
}

static void test_user(void)
{
	uint32_t base = WORDS, value;

	exception_set_handler(EXCEPTION_SUPERVISOR_CALL, return_from_user);
	fill();
	__asm__ volatile("cps #0x10\n ldr %1, [%0], #4\n svc #0"
			 : "+r"(base), "=&r"(value)::"lr", "memory");
	check_equal("ldr in User mode", value, word(0), ALL);
	check_equal("ldr in User mode: base", base, WORDS + 4, ALL);
}

static void test_par(void)
{
	uint32_t low, high, base = WORDS, value;

	__asm__ volatile("mcrr p15, 0, %0, %1, c7" ::"r"(0x1000), "r"(0));
	__asm__ volatile("ldr %1, [%0], #4" : "+r"(base), "=&r"(value)::"memory");
	__asm__ volatile("mrrc p15, 0, %0, %1, c7" : "=r"(low), "=r"(high));
	check_equal("PAR", low, 0x1000, ALL);
}

static void test_all(void)
{
	test_singles();
	test_pairs();
	test_lists();
	test_stack();
	test_lists_of_a32();
	test_big_endian();
	test_page_border();
	test_par();
	test_user();
}

int main(void)
{
	check_begin("transfer");
	exception_set_handler(EXCEPTION_DATA_ABORT, take_abort);
	test_all();
	mmu_enable();
	test_all();
	test_section_border();
#ifndef NATIVE
	test_refused();
#endif
	check_equal("aborts", aborts == 0 || aborts == 4 || aborts == 8, 1, 1);
	return check_end();
}
