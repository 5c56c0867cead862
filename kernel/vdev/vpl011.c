// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vpl011.h. The transmit FIFO is the console's ring of this VM. Baud rate,
 * modem lines and DMA have nothing behind them: their registers keep what is
 * written, as far as they exist.
 */
#include "kernel/vdev/vpl011.h"

#include "kernel/console.h"
#include "kernel/vm.h"

/* Registers (DDI 0183, table 3-1). */
enum {
	UARTDR = 0x00,
	UARTRSR = 0x04,
	UARTFR = 0x18,
	UARTILPR = 0x20,
	UARTIBRD = 0x24,
	UARTFBRD = 0x28,
	UARTLCR_H = 0x2c,
	UARTCR = 0x30,
	UARTIFLS = 0x34,
	UARTIMSC = 0x38,
	UARTRIS = 0x3c,
	UARTMIS = 0x40,
	UARTICR = 0x44,
	UARTDMACR = 0x48,
	UARTPeriphID0 = 0xfe0,
};

#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)

#define INT_RX (1u << 4)
#define INT_TX (1u << 5)
#define INT_RT (1u << 6)

#define IMSC_MASK  0x7ffu
#define CR_RESET   0x300u
#define IFLS_RESET 0x12u
#define TX_TRIGGER (CONSOLE_RING_BYTES / 2) /* tell the guest at half empty */

/* UARTPeriphID0 to 3, UARTPCellID0 to 3. */
static const uint8_t identification[8] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static uint32_t rx_count(const struct vpl011 *uart)
{
	return uart->rx_head - uart->rx_tail;
}

static void update_line(struct vpl011 *uart)
{
	bool is_high = (uart->RIS & uart->IMSC) != 0;

	if (is_high == uart->is_line_high)
		return;
	uart->is_line_high = is_high;
	vgic_set_line(&uart->vm->config->vcpus[0], uart->intid, is_high);
}

void vpl011_reset(struct vm *vm, void *device)
{
	struct vpl011 *uart = device;

	*uart = (struct vpl011){
		.vm = vm,
		.intid = uart->intid,
		.CR = CR_RESET,
		.IFLS = IFLS_RESET,
	};
	console_take_input(vm); /* it may have been waiting for room */
}

uint32_t vpl011_room(const struct vpl011 *uart)
{
	return VPL011_FIFO_DEPTH - rx_count(uart);
}

void vpl011_receive(struct vpl011 *uart, char c)
{
	if (vpl011_room(uart) == 0)
		return;
	uart->rx[uart->rx_head++ % VPL011_FIFO_DEPTH] = (uint8_t)c;
	/* Nothing follows for a while, as far as the guest can tell: "timeout"
	 * comes at once, so that a FIFO below its trigger is read, too. */
	uart->RIS |= INT_RX | INT_RT;
	update_line(uart);
}

static uint32_t read_data(struct vpl011 *uart)
{
	uint32_t value;

	if (rx_count(uart) == 0)
		return 0;
	value = uart->rx[uart->rx_tail++ % VPL011_FIFO_DEPTH];
	if (rx_count(uart) == 0) {
		uart->RIS &= ~(INT_RX | INT_RT);
		update_line(uart);
	}
	/* Was it full? Then input may be waiting for just this. */
	if (rx_count(uart) == VPL011_FIFO_DEPTH - 1)
		console_take_input(uart->vm);
	return value;
}

static void write_data(struct vpl011 *uart, uint32_t value)
{
	console_put(uart->vm, (char)value);
	if (console_room(uart->vm) >= TX_TRIGGER)
		uart->RIS |= INT_TX;
	else
		uart->RIS &= ~INT_TX;
	update_line(uart);
}

void vpl011_sent(struct vpl011 *uart)
{
	if ((uart->RIS & INT_TX) || console_room(uart->vm) < TX_TRIGGER)
		return;
	uart->RIS |= INT_TX;
	update_line(uart);
}

void vpl011_poll(struct vm *vm, void *device)
{
	(void)vm;
	vpl011_sent(device);
}

static uint32_t read_flags(const struct vpl011 *uart)
{
	uint32_t room = console_room(uart->vm);
	uint32_t count = rx_count(uart);
	uint32_t flags = 0;

	if (room == 0)
		flags |= FR_TXFF;
	if (room == CONSOLE_RING_BYTES)
		flags |= FR_TXFE;
	if (count == 0)
		flags |= FR_RXFE;
	if (count == VPL011_FIFO_DEPTH)
		flags |= FR_RXFF;
	return flags;
}

static uint32_t read_register(struct vpl011 *uart, uint32_t offset)
{
	switch (offset) {
	case UARTDR:
		return read_data(uart);
	case UARTFR:
		return read_flags(uart);
	case UARTILPR:
		return uart->ILPR;
	case UARTIBRD:
		return uart->IBRD;
	case UARTFBRD:
		return uart->FBRD;
	case UARTLCR_H:
		return uart->LCRH;
	case UARTCR:
		return uart->CR;
	case UARTIFLS:
		return uart->IFLS;
	case UARTIMSC:
		return uart->IMSC;
	case UARTRIS:
		return uart->RIS;
	case UARTDMACR:
		return uart->DMACR;
	case UARTMIS:
		return uart->RIS & uart->IMSC;
	default:
		if (offset >= UARTPeriphID0)
			return identification[(offset - UARTPeriphID0) / 4];
		return 0;
	}
}

static void write_register(struct vpl011 *uart, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case UARTDR:
		write_data(uart, value);
		break;
	case UARTILPR:
		uart->ILPR = value & 0xff;
		break;
	case UARTIBRD:
		uart->IBRD = value & 0xffff;
		break;
	case UARTFBRD:
		uart->FBRD = value & 0x3f;
		break;
	case UARTLCR_H:
		uart->LCRH = value & 0xff;
		break;
	case UARTCR:
		uart->CR = value & 0xff87;
		break;
	case UARTIFLS:
		uart->IFLS = value & 0x3f;
		break;
	case UARTDMACR:
		uart->DMACR = value & 0x7;
		break;
	case UARTIMSC:
		uart->IMSC = value & IMSC_MASK;
		update_line(uart);
		break;
	case UARTICR:
		uart->RIS &= ~value;
		update_line(uart);
		break;
	default:
		break; /* read-only, or nothing there */
	}
}

/* Registers are words; a narrower access sees the lower part of one. */
enum exit_result vpl011_access(struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	uint32_t offset = mmio->offset & ~3u;

	(void)vcpu;
	if (mmio->offset != offset)
		mmio->value = 0;
	else if (mmio->is_write)
		write_register(device, offset, mmio->value);
	else
		mmio->value = read_register(device, offset);
	return EXIT_DONE;
}
