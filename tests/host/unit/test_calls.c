// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls of a guest by HVC and SMC: PSCI 1.1 (DEN 0022, chapter 5) and the SMC
 * Calling Convention (DEN 0028): what is answered, and what is done.
 */
#include <string.h>

#include "arch/hsr.h"
#include "arch/psr.h"
#include "kernel/sched.h"
#include "kernel/trap.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "tests/host/unit/unit.h"

#define SEEDS 200u

#define PSCI(n)            (0x84000000u + (n))
#define SUCCESS            0
#define NOT_SUPPORTED      (-1)
#define INVALID_PARAMETERS (-2)
#define ALREADY_ON         (-4)

static struct vcpu vcpu;
static struct core core;
static struct vm vm;
static const struct vm_config config = { .vcpu_count = 1, .vcpus = &vcpu };
static bool is_pending;

/* A system without calls of its own. */
uint32_t (*const config_call)(struct vcpu *caller) = NULL;

static enum { NOTHING, OFF, RESET } done;

bool vgic_has_pending(struct vcpu *asked)
{
	(void)asked;
	return is_pending;
}

void sched_set_state(struct vcpu *changed, uint32_t state)
{
	changed->state = (enum vcpu_state)state;
}

void sched_block(struct vcpu *blocked)
{
	blocked->state = VCPU_IDLE;
}

enum vcpu_power vm_start_vcpu(struct vcpu *target, uint32_t entry, uint32_t r0)
{
	assert_ptr_equal(target, &vcpu);
	assert_int_equal(entry, vcpu.frame.r[2]);
	assert_int_equal(r0, vcpu.frame.r[3]);
	return target->power;
}

void vm_stop_vcpu(struct vcpu *stopped)
{
	stopped->state = VCPU_OFF;
}

uint32_t guest_ram_find(const struct vm_config *asked, ipa_t ipa, pa_t *pa)
{
	assert_ptr_equal(asked, &config);
	*pa = (pa_t){ ipa.raw };
	return ipa.raw < 0x10000 ? 0x10000 - ipa.raw : 0;
}

void vm_stop(struct vm *stopped, enum vm_next next)
{
	assert_ptr_equal(stopped, &vm);
	vcpu.state = next == VM_NEXT_OFF ? VCPU_OFF : VCPU_LOADING;
	done = next == VM_NEXT_OFF ? OFF : RESET;
}

/* What a call finds, and everything that it may not change. */
static void start(uint32_t function, uint32_t a, uint32_t b)
{
	memset(&vcpu, 0, sizeof(vcpu));
	vm.config = &config;
	vcpu.vm = &vm;
	vcpu.core = &core;
	vcpu.state = VCPU_READY;
	for (uint32_t n = 0; n < 13; n++)
		vcpu.frame.r[n] = 0xabcd0000 + n;
	vcpu.frame.r[0] = function;
	vcpu.frame.r[1] = a;
	vcpu.frame.r[2] = b;
	vcpu.frame.lr_usr = 0x1111;
	vcpu.frame.pc = 0x8000;
	vcpu.frame.cpsr = PSR_MODE_SVC;
	done = NOTHING;
}

static uint32_t hsr_of(bool is_smc)
{
	return (uint32_t)(is_smc ? HSR_EC_SMC : HSR_EC_HVC) << HSR_EC_SHIFT | HSR_IL |
	       (is_smc ? HSR_CV | 14u << HSR_COND_SHIFT : 0);
}

/* HVC has its PC behind itself already, SMC has not. */
static void call(bool is_smc)
{
	struct vcpu_frame before = vcpu.frame;
	enum exit_result result =
		is_smc ? trap_smc(&vcpu, hsr_of(true)) : trap_hypercall(&vcpu, hsr_of(false));
	uint32_t steps = (result == EXIT_DONE ? 4 : 0) + (vcpu.frame.pc - before.pc);

	unit_check(steps == (is_smc ? 4 : 0), "the PC moves by %u", steps);
	before.r[0] = vcpu.frame.r[0];
	before.pc = vcpu.frame.pc;
	unit_check(memcmp(&before, &vcpu.frame, sizeof(before)) == 0,
		   "call 0x%x changes more than r0", before.r[0]);
}

