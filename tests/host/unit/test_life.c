// SPDX-License-Identifier: BSD-2-Clause
/*
 * The life of a VM of two vCPUs on two cores, as others ask for it: PSCI CPU_ON and
 * CPU_OFF, the menu's halt, continue and restart, in any order and served at any time.
 * When all requests are served: does it stand still if, and only if, it was told to? Its
 * device is silenced between the last step of a life and the next one's first.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/boards/board.h"
#include "kernel/console.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/vm.h"
#include "kernel/world.h"
#include "tests/host/unit/unit.h"

#define SEEDS 5000u
#define STEPS 60u
#define VCPUS 2u

struct vcpu vcpus[VCPUS];
struct core cores[VCPUS];
struct vm vms[1];
static void silence(struct vm *of, void *device);
static const struct vm_device silenced = { .reset = silence };
static const struct vm_config config = {
	.vcpu_count = VCPUS, .vcpus = vcpus, .name = "unit", .devices = &silenced, .device_count = 1
};
static struct vm *const vm = &vms[0];
static bool is_halted;  /* the menu's last word */
static bool is_silent;  /* its device */
static uint32_t kicked; /* a bit per core */

/* ---- What is called ------------------------------------------------------------------ */

static void silence(UNUSED struct vm *of, UNUSED void *device)
{
	for (uint32_t i = 0; i < VCPUS; i++)
		unit_check(vcpus[i].state == VCPU_OFF && !vcpu_is_loaded(&vcpus[i]),
			   "a device is silenced while its VM runs");
	is_silent = true;
}

void sched_set_state(struct vcpu *vcpu, uint32_t state)
{
	if (state == VCPU_LOADING && vcpu->state != VCPU_PAUSED)
		unit_check(is_silent, "a VM is loaded while its device is at work");
	is_silent = false;
	vcpu->state = (enum vcpu_state)state;
}

void sched_unblock(struct vcpu *vcpu)
{
	vcpu->state = VCPU_READY;
}

void world_unload(struct core *core)
{
	core->loaded = NULL;
}

void vcpu_reset(struct vcpu *vcpu, uint32_t pc, const uint32_t r[3])
{
	unit_check(!vcpu_is_loaded(vcpu), "a loaded vCPU is reset");
	assert_int_equal(pc, 0x8000);
	assert_int_equal(r[0], 7);
}

void vtimer_reset(struct vcpu *vcpu)
{
	unit_check(!vcpu_is_loaded(vcpu), "a loaded vCPU's timer is reset");
}

void vgic_reset_interface(struct vcpu *vcpu)
{
	assert_int_equal(vcpu->power, VCPU_POWER_ON);
}

void vgic_sgis_requested(UNUSED struct vcpu *vcpu, uint32_t sgis)
{
	fail_msg("SGIs %x, and nobody has sent any", sgis);
}

void vgic_sgis_of_loaded(UNUSED struct vcpu *vcpu, uint32_t sgis)
{
	assert_int_equal(sgis, 0);
}

void vgic_relist_requested(UNUSED struct vcpu *vcpu)
{
}

void gic_send_sgi(uint32_t targets, uint32_t sgi)
{
	assert_int_equal(sgi, REQUEST_SGI);
	kicked |= targets;
}

void console_print(UNUSED const char *format, ...)
{
}

void console_serve(void)
{
	fail_msg("the console is not asked for");
}

void console_flush(void)
{
}

_Noreturn void board_power_off(void)
{
	fail_msg("the VM is never switched off");
	abort();
}

/* ---- What happens -------------------------------------------------------------------- */

static void serve(uint32_t i)
{
	if (kicked & cores[i].gic_targets)
		request_irq(&cores[i], REQUEST_SGI);
	kicked &= ~cores[i].gic_targets; /* what it asks of itself, too */
	if (cores[i].requests)
		request_serve(&cores[i]);
}

/* vm_load_piece()'s last. */
static void finish_load(struct vcpu *boot)
{
	if (boot->state != VCPU_LOADING)
		return;
	boot->power = VCPU_POWER_ON;
	boot->state = VCPU_READY;
}

static void by_a_guest(void)
{
	struct vcpu *vcpu = &vcpus[unit_below(VCPUS)];

	if (vcpu->state == VCPU_IDLE && unit_once_in(2))
		sched_wake(vcpu);
	if (vcpu->state != VCPU_READY)
		return;
	vcpu->core->loaded = unit_once_in(2) ? vcpu : NULL;
	switch (unit_below(4)) {
	case 0:
		vcpu->state = VCPU_IDLE;
		break;
	case 1:
		if (vcpu != &vcpus[0])
			vm_stop_vcpu(vcpu);
		break;
	default:
		vm_start_vcpu(&vcpus[1], 0x8000, 7);
	}
}

static void by_the_menu(void)
{
	switch (unit_below(5)) {
	case 0:
		vm_stop(vm, VM_NEXT_LOAD);
		is_halted = false;
		break;
	case 1:
	case 2:
		vm_pause(vm, true);
		is_halted = true;
		break;
	default:
		vm_pause(vm, false);
		is_halted = false;
	}
}

static void check_halted(void)
{
	for (uint32_t i = 0; i < VCPUS; i++) {
		bool stands_still = vcpus[i].state == VCPU_PAUSED;

		unit_check(vcpus[i].state == VCPU_OFF || stands_still == is_halted,
			   "the VM is%s halted, and vCPU %u in state %u", is_halted ? "" : " not",
			   i, (unsigned int)vcpus[i].state);
	}
}

static void live(void)
{
	memset(vcpus, 0, sizeof(vcpus));
	memset(cores, 0, sizeof(cores));
	memset(vms, 0, sizeof(vms));
	is_halted = false;
	kicked = 0;
	vm->config = &config;
	for (uint32_t i = 0; i < VCPUS; i++) {
		cores[i] = (struct core){
			.index = i,
			.gic_targets = 1u << i,
			.vcpus = { &vcpus[i] },
			.vcpu_count = 1,
			.vms_allowed = UINT32_MAX,
		};
		vcpus[i] = (struct vcpu){
			.core = &cores[i],
			.vm = vm,
			.vm_bit = 1,
			.power = VCPU_POWER_OFF,
		};
	}
	vm_stop(vm, VM_NEXT_LOAD);
	for (uint32_t n = 0; n < STEPS; n++) {
		uint32_t what = unit_below(8);

		unit_log("%u: %u %u", what, (unsigned int)vcpus[0].state,
			 (unsigned int)vcpus[1].state);
		if (what == 0)
			by_the_menu();
		else if (what < 3)
			by_a_guest();
		else if (what == 3)
			finish_load(&vcpus[0]);
		else
			serve(unit_below(VCPUS));
		if (!cores[0].requests && !cores[1].requests && !kicked)
			check_halted();
	}
}

static void halted_or_not(UNUSED void **state)
{
	unit_each_seed(SEEDS, live);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(halted_or_not),
	};

	return unit_run(argc, argv, tests);
}
