// SPDX-License-Identifier: BSD-2-Clause
/*
 * See sched.h. The pinned vCPUs of a core stand in a line, by priority. The first that
 * wants the core names the priority; of those equals runs the one whose last turn ended
 * first. A turn ends with its slice, or when WFI does; who is outranked keeps it.
 */
#include "kernel/sched.h"

#include "arch/barrier.h"
#include "kernel/irq.h"
#include "kernel/request.h"
#include "kernel/timeout.h"
#include "kernel/trap.h"
#include "kernel/vm.h"
#include "kernel/world.h"

void sched_init(struct core *core)
{
	core->slice_ticks = (uint32_t)timeout_ticks(config_slice_ms);
	for (uint32_t i = 0; i < config_vcpu_count; i++) {
		if (vcpus[i].core != core)
			continue;
		core->vcpus[__builtin_clz(vcpus[i].bit)] = &vcpus[i];
		core->vcpu_count++;
		vcpus[i].slice_left = core->slice_ticks;
		vtimer_reset(&vcpus[i]);
	}
	core->slice_end = TIMEOUT_NEVER;
	if (core->index)
		core->console_at = TIMEOUT_NEVER;
	core->vms_allowed = UINT32_MAX;
	core->window_end = TIMEOUT_NEVER;
	if (CONFIG_HAS_PLAN)
		plan_start(core);
}

/* Who is next, or NULL: nobody wants the core; and does another of its priority wait, too? */
static struct vcpu *choose(const struct core *core, bool *has_rival)
{
	uint32_t rivals = CONFIG_HAS_PLAN ? plan_candidates(core) : core->wants;
	struct vcpu *next;

	if (!rivals)
		return NULL;
	next = core->vcpus[__builtin_clz(rivals)];
	rivals &= next->equals & ~next->bit;
	*has_rival = rivals;
	while (rivals) {
		struct vcpu *rival = core->vcpus[__builtin_clz(rivals)];

		rivals &= ~rival->bit;
		if (rival->turn_ended < next->turn_ended)
			next = rival;
	}
	return next;
}

/* Its next one is a whole slice, and comes when its equals have had theirs. */
static void end_turn(struct vcpu *vcpu)
{
	vcpu->turn_ended = read_CNTPCT();
	vcpu->slice_left = vcpu->core->slice_ticks;
}

/* Who is outranked keeps its turn, and the rest of its slice. */
static void interrupt_slice(struct core *core)
{
	uint64_t left;

	if (timeout_is_never(core->slice_end))
		return;
	left = core->slice_end - read_CNTPCT();
	if (core->current && left - 1 < core->slice_ticks) /* it is not over */
		core->current->slice_left = (uint32_t)left;
	core->slice_end = TIMEOUT_NEVER;
}

static void begin_slice(struct core *core)
{
	core->slice_end = read_CNTPCT() + core->current->slice_left;
}

static void set_slice(struct core *core, bool has_rival)
{
	if (!has_rival)
		core->slice_end = TIMEOUT_NEVER;
	else if (timeout_is_never(core->slice_end))
		begin_slice(core);
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

static OUT_OF_LINE void load_piece(struct core *core, struct vcpu *next, bool has_rival)
{
	if (next != core->current)
		interrupt_slice(core);
	core->current = next;
	set_slice(core, has_rival);
	if (core->loaded)
		world_unload(core); /* whose time does not go on meanwhile */
	timeout_program(core);
	vm_load_piece(next);
	irq_poll(core);
}

struct vcpu *sched_next(struct core *core)
{
	for (;;) {
		struct vcpu *next;
		bool has_rival;

		core->needs_schedule = false;
		if (atomic_load_explicit(&core->requests, memory_order_relaxed)) {
			request_serve(core);
			continue;
		}
		next = choose(core, &has_rival);
		if (!next) {
			sleep_until_interrupt(core);
			continue;
		}
		if (next->state == VCPU_LOADING) {
			load_piece(core, next, has_rival);
			continue;
		}
		if (next == core->loaded) {
			core->current = next;
			set_slice(core, has_rival);
		} else {
			interrupt_slice(core);
			world_switch(core, next);
			core = next->core; /* it need not be kept meanwhile */
			core->current = next;
			/* However long that waited for locks: it gets its slice. */
			if (has_rival)
				begin_slice(core);
		}
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
	struct core *core = vcpu->core;

	vcpu->state = state;
	core->wants = state >= VCPU_LOADING ? core->wants | vcpu->bit : core->wants & ~vcpu->bit;
	core->needs_schedule = true;
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
	end_turn(vcpu);
	vcpu->state = VCPU_READY;
	core->wants |= vcpu->bit;
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
	end_turn(core->current);
	core->slice_end = TIMEOUT_NEVER;
	core->needs_schedule = true;
}
