// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped instructions: which guest register a handler reaches, in every mode;
 * that none reaches anything else; conditions and ITSTATE, for all there are.
 */
#include <string.h>

#include "arch/banked.h"
#include "arch/cp15.h"
#include "arch/exception.h"
#include "arch/hsr.h"
#include "arch/psr.h"
#include "arch/regfile.h"
#include "kernel/condition.h"
#include "kernel/core.h"
#include "kernel/sched.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/vcpu.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

static struct vcpu vcpu;
static struct core core;
static struct vm vm;
static const struct vm_config config = { .vcpu_count = 1 };
static uint32_t undefined_count;

enum exit_result exception_inject_undefined(struct vcpu_frame *frame)
{
	(void)frame;
	undefined_count++;
	return EXIT_JUMP;
}

void timeout_change(struct vcpu *changed, uint64_t before, uint64_t after)
{
	(void)changed;
	(void)before;
	(void)after;
}

void timeout_program(struct core *programmed)
{
	(void)programmed;
}

void vgic_set_line(struct vcpu *target, uint32_t intid, bool is_high)
{
	(void)target;
	(void)intid;
	(void)is_high;
}

static void start(uint32_t mode)
{
	memset(&vcpu, 0, sizeof(vcpu));
	memset(&cp15, 0, sizeof(cp15));
	vm.config = &config;
	vcpu.vm = &vm;
	vcpu.core = &core;
	vcpu.frame.cpsr = mode;
	undefined_count = 0;
}

/* ---- Registers ----------------------------------------------------------- */

static const uint32_t modes[] = { PSR_MODE_USR, PSR_MODE_FIQ, PSR_MODE_IRQ, PSR_MODE_SVC,
				  PSR_MODE_ABT, PSR_MODE_UND, PSR_MODE_SYS };

/* Where register n of a mode is kept (B1.3.2), told once more. */
static uint32_t *place(uint32_t mode, uint32_t n)
{
	uint32_t *const fiq[] = { &banked.R8_fiq,  &banked.R9_fiq, &banked.R10_fiq, &banked.R11_fiq,
				  &banked.R12_fiq, &banked.SP_fiq, &banked.LR_fiq };

	if (n >= 8 && mode == PSR_MODE_FIQ)
		return fiq[n - 8];
	if (n <= 12)
		return &vcpu.frame.r[n];
	switch (mode) {
	case PSR_MODE_IRQ:
		return n == 13 ? &banked.SP_irq : &banked.LR_irq;
	case PSR_MODE_SVC:
		return n == 13 ? &banked.SP_svc : &banked.LR_svc;
	case PSR_MODE_ABT:
		return n == 13 ? &banked.SP_abt : &banked.LR_abt;
	case PSR_MODE_UND:
		return n == 13 ? &banked.SP_und : &banked.LR_und;
	default:
		return n == 13 ? &banked.SP_usr : &vcpu.frame.lr_usr;
	}
}

static void registers_of_every_mode(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(modes); i++)
		for (uint32_t n = 0; n < 15; n++) {
			struct vcpu_frame frame;
			struct banked others;

			start(modes[i]);
			memset(&banked, 0, sizeof(banked));
			regfile_write(&vcpu.frame, n, 0x12345678);
			assert_int_equal(*place(modes[i], n), 0x12345678);
			assert_int_equal(regfile_read(&vcpu.frame, n), 0x12345678);
			*place(modes[i], n) = 0; /* and nothing else has changed */
			frame = (struct vcpu_frame){ .cpsr = modes[i] };
			memset(&others, 0, sizeof(others));
			assert_memory_equal(&vcpu.frame, &frame, sizeof(frame));
			assert_memory_equal(&banked, &others, sizeof(others));
		}
}

/* Behind r[] the frame keeps PC and CPSR: number 15 must reach neither. */
static void number_15_is_no_register(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct vcpu_frame frame;

		start(modes[i]);
		vcpu.frame.lr_usr = 0x1234;
		vcpu.frame.pc = 0x8000;
		frame = vcpu.frame;
		regfile_write(&vcpu.frame, 15, 0x1d3);
		assert_memory_equal(&vcpu.frame, &frame, sizeof(frame));
		assert_int_equal(regfile_read(&vcpu.frame, 15), 0);
	}
}

/* ---- No trapped instruction changes mode or PC by itself ------------------- */

/* Everything that decides where and as what the guest goes on. */
static void check_confined(uint32_t hsr, enum exit_result result, uint32_t pc, uint32_t cpsr)
{
	uint32_t flags = result == EXIT_DONE ? 0xf0000000 : 0;

	unit_check(((vcpu.frame.cpsr ^ cpsr) & ~flags) == 0,
		   "hsr 0x%08x: CPSR goes from 0x%08x to 0x%08x", hsr, cpsr, vcpu.frame.cpsr);
	unit_check(vcpu.frame.pc == pc, "hsr 0x%08x: PC goes from 0x%08x to 0x%08x", hsr, pc,
		   vcpu.frame.pc);
}

