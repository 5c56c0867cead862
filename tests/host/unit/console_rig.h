// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared console with all around it played: the board's UART (uart_model.c),
 * the counter, three VMs with an emulated PL011 each. Interrupts and timeouts are
 * delivered when the hypervisor has asked for them, and only then. What comes out
 * is followed by wire.c, what goes in by keys.c.
 */
#ifndef BULKHEAD_UNIT_CONSOLE_RIG_H
#define BULKHEAD_UNIT_CONSOLE_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/vdev/vpl011.h"

#define RIG_TICKS_PER_MS 100u
#define RIG_PATIENCE_MS  200u /* an open line may stop the others for so long */
#define RIG_DEAF_MS      500u /* and a full receive FIFO the keys */

/* The offsets that guests use, and their bits. */
enum { RIG_DR = 0x00, RIG_FR = 0x18, RIG_IMSC = 0x38, RIG_RIS = 0x3c, RIG_ICR = 0x44 };
#define RIG_FR_RXFE (1u << 4)
#define RIG_FR_TXFF (1u << 5)
#define RIG_INT_RX  (1u << 4)
#define RIG_INT_TX  (1u << 5)
#define RIG_INT_RT  (1u << 6)

/* As after boot. ticks_per_char: of the UART; 0: at once, it is never full. Once
 * per process: the console's state can't be taken back. */
void rig_init(uint32_t ticks_per_char);

extern struct vpl011 rig_uarts[];

/* A guest's UART. rig_write(): false if it is full; rig_read(): -1 if empty. */
extern uint32_t rig_turns_given; /* by polling guests */
bool rig_write(uint32_t vm, char c);
int rig_read(uint32_t vm);
uint32_t rig_get(uint32_t vm, uint32_t offset);
void rig_set(uint32_t vm, uint32_t offset, uint32_t value);
bool rig_is_line_high(uint32_t vm);
void rig_reset(uint32_t vm);

/* The hypervisor's own message. */
void rig_print(const char *words);

/* A key; it waits while the board's UART is full. */
void rig_type(char c);
void rig_lose(char c); /* the VM in focus has its receiver off */
uint32_t rig_keys_waiting(void);

/* Time passes, with all that happens in it. */
void rig_pass(uint64_t ticks);
uint32_t rig_timeouts(void); /* delivered so far */

/* The other end of the wire takes nothing, or goes on. */
void rig_stall(bool is_stalled);

/* console_flush(), and whether we are in it. */
void rig_flush(void);
bool rig_is_flushing(void);

#endif
