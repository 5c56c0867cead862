// SPDX-License-Identifier: BSD-2-Clause
/*
 * The abort guest's own stage-1 tables, in both formats: flat below 2 GiB, where all
 * but RAM is Device, and executable as far as they go; above, others (TTBR1) that can
 * be broken without losing the vectors. ARM ARM DDI 0406C, B3.5 and B3.6.
 */
#ifndef TESTS_ABORTS_TABLES_H
#define TESTS_ABORTS_TABLES_H

#include <stdint.h>

#define TABLES_HOLE   0x0b000000u /* no device there, on `virt` either */
#define TABLES_BROKEN 0xc0000000u /* an address whose tables can be broken */
#define TABLES_BEYOND 0x80000000u /* long format: mapped to 4 GiB */

/* MMU and tables on, the upper ones whole and empty; t1sz: 0 or 2. */
void tables_enable_short(void);
void tables_enable_long(uint32_t t1sz);

/* Maps the page at `address` (above 2 GiB) to a copy of `code`. */
void tables_map_page(uint32_t address, const char *code, uint32_t bytes);

/* Lays the table of this level, on the way to TABLES_BROKEN, into a hole. */
void tables_break_short(uint32_t level);
void tables_break_long(uint32_t level);

#endif