static const struct {
	uint32_t function, a, b;
	int32_t result;
} answers[] = {
	{ PSCI(0), 0, 0, 0x00010001 },                  /* PSCI_VERSION */
	{ PSCI(1), 0x80000000, 0, INVALID_PARAMETERS }, /* CPU_SUSPEND: reserved, */
	{ PSCI(1), 0x01000000, 0, INVALID_PARAMETERS }, /* and another level */
	{ PSCI(3), 0, 0x8000, ALREADY_ON },             /* CPU_ON */
	{ PSCI(3), 0, 0x8001, ALREADY_ON },             /* in Thumb */
	{ PSCI(3), 0, 0x10000, ALREADY_ON },            /* wherever to */
	{ PSCI(3), 1, 0x8000, INVALID_PARAMETERS },
	{ PSCI(3), 0x80000000, 0x8000, INVALID_PARAMETERS },
	{ PSCI(3), 0x100, 0x8000, INVALID_PARAMETERS },
	{ PSCI(4), 0, 0, 0 }, /* AFFINITY_INFO: on */
	{ PSCI(4), 1, 0, INVALID_PARAMETERS },
	{ PSCI(4), 0, 1, INVALID_PARAMETERS },
	{ PSCI(5), 0, 0, NOT_SUPPORTED },     /* MIGRATE */
	{ PSCI(6), 0, 0, 2 },                 /* MIGRATE_INFO_TYPE: not needed */
	{ PSCI(7), 0, 0, NOT_SUPPORTED },     /* MIGRATE_INFO_UP_CPU */
	{ PSCI(10), 0x80000000, 0, SUCCESS }, /* PSCI_FEATURES: SMCCC_VERSION */
	{ PSCI(10), 0x84000020, 0, NOT_SUPPORTED },
	{ PSCI(10), 0x83ffffff, 0, NOT_SUPPORTED },
	{ PSCI(10), 0xc4000003, 0, NOT_SUPPORTED },
	{ PSCI(0x12), 1, 0, INVALID_PARAMETERS }, /* SYSTEM_RESET2 */
	{ PSCI(0x12), 0x80000000, 0, NOT_SUPPORTED },
	{ PSCI(0x1f), 0, 0, NOT_SUPPORTED },
	{ PSCI(0x20), 0, 0, NOT_SUPPORTED },
	{ 0xc4000003, 0, 0, NOT_SUPPORTED }, /* 64-bit calls */
	{ 0x80000000, 0, 0, 0x00010001 },    /* SMCCC_VERSION */
	{ 0x8600ff01, 0, 0, NOT_SUPPORTED }, /* a vendor's UID: nobody's */
	{ 0, 0, 0, NOT_SUPPORTED },
	{ 0xffffffff, 0, 0, NOT_SUPPORTED },
};

static void calls_are_answered(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(answers); i++)
		for (uint32_t is_smc = 0; is_smc < 2; is_smc++) {
			start(answers[i].function, answers[i].a, answers[i].b);
			call(is_smc);
			unit_check((int32_t)vcpu.frame.r[0] == answers[i].result,
				   "0x%x(0x%x, 0x%x) gives %d", answers[i].function, answers[i].a,
				   answers[i].b, (int)vcpu.frame.r[0]);
			unit_check(vcpu.state == VCPU_READY && done == NOTHING,
				   "0x%x does something", answers[i].function);
		}
}

/* PSCI_FEATURES says for each function what calling it says. */
static void features_tell_the_truth(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 0x20; n++) {
		bool is_there;

		start(PSCI(10), PSCI(n), 0);
		call(false);
		is_there = vcpu.frame.r[0] == SUCCESS;
		start(PSCI(n), n == 10 ? PSCI(0) : 0, 0);
		call(false);
		unit_check(is_there == (vcpu.frame.r[0] != (uint32_t)NOT_SUPPORTED),
			   "features of 0x%x: %d", PSCI(n), is_there);
	}
}

static void check_gone(uint32_t function, uint32_t state, uint32_t what)
{
	for (uint32_t is_smc = 0; is_smc < 2; is_smc++) {
		start(function, 0, 0);
		call(is_smc);
		unit_check(vcpu.state == state && done == what, "0x%x: state %d, done %d", function,
			   (int)vcpu.state, (int)done);
	}
}

static void calls_that_do_not_return(void **state)
{
	(void)state;
	check_gone(PSCI(2), VCPU_OFF, NOTHING);      /* CPU_OFF */
	check_gone(PSCI(8), VCPU_OFF, OFF);          /* SYSTEM_OFF */
	check_gone(PSCI(9), VCPU_LOADING, RESET);    /* SYSTEM_RESET */
	check_gone(PSCI(0x12), VCPU_LOADING, RESET); /* SYSTEM_RESET2, warm */
}

/* A standby: the call returns, when something is pending. */
static void suspend_waits_and_returns(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 2; n++) {
		is_pending = n != 0;
		start(PSCI(1), 0, 0);
		call(false);
		assert_int_equal(vcpu.frame.r[0], SUCCESS);
		assert_int_equal(vcpu.state, is_pending ? VCPU_READY : VCPU_IDLE);
	}
}

/* An SMC whose condition fails is stepped over. */
static void a_conditional_smc(void **state)
{
	uint32_t hsr = (hsr_of(true) & ~(HSR_COND_MASK << HSR_COND_SHIFT)); /* EQ */

	(void)state;
	start(PSCI(8), 0, 0);
	if (trap_smc(&vcpu, hsr) == EXIT_DONE)
		vcpu.frame.pc += 4;
	assert_int_equal(vcpu.frame.pc, 0x8004);
	assert_int_equal(done, NOTHING);
	assert_int_equal(vcpu.frame.r[0], PSCI(8));
}

static void any_function(void)
{
	uint32_t function = unit_word();

	if (function >> 5 == PSCI(0) >> 5 || function == 0x80000000)
		return;
	start(function, unit_word(), unit_word());
	call(unit_once_in(2));
	unit_check(vcpu.frame.r[0] == (uint32_t)NOT_SUPPORTED && done == NOTHING, "0x%x is known",
		   function);
}

static void others_are_unknown(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, any_function);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_answered),
		cmocka_unit_test(features_tell_the_truth),
		cmocka_unit_test(calls_that_do_not_return),
		cmocka_unit_test(suspend_waits_and_returns),
		cmocka_unit_test(a_conditional_smc),
		cmocka_unit_test(others_are_unknown),
	};

	return unit_run(argc, argv, tests);
}
