// SPDX-License-Identifier: BSD-2-Clause
/*
 * See sched.h. The pinned vCPUs of a core stand in a line, by priority; the first
 * that wants the core runs. Whose slice is over, or who comes back from WFI, goes to
 * the end of its equals; who is outranked stays.
 */
#include "kernel/sched.h"

#include "arch/barrier.h"
#include "kernel/irq.h"
#include "kernel/request.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"

static uint32_t slice_ticks; /* of counter; slice-ms is at most 1000 */

/* Behind all who are not outranked by it. */
static void join(struct core *core, struct vcpu *vcpu)
{
	uint32_t i = core->vcpu_count++;

	for (; i > 0 && core->vcpus[i - 1]->priority < vcpu->priority; i--)
		core->vcpus[i] = core->vcpus[i - 1];
	core->vcpus[i] = vcpu;
	vcpu->slice_left = slice_ticks;
	vtimer_reset(vcpu);
}

void sched_init(struct core *core)
{
	slice_ticks = (uint32_t)timeout_ticks(config_slice_ms);
	for (uint32_t i = 0; i < config_vcpu_count; i++)
		if (vcpus[i].core == core)
			join(core, &vcpus[i]);
	core->slice_end = TIMEOUT_NEVER;
	if (core->index)
		core->console_at = TIMEOUT_NEVER;
	core->vms_allowed = UINT32_MAX;
	core->window_end = TIMEOUT_NEVER;
	if (CONFIG_HAS_PLAN)
		plan_start(core);
}

/* Who is next, and does another of its priority wait for the core, too? */
struct choice {
	struct vcpu *vcpu; /* NULL: nobody wants the core */
	bool has_rival;
};

static bool wants_core(const struct vcpu *vcpu)
{
	return vcpu->state >= VCPU_LOADING && vcpu_is_allowed(vcpu);
}

static struct choice choose(const struct core *core)
{
	struct vcpu *const *at = core->vcpus;
	struct choice choice = { NULL, false };

	while ((choice.vcpu = *at++) && !wants_core(choice.vcpu))
		;
	if (!choice.vcpu)
		return choice;
	for (; *at && (*at)->priority == choice.vcpu->priority; at++)
		choice.has_rival |= wants_core(*at);
	return choice;
}

/* Its turn is over: behind its equals. */
static void put_last(struct core *core, struct vcpu *vcpu)
{
	struct vcpu **at = core->vcpus;

	while (*at != vcpu)
		at++;
	for (; at[1] && at[1]->priority == vcpu->priority; at++) {
		at[0] = at[1];
		at[1] = vcpu;
	}
	vcpu->slice_left = slice_ticks;
}

/* Who is outranked keeps its place in the line, and the rest of its slice. */
static void interrupt_slice(struct core *core)
{
	uint64_t left;

	if (timeout_is_never(core->slice_end))
		return;
	left = core->slice_end - read_CNTPCT();
	if (core->current && left - 1 < slice_ticks) /* it is not over */
		core->current->slice_left = (uint32_t)left;
	core->slice_end = TIMEOUT_NEVER;
}

static void set_slice(struct core *core, bool has_rival)
{
	if (!has_rival)
		core->slice_end = TIMEOUT_NEVER;
	else if (timeout_is_never(core->slice_end))
		core->slice_end = read_CNTPCT() + core->current->slice_left;
}

/* A slice for whom is new, or has a rival from now on; none without a rival. */
static void give_core(struct core *core, struct choice choice)
{
	if (choice.vcpu != core->current)
		interrupt_slice(core);
	core->current = choice.vcpu;
	set_slice(core, choice.has_rival);
}

static void sleep_until_interrupt(struct core *core)
{
	TRACE(core, IDLE, 0, 0);
	interrupt_slice(core); /* by the window's end, perhaps: what is left goes on in its next */
	core->current = NULL;
	/* Who may not run now: its time stands still, and nothing of it wakes the core. */
	if (core->loaded && core->loaded->state >= VCPU_LOADING)
		world_unload(core);
	timeout_program(core);
	dsb(); /* all our stores are out before the core sleeps */
	wfi();
	irq_handle(core);
}

static OUT_OF_LINE void load_piece(struct core *core, struct choice choice)
{
	give_core(core, choice);
	if (core->loaded)
		world_unload(core); /* whose time does not go on meanwhile */
	timeout_program(core);
	vm_load_piece(choice.vcpu);
	irq_poll(core);
}

struct vcpu *sched_next(struct core *core)
{
	for (;;) {
		struct choice choice;
		struct vcpu *next;

		core->needs_schedule = false;
		if (atomic_load_explicit(&core->requests, memory_order_relaxed)) {
			request_serve(core);
			continue;
		}
		choice = choose(core);
		next = choice.vcpu;
		if (!next) {
			sleep_until_interrupt(core);
			continue;
		}
		if (next->state == VCPU_LOADING) {
			load_piece(core, choice);
			continue;
		}
		if (next != core->loaded)
			world_switch(core, next);
		/* However long the switch waited for locks: who has the core gets its slice. */
		give_core(core, choice);
		if (CONFIG_CORE_COUNT > 1 && next->vgic.asked_at) {
			trap_again(next);
			if (core->needs_schedule)
				continue;
		}
		timeout_program(core);
		if (CONFIG_MENU) /* it may have opened or closed */
			world_update_traps(core);
		return next;
	}
}

OUT_OF_LINE _Noreturn void sched_run(struct core *core)
{
	sched_enter(sched_next(core));
}

static void set_state(struct vcpu *vcpu, enum vcpu_state state)
{
	vcpu->state = state;
	vcpu->core->needs_schedule = true;
}

void sched_set_state(struct vcpu *vcpu, uint32_t state)
{
	bool was_live = vcpu->state != VCPU_OFF;
	bool is_live = state != VCPU_OFF;

	set_state(vcpu, (enum vcpu_state)state);
	if (is_live == was_live)
		return;
	vcpu->core->live_count += is_live ? 1u : -1u;
	world_update_traps(vcpu->core);
}

void sched_block(struct vcpu *vcpu)
{
	TRACE(vcpu->core, BLOCK, vcpu_number(vcpu), 0);
	set_state(vcpu, VCPU_IDLE);
}

/* Who outranks it, or is its equal, keeps the core: nobody need be chosen. But with an equal
 * the slices begin. */
void sched_unblock(struct vcpu *vcpu)
{
	struct core *core = vcpu->core;
	struct vcpu *current = core->current;

	TRACE(core, WAKE, vcpu_number(vcpu), 0);
	put_last(core, vcpu);
	vcpu->state = VCPU_READY;
	vtimer_wake(vcpu);
	if (!current || current->priority < vcpu->priority) {
		core->needs_schedule = true;
		return;
	}
	if (current->priority == vcpu->priority && vcpu_is_allowed(vcpu))
		set_slice(core, true);
	timeout_program(core); /* its own alarm is over */
}

void sched_slice_over(struct core *core)
{
	core->slice_end = TIMEOUT_NEVER;
	core->needs_schedule = true;
	if (core->current)
		put_last(core, core->current);
}
