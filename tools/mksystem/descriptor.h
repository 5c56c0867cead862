// SPDX-License-Identifier: BSD-2-Clause
/*
 * What stage-2 descriptors are made of, long-descriptor format (ARM ARM DDI 0406C,
 * B3.6), beside what the hypervisor itself reads (arch/stage2.h).
 */
#ifndef BULKHEAD_MKSYSTEM_DESCRIPTOR_H
#define BULKHEAD_MKSYSTEM_DESCRIPTOR_H

#define STAGE2_ROOT_ENTRIES 2048u
#define STAGE2_ROOT_BYTES   (STAGE2_ROOT_ENTRIES * 8u)

/* Descriptor types. */
#define STAGE2_BLOCK 0x1u /* at level 2 */
#define STAGE2_PAGE  0x3u /* at level 3 */
#define STAGE2_VALID 0x1u

/* Attributes, low word (B3.6.2): MemAttr [5:2], HAP [7:6], SH [9:8], AF [10]. */
#define STAGE2_MEMATTR_DEVICE   0x004u /* Device: no gathering, early ack allowed */
#define STAGE2_MEMATTR_UNCACHED 0x014u /* Normal, inner and outer Non-cacheable */
#define STAGE2_MEMATTR_NORMAL   0x03cu /* Normal, inner and outer write-back */
#define STAGE2_HAP_READ         0x040u
#define STAGE2_HAP_READ_WRITE   0x0c0u
#define STAGE2_SH_OUTER         0x200u
#define STAGE2_SH_INNER         0x300u
#define STAGE2_AF               0x400u
/* High word: XN is bit 54. */
#define STAGE2_HIGH_XN 0x00400000u

#define STAGE2_RAM (STAGE2_MEMATTR_NORMAL | STAGE2_HAP_READ_WRITE | STAGE2_SH_INNER | STAGE2_AF)
/* Device memory is Shareable whatever SH says; XN comes with the high word. */
#define STAGE2_DEVICE (STAGE2_MEMATTR_DEVICE | STAGE2_HAP_READ_WRITE | STAGE2_SH_OUTER | STAGE2_AF)

#endif
