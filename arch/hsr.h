// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Hyp Syndrome Register: why a guest stopped (ARM ARM DDI 0406C, B3.13.6).
 */
#pragma once

#define HSR_EC_SHIFT 26
#define HSR_EC_COUNT 64u
#define HSR_IL_SHIFT 25
#define HSR_IL       (1u << HSR_IL_SHIFT) /* the instruction has 32 bits */

enum hsr_ec {
	HSR_EC_UNKNOWN = 0x00,
	HSR_EC_WFX = 0x01,
	HSR_EC_CP15_32 = 0x03,
	HSR_EC_CP15_64 = 0x04,
	HSR_EC_CP14_32 = 0x05,
	HSR_EC_CP14_LDC = 0x06, /* undefined for the guest, and named by bhtrace */
	HSR_EC_HCPTR = 0x07,
	HSR_EC_CP14_64 = 0x0c,
	HSR_EC_HVC = 0x12,
	HSR_EC_SMC = 0x13,
	HSR_EC_PREFETCH_ABORT = 0x20,
	HSR_EC_DATA_ABORT = 0x24,
};

/* Trapped instructions, EC 0x01 to 0x0e and 0x13: the condition. */
#define HSR_CV          (1u << 24)
#define HSR_COND_SHIFT  20
#define HSR_COND_MASK   0xfu
#define HSR_COND_ALWAYS 14u

/* EC 0x01 */
#define HSR_WFX_IS_WFE (1u << 0)

/* EC 0x03, 0x05: MRC and MCR. The register is named by all but Rt, direction,
 * condition and IL; the names are those of CP15. */
#define HSR_CP_IS_READ   (1u << 0)
#define HSR_CP_RT_SHIFT  5
#define HSR_CP_RT2_SHIFT 10
#define HSR_CP_RT_MASK   0xfu
#define HSR_CP32_MASK    0xfc0ffc1eu
#define HSR_CP_CRN_MASK  0xfc003c00u
#define HSR_CP32(opc1, crn, crm, opc2)                                       \
	((uint32_t)HSR_EC_CP15_32 << HSR_EC_SHIFT | (uint32_t)(opc2) << 17 | \
	 (uint32_t)(opc1) << 14 | (uint32_t)(crn) << 10 | (uint32_t)(crm) << 1)
/* EC 0x04, 0x0c: MRRC and MCRR. */
#define HSR_CP64_MASK 0xfc0f001eu
#define HSR_CP64(opc1, crm) \
	((uint32_t)HSR_EC_CP15_64 << HSR_EC_SHIFT | (uint32_t)(opc1) << 16 | (uint32_t)(crm) << 1)

/* EC 0x20 and 0x24: aborts. */
#define HSR_FSC_KIND_MASK   0x3cu /* without the level */
#define HSR_FSC_LEVEL_3     0x01u /* of the levels that a stage-2 walk has, 2 and 3 */
#define HSR_FSC_TRANSLATION 0x04u
#define HSR_FSC_LEVEL_2_3   0x02u /* not level 1 */
#define HSR_WNR             (1u << 6)
#define HSR_S1PTW           (1u << 7) /* on a stage-1 table walk */
#define HSR_CM              (1u << 8) /* cache maintenance */
#define HSR_EA              (1u << 9)
#define HSR_SRT_SHIFT       16
#define HSR_SRT_MASK        0xfu
#define HSR_SRT_LOW_MASK    0x7u       /* of those that are in the frame in every mode */
#define HSR_SSE             (1u << 21) /* sign-extend */
#define HSR_SAS_SHIFT       22
#define HSR_SAS_MASK        0x3u
#define HSR_SAS_HALF_WORD   1u
#define HSR_SAS_WORD        2u
#define HSR_ISV             (1u << 24)
/* A word, and one of the registers that are in the frame in every mode. */
#define HSR_WORD (HSR_SAS_WORD << HSR_SAS_SHIFT)
#define HSR_WORD_MASK \
	(HSR_SAS_MASK << HSR_SAS_SHIFT | (HSR_SRT_MASK & ~HSR_SRT_LOW_MASK) << HSR_SRT_SHIFT)

/* HPFAR[31:4] are IPA[39:12]. */
#define HPFAR_TO_PAGE_SHIFT 4
