// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stage-2 translation table descriptors, long-descriptor format (ARM ARM DDI 0406C,
 * B3.6), as far as they are read here. mksystem writes a VM's whole map at build time
 * (tools/mksystem/stage2.h); the tables are read-only data, so no bug of the hypervisor
 * can change who sees what.
 *
 * Translation starts at level 2 (VTCR.SL0 = 0) with four concatenated tables:
 * 2048 descriptors for 4 GiB, 16 KiB aligned to 16 KiB (B3.6.6).
 */
#pragma once

#define STAGE2_LEAF_ENTRIES 512u /* of a level-3 table */

#define STAGE2_TABLE 0x3u /* a descriptor of level 2 that names one */

/* An invalid descriptor's other bits are ignored by the walker (B3.6.1): here they name the
 * emulated device, so one look-up answers both questions: where it is in regions[], bytes. */
#define STAGE2_REGION_BYTES 16u
