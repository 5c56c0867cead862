// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who must get which key, said independently of the code: the VM in focus, all of
 * them in order, but for the escape key and what follows it. A key is only taken
 * when that VM has room for it, or had none for so long that it is deaf.
 */
#ifndef BULKHEAD_UNIT_KEYS_H
#define BULKHEAD_UNIT_KEYS_H

#include <stdint.h>

/* The hypervisor takes a key from the board's UART. */
void keys_taken(char c);

/* A guest reads: keys_make_room() before, as keys may come in then. Its UART is
 * reset: what lay in it is gone. */
void keys_make_room(uint32_t vm);
void keys_read(uint32_t vm, char c);
void keys_forget(uint32_t vm);

uint32_t keys_focus(void);

/* Keys that the VM has got, but not read. */
uint32_t keys_unread(uint32_t vm);

/* Keys dropped because of a deaf VM. */
uint32_t keys_dropped(void);

/* What must hold whenever the hypervisor is left. */
void keys_check(void);

#endif
