// SPDX-License-Identifier: BSD-2-Clause
/*
 * The other console: a VM serves it, and all emulated UARTs and the hypervisor itself
 * are clients of that VM, each by a page of its own (ivc/console_page.h). Linked instead
 * of console.c where the manifest says so; it keeps console.h's promises.
 */
#pragma once

#include "config/system.h"
#include "kernel/ring.h"

/* struct console_page with rings of ours in it. The server may write all of it. */
struct console_shared {
	struct ring out;
	struct ring in;
	atomic_uint is_watched;
} __attribute__((aligned(PAGE_BYTES)));

/* By VM; the server's own are the hypervisor's. Without an emulated UART a client has
 * the page to itself, and no end here. Made by mksystem. */
extern struct console_shared console_pages[];
extern struct ivc *const console_ends[];

/* A client as a device of its VM: what was typed is forgotten; it goes to the UART. */
void console_client_reset(struct vm *vm, void *end);
void console_client_poll(struct vm *vm, void *end);
