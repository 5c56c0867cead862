// SPDX-License-Identifier: BSD-2-Clause
/*
 * See cost.h. Encodings: ARM ARM DDI 0406C, A5.6 and A5.7 (coprocessors, memory
 * hints), A7.5 to A7.9 (VFP), A8.8.301 on, B9.3.3 (ERET). A predicated instruction
 * counts as if its condition held, but for its memory accesses.
 *
 * In T32 coprocessor instructions are as in A32, of condition "always" (A6.3.18); nothing
 * else there looks like one.
 */
#include "tools/bench/cost.h"

#define CONDITION(opcode)   ((opcode) >> 28)
#define COPROCESSOR(opcode) ((opcode) >> 8 & 0xfu)
#define CRN(opcode)         ((opcode) >> 16 & 0xfu)
#define CRM(opcode)         ((opcode)&0xfu)
#define OPC2(opcode)        ((opcode) >> 5 & 7u)

static bool is_vfp(uint32_t opcode)
{
	uint32_t group = opcode >> 25 & 7;
	bool is_coprocessor = group == 6 || (group == 7 && !(opcode & 1u << 24));

	return is_coprocessor && (COPROCESSOR(opcode) & ~1u) == 10 && CONDITION(opcode) != 15;
}

/* VLDM and VSTM name their registers as a count of words; VLDR, VSTR and each form of
 * VMOV to or from core registers move one; what only computes moves none. */
static uint32_t vfp_registers(uint32_t opcode)
{
	bool is_load_store = (opcode >> 25 & 7) == 6;
	bool is_single = opcode & 1u << 24 && !(opcode & 1u << 21);            /* P, not W */
	bool is_multiple = is_load_store && !is_single && opcode & 0x01a00000; /* P, U, W */

	if (is_multiple)
		return opcode & 1u << 8 ? (opcode & 0xff) / 2 : opcode & 0xff;
	return is_load_store || opcode & 1u << 4 ? 1 : 0;
}

static bool is_barrier(uint32_t opcode)
{
	switch (opcode & 0xfffffff0u) {
	case 0xf57ff040u: /* DSB */
	case 0xf57ff050u: /* DMB */
	case 0xf57ff060u: /* ISB */
	case 0xf3bf8f40u: /* in T32 */
	case 0xf3bf8f50u:
	case 0xf3bf8f60u:
		return true;
	}
	switch (opcode & 0x0fff0fffu) {
	case 0x0e070f95u: /* CP15ISB, as before ARMv7 */
	case 0x0e070f9au: /* CP15DSB */
	case 0x0e070fbau: /* CP15DMB */
		return true;
	}
	return false;
}

/* MCR p15 to c7 and c8; but c7, c4, 0 is PAR, a register. */
static bool is_maintenance(uint32_t opcode)
{
	if (COPROCESSOR(opcode) != 15 || opcode & 1u << 20)
		return false;
	return CRN(opcode) == 8 || (CRN(opcode) == 7 && !(CRM(opcode) == 4 && OPC2(opcode) == 0));
}

struct cost cost_of(uint32_t opcode)
{
	bool is_move = (opcode & 0x0f000010u) == 0x0e000010u;
	bool is_move_64 = (opcode & 0x0fe00000u) == 0x0c400000u;
	bool is_read = opcode & 1u << 20;

	if (is_barrier(opcode))
		return (struct cost){ COST_BARRIER, 1 };
	if (is_vfp(opcode))
		return (struct cost){ COST_VFP, vfp_registers(opcode) };
	if (CONDITION(opcode) == 15 || (!is_move && !is_move_64))
		return (struct cost){ COST_PLAIN, 0 };
	if (is_move && is_maintenance(opcode))
		return (struct cost){ COST_MAINTENANCE, 1 };
	return (struct cost){ is_read ? COST_SYSTEM_READ : COST_SYSTEM_WRITE, 1 };
}

bool cost_is_eret(uint32_t opcode)
{
	return (opcode & 0x0fffffffu) == 0x0160006eu || opcode == 0xf3de8f00u;
}
