// SPDX-License-Identifier: BSD-2-Clause
/*
 * The same guest in Thumb code (guest.mk compiles *_thumb.c so): its device
 * accesses are T16 and T32 instructions, and its interrupts are taken in the midst of it.
 */
#include "tests/target/mmio/guest_gic.c"
