// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vcpu.h.
 */
#include "kernel/vcpu.h"

#include "kernel/vm.h"
#include "kernel/world.h"

/* MPIDR: multiprocessor format, affinity 0 is the vCPU's number (B4.1.106). */
#define MPIDR_FORMAT (1u << 31)

void vcpu_reset(struct vcpu *vcpu, uint32_t pc, const uint32_t r[3])
{
	vcpu->frame = (struct vcpu_frame){
		.r = { r[0], r[1], r[2] },
		.pc = pc & ~1u,
		.cpsr = PSR_MODE_SVC | PSR_A | PSR_I | PSR_F | (pc & 1u ? PSR_T : 0),
	};
	world_reset(vcpu, MPIDR_FORMAT | vcpu->index);
	vtimer_reset(vcpu);
}

/* ITAdvance() of the manual, on the bits where CPSR keeps them. */
RARELY_RUN void vcpu_advance_it(struct vcpu *vcpu)
{
	uint32_t cpsr = vcpu->frame.cpsr;
	uint32_t it = (cpsr & PSR_IT_HIGH_MASK) >> PSR_IT_HIGH_SHIFT << 2 |
		      (cpsr & PSR_IT_LOW_MASK) >> PSR_IT_LOW_SHIFT;

	it = it & 0x7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	vcpu->frame.cpsr = (cpsr & ~(uint32_t)PSR_IT_MASK) | it >> 2 << PSR_IT_HIGH_SHIFT |
			   (it & 3) << PSR_IT_LOW_SHIFT;
}

uint32_t vcpu_number(const struct vcpu *vcpu)
{
	return vcpu ? (uint32_t)(vcpu - vcpus) : UINT32_MAX;
}
