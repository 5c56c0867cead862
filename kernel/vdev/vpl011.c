// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpl011.h. The receive FIFO is the first 32 characters of the input ring (one
 * without LCR_H.FEN); the transmit FIFO is the upper half of the console's ring of
 * this VM, whose lower half is the wire: so a guest that waits until all is sent need
 * not wait for others' lines. What is sent while the transmitter is off, and what comes
 * while the receiver is, is lost. Baud rate, modem lines and DMA have nothing behind
 * them; their registers keep what is written.
 *
 * One deviation: at power-on the UART is enabled, as firmware leaves it: Linux's
 * earlycon relies on that.
 */
#include "kernel/vdev/vpl011.h"

#include <string.h>

#include "arch/pl011.h"
#include "kernel/console.h"
#include "kernel/core.h"
#include "kernel/request.h"
#include "kernel/sched.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "vgic/vgic.h"

#define REGISTER(uart, offset) ((uart)->registers[(offset) / 4])

/* Bits of those that are read as they were written. */
static const uint16_t writable[VPL011_REGISTERS / 4] = {
	[UARTILPR / 4] = 0xff,  [UARTIBRD / 4] = 0xffff, [UARTFBRD / 4] = 0x3f,
	[UARTLCR_H / 4] = 0xff, [UARTCR / 4] = 0xff87,   [UARTIFLS / 4] = 0x3f,
	[UARTIMSC / 4] = 0x7ff, [UARTDMACR / 4] = 0x7,
};

/* UARTPeriphID0 to 3, UARTPCellID0 to 3. */
static const uint8_t identification[8] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

#define IFLS_RESET    0x12u
#define IFLS_TX_SHIFT 0
#define IFLS_RX_SHIFT 3

/* At the flags, in vain: the guest polls. One driven by interrupts has no use for so many. */
#define LOOKS 16u

static uint32_t depth(const struct vpl011 *uart)
{
	return REGISTER(uart, UARTLCR_H) & LCRH_FEN ? VPL011_FIFO_DEPTH : 1;
}

/* UARTIFLS in characters (table 3-13); what is reserved there is a full FIFO. */
static uint32_t level(const struct vpl011 *uart, uint32_t shift)
{
	static const uint8_t eighths[8] = { 1, 2, 4, 6, 7, 8, 8, 8 };

	return depth(uart) * eighths[REGISTER(uart, UARTIFLS) >> shift & 7] / 8;
}

static struct ring *receive_ring(struct vpl011 *uart)
{
	return REGISTER(uart, UARTCR) & CR_LBE ? &uart->loop : &uart->input;
}

static void update_line(struct vpl011 *uart)
{
	bool is_high = (REGISTER(uart, UARTRIS) & REGISTER(uart, UARTIMSC)) != 0;

	if (is_high == uart->is_line_high)
		return;
	uart->is_line_high = is_high;
	vgic_set_line(&uart->vm->config->vcpus[0], uart->intid, is_high);
}

/* Characters may have come into the receive FIFO. Nothing follows for a while, as far
 * as the guest can tell: "timeout" comes at once, so that a FIFO below its level is
 * read, too (3.4.2). */
static void update_receive(struct vpl011 *uart)
{
	uint32_t count = ring_count(receive_ring(uart));

	if (count)
		REGISTER(uart, UARTRIS) |=
			count < level(uart, IFLS_RX_SHIFT) ? INT_RT : INT_RT | INT_RX;
}

/* The transmit FIFO has got fuller, or emptier: the interrupt comes as it falls to its
 * level. */
static inline void update_transmit(struct vpl011 *uart, uint32_t pending, bool was_above)
{
	uint32_t half = CONSOLE_RING_BYTES / 2;

	uart->is_above = pending > half &&
			 pending - half > level(uart, IFLS_TX_SHIFT) * (half / VPL011_FIFO_DEPTH);
	if (uart->is_above)
		REGISTER(uart, UARTRIS) &= ~INT_TX;
	else if (was_above)
		REGISTER(uart, UARTRIS) |= INT_TX;
}

/* Forget what was typed. */
static void drop_input(struct vpl011 *uart)
{
	ring_drop(&uart->input, ring_count(&uart->input));
	request_core(&cores[0], CORE_REQUEST_CONSOLE); /* it may have waited for room */
}

