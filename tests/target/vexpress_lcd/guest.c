// SPDX-License-Identifier: BSD-2-Clause
/*
 * Does to its PL111 what the test types, a line each, and answers with one:
 *   w ADDRESS VALUE BYTES     writes          r ADDRESS BYTES     reads
 *   m ADDRESS A B C D         writes four words by one instruction
 *   p ADDRESS WORDS SEED      paints: a noise that the test knows, too
 *   f A B                     flips: writes A and B to LCDUPBASE until a key comes
 *   i COUNT                   waits for so many interrupts
 *   x                         restarts
 */
#include <stdio.h>
#include <stdlib.h>

#include "guests/lib/console.h"
#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"
#include "guests/lib/psci.h"

#define LCD       0x1c1f0000u
#define LCDUPBASE (LCD + 0x10)
#define LCDMIS    (LCD + 0x24)
#define LCDICR    (LCD + 0x28)
#define INTID     46u
#define ARGUMENTS 5u

static volatile uint32_t interrupts;

static void handle(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	if ((iar & GIC_IAR_INTID) != INTID)
		return;
	mmio_write32(LCDICR, mmio_read32(LCDMIS));
	interrupts++;
	gic_end(iar);
}

static void read_line(char *line, size_t bytes)
{
	size_t length = 0;

	for (char c = console_get(); c != '\n' && c != '\r'; c = console_get())
		if (length + 1 < bytes)
			line[length++] = c;
	line[length] = '\0';
}

static void do_write(const uint32_t *arguments)
{
	if (arguments[2] == 1)
		mmio_write8(arguments[0], (uint8_t)arguments[1]);
	else if (arguments[2] == 2)
		mmio_write16(arguments[0], (uint16_t)arguments[1]);
	else
		mmio_write32(arguments[0], arguments[1]);
}

static uint32_t do_read(const uint32_t *arguments)
{
	if (arguments[1] == 1)
		return mmio_read8(arguments[0]);
	return arguments[1] == 2 ? mmio_read16(arguments[0]) : mmio_read32(arguments[0]);
}

static void do_write_many(const uint32_t *arguments)
{
	register uint32_t a __asm__("r4") = arguments[1];
	register uint32_t b __asm__("r5") = arguments[2];
	register uint32_t c __asm__("r6") = arguments[3];
	register uint32_t d __asm__("r7") = arguments[4];

	__asm__ volatile("stmia %0, {%1, %2, %3, %4}" ::"r"(arguments[0]), "r"(a), "r"(b), "r"(c),
			 "r"(d)
			 : "memory");
}

static void paint(const uint32_t *arguments)
{
	volatile uint32_t *words = (volatile uint32_t *)arguments[0];

	for (uint32_t i = 0; i < arguments[1]; i++) {
		uint32_t noise = (i + arguments[2]) * 2654435761u;

		words[i] = noise ^ noise >> 15;
	}
}

static void flip(const uint32_t *arguments)
{
	for (uint32_t i = 0; !console_has_input(); i++)
		mmio_write32(LCDUPBASE, arguments[i % 2]);
	console_get();
}

static uint32_t wait_for_interrupts(uint32_t count)
{
	uint32_t start = interrupts;

	cpu_disable_interrupts();
	while (interrupts - start < count) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	cpu_enable_interrupts();
	return interrupts;
}

static uint32_t serve(const char *line)
{
	uint32_t arguments[ARGUMENTS] = { 0 };
	char *end = (char *)line + 1;

	for (uint32_t i = 0; i < ARGUMENTS; i++)
		arguments[i] = (uint32_t)strtoul(end, &end, 0);
	switch (line[0]) {
	case 'w':
		do_write(arguments);
		return 0;
	case 'r':
		return do_read(arguments);
	case 'm':
		do_write_many(arguments);
		return 0;
	case 'p':
		paint(arguments);
		return 0;
	case 'f':
		flip(arguments);
		return 0;
	case 'i':
		return wait_for_interrupts(arguments[0]);
	default:
		return (uint32_t)psci_call_hvc(PSCI_SYSTEM_RESET, 0, 0, 0);
	}
}

int main(void)
{
	char line[80];

	exception_set_handler(EXCEPTION_IRQ, handle);
	gic_enable();
	gic_enable_interrupt(INTID);
	cpu_enable_interrupts();
	puts("painter: ready");
	for (;;) {
		read_line(line, sizeof(line));
		printf("= %#lx\n", (unsigned long)serve(line));
	}
}