static void any_coprocessor_trap(void)
{
	static const uint32_t classes[] = { HSR_EC_CP15_32, HSR_EC_CP15_64, HSR_EC_CP14_32,
					    HSR_EC_CP14_64 };
	/* Half of them name a register that exists. */
	static const uint32_t registers[] = {
		HSR_CP32(0, 1, 0, 1),  HSR_CP32(1, 9, 0, 2), HSR_CP32(0, 14, 2, 0),
		HSR_CP32(0, 14, 2, 1), HSR_CP64(0, 14),      HSR_CP64(2, 14),
	};

	for (uint32_t n = 0; n < 2000; n++) {
		uint32_t hsr = classes[unit_below(4)] << HSR_EC_SHIFT | HSR_IL | HSR_CV |
			       14u << HSR_COND_SHIFT | (unit_word() & 0xffc1f);
		uint32_t rt = unit_once_in(3) ? 15 : unit_below(15);
		uint32_t pc = unit_word() & ~3u, cpsr;
		enum exit_result result;

		start(modes[unit_below(ARRAY_SIZE(modes))]);
		cpsr = vcpu.frame.cpsr |= unit_word() & 0xf00001c0;
		vcpu.frame.pc = pc;
		cp15.CNTPCT = (uint64_t)unit_word() << 20;
		vcpu.vtimer.physical_cval = (uint64_t)unit_word() << 32 | unit_word();
		hsr = (hsr & ~(HSR_CP_RT_MASK << HSR_CP_RT_SHIFT)) | rt << HSR_CP_RT_SHIFT;
		if (unit_once_in(2))
			hsr = (hsr & ~HSR_CP32_MASK) | registers[unit_below(ARRAY_SIZE(registers))];
		if (hsr >> HSR_EC_SHIFT == HSR_EC_CP15_64 || hsr >> HSR_EC_SHIFT == HSR_EC_CP14_64)
			hsr = (hsr & ~(HSR_CP_RT_MASK << HSR_CP_RT2_SHIFT)) |
			      unit_below(16) << HSR_CP_RT2_SHIFT;
		unit_log("hsr 0x%08x in mode 0x%x", hsr, cpsr & PSR_MODE_MASK);
		result = trap_coprocessor(&vcpu, hsr);
		check_confined(hsr, result, pc, cpsr);
		if (rt == 15 && hsr >> HSR_EC_SHIFT != HSR_EC_CP14_32)
			unit_check(undefined_count == 1, "hsr 0x%08x: Rt = 15 is not undefined",
				   hsr);
	}
}

/* Rt = 15 is UNPREDICTABLE in most of them, and a guest can write it: the frame's
 * words behind r12 are not registers of the file. */
static void coprocessor_traps_stay_confined(void **state)
{
	(void)state;
	unit_each_seed(100, any_coprocessor_trap);
}

/* ---- Conditions (A8.3.1) and ITSTATE (A2.5.2) ------------------------------- */

static bool should_pass(uint32_t condition, uint32_t flags)
{
	bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;

	switch (condition) {
	case 0:
		return z;
	case 1:
		return !z;
	case 2:
		return c;
	case 3:
		return !c;
	case 4:
		return n;
	case 5:
		return !n;
	case 6:
		return v;
	case 7:
		return !v;
	case 8:
		return c && !z;
	case 9:
		return !c || z;
	case 10:
		return n == v;
	case 11:
		return n != v;
	case 12:
		return !z && n == v;
	case 13:
		return z || n != v;
	default:
		return true;
	}
}

static uint32_t with_it(uint32_t it)
{
	return it >> 2 << PSR_IT_HIGH_SHIFT | (it & 3) << PSR_IT_LOW_SHIFT;
}

static uint32_t it_of(uint32_t cpsr)
{
	return (cpsr >> 10 & 0x3f) << 2 | (cpsr >> 25 & 3);
}

static void conditions_of_the_syndrome(void **state)
{
	(void)state;
	for (uint32_t condition = 0; condition < 16; condition++)
		for (uint32_t flags = 0; flags < 16; flags++)
			assert_int_equal(condition_passed(HSR_CV | condition << HSR_COND_SHIFT,
							  flags << 28 | PSR_MODE_SVC),
					 should_pass(condition, flags));
}

/* Without a condition in the syndrome, Thumb's comes from the IT block. */
static void conditions_of_the_it_block(void **state)
{
	(void)state;
	for (uint32_t it = 0; it < 256; it++)
		for (uint32_t flags = 0; flags < 16; flags++) {
			bool is_in_block = it & 15;

			if (!is_in_block && it)
				continue; /* no block, no such state */
			assert_int_equal(condition_passed(0, flags << 28 | PSR_T | with_it(it)),
					 !it || should_pass(it >> 4, flags));
		}
}

static void itstate_advances(void **state)
{
	(void)state;
	for (uint32_t it = 0; it < 256; it++)
		for (uint32_t bytes = 2; bytes <= 4; bytes += 2) {
			uint32_t rest = 0xf90003ff & ~(uint32_t)PSR_J;
			uint32_t next = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;

			start(rest | with_it(it));
			vcpu.frame.pc = 0x8000;
			vcpu_skip(&vcpu, bytes);
			assert_int_equal(vcpu.frame.pc, 0x8000 + bytes);
			assert_int_equal(it_of(vcpu.frame.cpsr), next);
			assert_int_equal(vcpu.frame.cpsr & ~(uint32_t)PSR_IT_MASK, rest);
		}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_of_every_mode),
		cmocka_unit_test(number_15_is_no_register),
		cmocka_unit_test(coprocessor_traps_stay_confined),
		cmocka_unit_test(conditions_of_the_syndrome),
		cmocka_unit_test(conditions_of_the_it_block),
		cmocka_unit_test(itstate_advances),
	};

	return unit_run(argc, argv, tests);
}
