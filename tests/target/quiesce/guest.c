// SPDX-License-Identifier: BSD-2-Clause
/*
 * Drives a source of random numbers that is passed through: a bus master, virtio by MMIO,
 * as version 1 (virtio 0.9.5, 2.3 and appendix X). What it does next is typed, a letter
 * each; so the test can have it stop in the midst of a transfer.
 */
#include <stdbool.h>
#include <stdio.h>

#include "guests/lib/console.h"
#include "guests/lib/cpu.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define DEVICE    0x0a003e00u
#define DEVICE_ID 4u
#define IRQ       79u
#define HOLE      0x0b000000u

/* Its registers. */
enum {
	DeviceID = 0x08,
	GuestPageSize = 0x28,
	QueueSel = 0x30,
	QueueNum = 0x38,
	QueueAlign = 0x3c,
	QueuePFN = 0x40,
	QueueNotify = 0x50,
	InterruptACK = 0x64,
	Status = 0x70
};

#define STATUS_READY 7u /* acknowledge, driver, driver ok */
#define PAGE         4096u
#define ENTRIES      8u
#define BYTES        16u
#define DESC_WRITE   2u

/* The ring, in memory that only main() and the device write: zero in a new life. */
struct ring {
	struct {
		uint64_t address;
		uint32_t bytes;
		uint16_t flags, next;
	} desc[ENTRIES];
	uint16_t avail_flags, avail_index, avail[ENTRIES];
	uint8_t align[PAGE - 16 * ENTRIES - 4 - 2 * ENTRIES];
	uint16_t used_flags, used_index;
	uint8_t rest[PAGE - 4];
};

#define RING   ((volatile struct ring *)0x40200000)
#define BUFFER ((volatile uint8_t *)0x40210000) /* the test looks there, too */

static void set(uint32_t offset, uint32_t value)
{
	mmio_write32(DEVICE + offset, value);
}

static void set_up(void)
{
	set(Status, 0);
	set(Status, STATUS_READY & 3);
	set(GuestPageSize, PAGE);
	set(QueueSel, 0);
	set(QueueNum, ENTRIES);
	set(QueueAlign, PAGE);
	set(QueuePFN, (uint32_t)RING / PAGE);
	set(Status, STATUS_READY);
}

static void ask(void)
{
	uint32_t i = RING->avail_index % ENTRIES;

	RING->desc[i].address = (uint32_t)BUFFER + i * BYTES;
	RING->desc[i].bytes = BYTES;
	RING->desc[i].flags = DESC_WRITE;
	RING->avail[i] = (uint16_t)i;
	cpu_data_barrier();
	RING->avail_index++;
	cpu_data_barrier();
	set(QueueNotify, 0);
}

static void wait_for_answer(void)
{
	while (RING->used_index != RING->avail_index)
		cpu_yield();
	printf("quiesce: answered\n");
}

/* Left active, and the device's line high. */
static void acknowledge(void)
{
	printf("quiesce: interrupt %lu is active\n", gic_acknowledge() & GIC_IAR_INTID);
}

/* What the device has left since this life began. */
static void look(void)
{
	uint32_t bytes = 0, interrupts = 0, iar;

	for (uint32_t i = 0; i < ENTRIES * BYTES; i++)
		bytes += BUFFER[i] != 0;
	while (((iar = gic_acknowledge()) & GIC_IAR_INTID) != GIC_INTID_SPURIOUS) {
		set(InterruptACK, 1);
		gic_end(iar);
		interrupts++;
	}
	printf("quiesce: %lu bytes, %u answers, %lu interrupts, status %lu\n", bytes,
	       RING->used_index, interrupts, mmio_read32(DEVICE + Status));
}

static void obey(char letter)
{
	if (letter == 's')
		set_up();
	if (letter == 'a')
		ask();
	if (letter == 'w')
		wait_for_answer();
	if (letter == 'k')
		acknowledge();
	if (letter == 'l')
		look();
	if (letter == 'r')
		psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	if (letter == 'o')
		psci_call_hvc(PSCI_SYSTEM_OFF, 0, 0, 0);
	if (letter == 'f')
		mmio_read32(HOLE);
}

int main(void)
{
	gic_enable();
	gic_set_targets(IRQ, 1);
	gic_enable_interrupt(IRQ);
	printf("quiesce: ready, device %lu\n", mmio_read32(DEVICE + DeviceID));
	for (;;)
		obey(console_get());
}
