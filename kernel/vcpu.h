// SPDX-License-Identifier: BSD-2-Clause
/*
 * A virtual CPU: the trap frame that vectors.S fills, and all that a world
 * switch exchanges. Touched by its own core only; pinned there for good.
 */
#pragma once

#include "arch/psr.h"
#include "arch/regfile.h"
#include "arch/switch.h"
#include "arch/vfp.h"
#include "kernel/core.h"
#include "vgic/vgic.h"
#include "vtimer/vtimer.h"

enum vcpu_state {
	VCPU_OFF,     /* not started, or PSCI CPU_OFF, or its VM is off */
	VCPU_IDLE,    /* in WFI */
	VCPU_WAITING, /* for another core's answer: the trap is handled again then */
	VCPU_PAUSED,  /* by the menu */
	/* From here on it wants the core, or has it. */
	VCPU_LOADING, /* its time goes into scrubbing and loading its VM */
	VCPU_READY,
};

/* What PSCI calls on and off. Any core may ask; CPU_ON is decided under the VM's lock. */
enum vcpu_power {
	VCPU_POWER_ON,
	VCPU_POWER_OFF,
	VCPU_POWER_PENDING, /* its core is asked to start it */
};

/* The trap that is to be handled again. */
struct vcpu_trap {
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hpfar;
};

struct vcpu {
	struct vcpu_frame frame;
	/* Of the manifest: never changed. */
	void *stack;       /* its core's, empty: vectors.S continues there */
	struct core *core; /* pinned: the only one that ever runs it */
	struct vm *vm;
	const uint64_t *stage2;            /* its VM's, at hand for each MMIO trap */
	const struct mmio_region *regions; /* likewise */
	struct vgic_bank *spi_banks;       /* likewise; bank_count - 1 of them */
	uint32_t bank_count;               /* its distributor's interrupts / 32: 1 .. 31 */
	uint32_t TYPER;                    /* GICD_TYPER: the same, and how many vCPUs */
	uint32_t vm_bit;                   /* of core.vms_allowed */
	uint32_t bit;                      /* of core.wants */
	uint32_t equals;                   /* with its priority, itself included */
	uint32_t vttbr_high;               /* VTTBR[63:32], its VM's VMID */
	uint8_t index;                     /* within its VM; also its affinity level 0 */
	uint8_t priority;                  /* higher runs first; equal: round-robin */

	atomic_uint requests; /* kernel/request.h; written by any core */
	enum vcpu_state state;
	bool is_loading; /* while VCPU_PAUSED: that goes on */
	_Atomic enum vcpu_power power;
	uint32_t start_pc; /* of PSCI CPU_ON: bit 0 means Thumb; and its r0 */
	uint32_t start_r0;
	struct vcpu_trap waits; /* while VCPU_WAITING */
	uint64_t turn_ended;    /* physical counter; or it woke then */
	uint32_t slice_left;    /* counter ticks, when it was last outranked; or a whole one */
	struct vtimer vtimer;
	struct vgic_vcpu vgic;
	struct switch_state system; /* valid while another vCPU is loaded */
	struct vfp_state vfp;       /* valid while another vCPU owns the VFP */
};

/* Registers as after a reset, but r0 to r2 from r[]; bit 0 of pc means Thumb. The
 * vCPU must not be loaded. */
void vcpu_reset(struct vcpu *vcpu, uint32_t pc, const uint32_t r[3]);

/* ITSTATE of a Thumb instruction that has been executed (A2.5.2). */
void vcpu_advance_it(struct vcpu *vcpu);

/* Step over the instruction that trapped: PC, and ITSTATE. bytes: 2 or 4. */
ON_FAST_PATH void vcpu_skip(struct vcpu *vcpu, uint32_t bytes)
{
	vcpu->frame.pc += bytes;
	if (vcpu->frame.cpsr & PSR_T)
		vcpu_advance_it(vcpu);
}

/* Its number in vcpus[], UINT32_MAX for NULL. */
uint32_t vcpu_number(const struct vcpu *vcpu);

/* Do the registers of this vCPU sit in the hardware now? */
static inline bool vcpu_is_loaded(const struct vcpu *vcpu)
{
	return vcpu->core->loaded == vcpu;
}

/* May it run in the window of its core's time plan that there is now? On any core. */
static inline bool vcpu_is_allowed(const struct vcpu *vcpu)
{
	return !CONFIG_HAS_PLAN || (atomic_load(&vcpu->core->vms_allowed) & vcpu->vm_bit);
}

/* All vCPUs; made by mksystem, zero at reset but for what the manifest says. */
extern struct vcpu vcpus[];
