// SPDX-License-Identifier: BSD-2-Clause
/*
 * The platform a bare-metal guest runs on: QEMU's `virt` board, or the same seen
 * through the hypervisor (config/platforms/virt-guest.dtsi). Addresses and
 * interrupt numbers (INTIDs), and the access to device registers.
 */
#ifndef GUESTS_LIB_PLATFORM_H
#define GUESTS_LIB_PLATFORM_H

#include <stdint.h>

#define PLATFORM_GICD 0x08000000u
#define PLATFORM_GICC 0x08010000u
#define PLATFORM_UART 0x09000000u
#define PLATFORM_RAM  0x40000000u

#define PLATFORM_INTID_TIMER_VIRTUAL  27u
#define PLATFORM_INTID_TIMER_PHYSICAL 30u
#define PLATFORM_INTID_UART           33u

/*
 * Device registers: one load or store each, of exactly this width, and in a form
 * that a hypervisor can emulate from the syndrome alone (no write-back; ARM ARM
 * DDI 0406C, B3.13.6). Hence assembly: a compiler may choose any form.
 */
#define PLATFORM_ACCESS(bits, suffix)                                               \
	static inline uint##bits##_t mmio_read##bits(uint32_t address)              \
	{                                                                           \
		uint32_t value;                                                     \
		__asm__ volatile("ldr" suffix " %0, [%1]"                           \
				 : "=r"(value)                                      \
				 : "r"(address)                                     \
				 : "memory");                                       \
		return (uint##bits##_t)value;                                       \
	}                                                                           \
	static inline void mmio_write##bits(uint32_t address, uint##bits##_t value) \
	{                                                                           \
		__asm__ volatile("str" suffix " %0, [%1]"                           \
				 :                                                  \
				 : "r"((uint32_t)value), "r"(address)               \
				 : "memory");                                       \
	}

PLATFORM_ACCESS(32, "")
PLATFORM_ACCESS(16, "h")
PLATFORM_ACCESS(8, "b")

#endif
