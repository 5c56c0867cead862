// SPDX-License-Identifier: BSD-2-Clause
/*
 * A flat map for guests that want caches: virtual = physical, 1 MiB sections of
 * the short-descriptor format (ARM ARM DDI 0406C, B3.5). Below RAM everything is
 * Device memory and execute-never; from RAM up it is Normal, write-back.
 */
#ifndef GUESTS_LIB_MMU_H
#define GUESTS_LIB_MMU_H

#include <stdint.h>

/* Fills the table and turns on MMU, caches and branch prediction. Once, on CPU 0. */
void mmu_enable(void);

/* Changes the section that holds the address; MMU on or off. The descriptor is
 * used as it is: 0 unmaps the section. */
void mmu_set_section(uint32_t address, uint32_t descriptor);

#endif
