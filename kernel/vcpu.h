// SPDX-License-Identifier: BSD-2-Clause
/*
 * A virtual CPU: the trap frame that vectors.S fills, and all that a world
 * switch exchanges. Touched by its own core only; pinned there for good.
 */
#ifndef BULKHEAD_KERNEL_VCPU_H
#define BULKHEAD_KERNEL_VCPU_H

#include "arch/pmu.h"
#include "arch/switch.h"
#include "arch/vfp.h"
#include "config/system.h"
#include "kernel/types.h"
#include "vgic/vgic.h"
#include "vtimer/vtimer.h"

/* What vectors.S stores on entry and loads on exit. SP_hyp points at `pc` while
 * the guest runs. r[] and lr are the User-mode bank: other modes' SP, LR and
 * FIQ's r8-r12 stay in their banks (arch/regfile.h knows which is which). */
struct vcpu_frame {
	uint32_t r[13];
	uint32_t lr_usr;
	uint32_t pc;
	uint32_t cpsr;
};

enum vcpu_state {
	VCPU_OFF,     /* not started, or PSCI CPU_OFF, or its VM is off */
	VCPU_LOADING, /* its time goes into scrubbing and loading its VM */
	VCPU_READY,   /* wants the core, or has it */
	VCPU_IDLE,    /* in WFI */
};

struct vcpu {
	struct vcpu_frame frame;
	void *stack; /* its core's, empty: vectors.S continues there */
	struct core *core;
	struct vm *vm;
	const struct vcpu_config *config;
	enum vcpu_state state;
	uint64_t slice_left; /* counter ticks, of one that was outranked; or 0 */
	bool has_abort;      /* a virtual asynchronous abort is pending: HCR.VA */
	struct vgic_vcpu vgic;
	struct vtimer vtimer;
	struct switch_state system; /* valid while another vCPU is loaded */
	struct vfp_state vfp;       /* valid while another vCPU owns the VFP */
	struct pmu_state pmu;       /* valid while another vCPU owns the PMU */
};

/* Registers as after a reset, the PC at the VM's boot address. The vCPU must not
 * be loaded. */
void vcpu_reset(struct vcpu *vcpu);

/* Step over the instruction that trapped: PC, and ITSTATE in Thumb (A2.5.2).
 * bytes: 2 or 4. */
void vcpu_skip(struct vcpu *vcpu, uint32_t bytes);

/* Its number in vcpus[], UINT32_MAX for NULL. */
uint32_t vcpu_number(const struct vcpu *vcpu);

/* Do the registers of this vCPU sit in the hardware now? */
bool vcpu_is_loaded(const struct vcpu *vcpu);

/* All vCPUs, parallel to config_vcpus[]; made by mksystem, zero at reset. */
extern struct vcpu vcpus[];

#endif