void vpl011_reset(UNUSED struct vm *vm, void *device)
{
	struct vpl011 *uart = device;

	memset(uart->registers, 0, sizeof(uart->registers));
	REGISTER(uart, UARTCR) = CR_UARTEN | CR_TXE | CR_RXE;
	REGISTER(uart, UARTIFLS) = IFLS_RESET;
	uart->is_line_high = uart->is_above = false;
	drop_input(uart);
}

void vpl011_poll(UNUSED struct vm *vm, void *device)
{
	struct vpl011 *uart = device;

	if (~REGISTER(uart, UARTCR) & (CR_UARTEN | CR_RXE))
		drop_input(uart);
	update_receive(uart);
	update_transmit(uart, console_pending(uart->vm), uart->is_above);
	update_line(uart);
}

static OUT_OF_LINE uint32_t read_data(struct vpl011 *uart)
{
	struct ring *ring = receive_ring(uart);
	uint32_t count = ring_count(ring), value;

	if (count == 0)
		return 0;
	value = (uint8_t)ring_first(ring);
	ring_drop(ring, 1);
	if (--count < level(uart, IFLS_RX_SHIFT) || count == 0)
		REGISTER(uart, UARTRIS) &= ~(count ? INT_RX : INT_RX | INT_RT);
	if (count >= depth(uart)) /* another one moves up */
		update_receive(uart);
	update_line(uart);
	/* Input that waits is let in by halves of the ring, not one by one. */
	if (count == RING_BYTES / 2)
		request_core(&cores[0], CORE_REQUEST_CONSOLE);
	return value;
}

static void write_data(struct vpl011 *uart, uint32_t value)
{
	uint32_t mode = REGISTER(uart, UARTCR) & (CR_UARTEN | CR_TXE | CR_LBE);
	uint32_t pending = 0;

	if (mode == (CR_UARTEN | CR_TXE)) {
		pending = console_put(uart->vm, (char)value);
	} else if (mode == (CR_UARTEN | CR_TXE | CR_LBE) && ring_count(&uart->loop) < depth(uart)) {
		ring_put(&uart->loop, (char)value);
		update_receive(uart);
	} else {
		return;
	}
	update_transmit(uart, pending, true);
}

/* A guest that looks again and again whether what it has sent is gone lets its equals run:
 * who holds the wire may be one that was put aside in the midst of its line. */
static uint32_t read_flags(struct vcpu *vcpu, struct vpl011 *uart)
{
	uint32_t pending = console_pending(uart->vm), flags = FR_TXFE;
	bool is_looped = __builtin_expect(REGISTER(uart, UARTCR) & CR_LBE, 0);
	uint32_t count = is_looped ? ring_count(&uart->loop) : ring_count(&uart->input);

	if (pending > CONSOLE_RING_BYTES / 2) {
		flags = pending < CONSOLE_RING_BYTES ? FR_BUSY : FR_BUSY | FR_TXFF;
		if (pending == uart->seen && ++uart->looks % LOOKS == 0)
			sched_slice_over(vcpu->core);
		uart->seen = pending;
	}
	if (count == 0)
		return flags | FR_RXFE;
	return count < depth(uart) ? flags : flags | FR_RXFF;
}

enum exit_result vpl011_read(struct vcpu *vcpu, const struct mmio_region *region, uint32_t offset,
			     uint32_t *value)
{
	struct vpl011 *uart = region->device;

	if (offset == UARTFR)
		*value = read_flags(vcpu, uart);
	else if (offset == UARTDR)
		*value = read_data(uart);
	else if (offset == UARTMIS)
		*value = REGISTER(uart, UARTRIS) & REGISTER(uart, UARTIMSC);
	else if (offset < VPL011_REGISTERS)
		*value = REGISTER(uart, offset);
	else
		*value = offset < UARTPeriphID0 ? 0 : identification[(offset - UARTPeriphID0) / 4];
	return EXIT_DONE;
}

enum exit_result vpl011_write(UNUSED struct vcpu *vcpu, const struct mmio_region *region,
			      uint32_t offset, uint32_t value)
{
	struct vpl011 *uart = region->device;

	if (offset == UARTDR)
		write_data(uart, value);
	else if (offset == UARTICR)
		REGISTER(uart, UARTRIS) &= ~value;
	else if (offset < VPL011_REGISTERS && writable[offset / 4])
		REGISTER(uart, offset) = value & writable[offset / 4];
	update_line(uart);
	return EXIT_DONE;
}
