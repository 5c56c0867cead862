// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board of the unit tests: its interrupt controller is gic_model.c. Each
 * access to a register calls the model first, which sees what was written by the
 * one before and makes what is going to be read.
 */
#ifndef BULKHEAD_GENERATED_BOARD_H
#define BULKHEAD_GENERATED_BOARD_H

#include <stdint.h>

struct gicd *gic_model_gicd(void);
struct gicc *gic_model_gicc(void);
struct gich *gic_model_gich(void);
uint32_t *lcd_model(void);

#define BOARD_GICD gic_model_gicd()
#define BOARD_GICC gic_model_gicc()
#define BOARD_GICH gic_model_gich()
#define BOARD_LCD  lcd_model()

#define BOARD_NAME              "unit"
#define BOARD_COUNTER_HZ        62500000
#define BOARD_GIC_EOI_IS_DEAF   0
#define BOARD_IRQ_COUNT         64
#define BOARD_IRQ_MAINTENANCE   25
#define BOARD_IRQ_HYP_TIMER     26
#define BOARD_IRQ_VIRTUAL_TIMER 27
#define BOARD_UART_IRQ          33
#define BOARD_LCD_IRQ           46

#define CONFIG_VM_COUNT   3
#define CONFIG_VCPU_COUNT 8
#ifndef CONFIG_CORE_COUNT
#define CONFIG_CORE_COUNT 1
#endif

#define CONFIG_HAS_PLAN     1
#define CONFIG_HEARS_ENDS   0
#define CONFIG_PMU          0
#define CONFIG_TRACE_EVENTS 0
#ifndef CONFIG_MENU
#define CONFIG_MENU 0
#endif
#define CONFIG_FAULT_REPORT 1

#define CONFIG_CONSOLE_SERVER 3

#endif
