// SPDX-License-Identifier: BSD-2-Clause
/*
 * The board's audio interface (PL041, DDI 0173) with its AC'97 codec, passed through: by
 * the interrupt of a FIFO that is half empty, half a second of a tone on the left and of
 * noise on the right, at 48 kHz. The test knows every sample.
 */
#include <stdio.h>

#include "guests/lib/cpu.h"
#include "guests/lib/exception.h"
#include "guests/lib/gic.h"
#include "guests/lib/platform.h"

#define INTID  43u
#define AACI   0x1c040000u
#define TXCR   (AACI + 0x04)
#define SR     (AACI + 0x08)
#define IE     (AACI + 0x10)
#define SL1TX  (AACI + 0x54)
#define SL2TX  (AACI + 0x5c)
#define SLFR   (AACI + 0x68)
#define MAINCR (AACI + 0x78)
#define DR1    (AACI + 0x90)

#define TXCR_ENABLE   0x00001u
#define TXCR_SLOTS_34 0x00018u /* left and right */
#define TXCR_COMPACT  0x08000u /* both samples in a word, left in the lower half */
#define TXCR_FIFO     0x10000u
#define SR_HALF_EMPTY 0x008u
#define IE_TX         0x004u
#define MAINCR_ENABLE 0x051u /* interface, slots 1 and 2 out: the codec's registers */
#define SLFR_BUSY     0x0c0u /* either slot */

/* The codec's (AC'97 2.3, 5.7): not muted, no attenuation. */
#define MASTER_VOLUME 0x02u
#define PCM_VOLUME    0x18u
#define PCM_0_DB      0x0808u

#define BURST  120u /* frames: less than half of the FIFO */
#define FRAMES 24000u
#define TAIL   4096u /* of silence, for what stays in buffers at the end */
#define PERIOD 96u   /* frames of the tone: 500 Hz */

static volatile uint32_t sent, interrupts, strange;
static uint32_t noise = 1;

static void write_codec(uint32_t number, uint32_t value)
{
	mmio_write32(SL2TX, value << 4);
	mmio_write32(SL1TX, number << 12);
	while (mmio_read32(SLFR) & SLFR_BUSY)
		;
}

/* A triangle, to the full scale nearly. */
static int32_t tone(uint32_t frame)
{
	int32_t phase = (int32_t)(frame % PERIOD);
	int32_t half = (int32_t)PERIOD / 2;

	return (phase < half ? phase : 2 * half - phase) * 1300 - half * 650;
}

static uint32_t next_frame(void)
{
	uint32_t frame = sent++;

	if (frame >= FRAMES)
		return 0;
	noise = noise * 1664525u + 1013904223u;
	return ((uint32_t)tone(frame) & 0xffff) | (noise & 0xffff0000);
}

static void hear(struct exception_frame *frame)
{
	uint32_t iar = gic_acknowledge();

	(void)frame;
	interrupts++;
	if (iar != INTID || !(mmio_read32(SR) & SR_HALF_EMPTY))
		strange++;
	if ((iar & GIC_IAR_INTID) == GIC_INTID_SPURIOUS)
		return;
	while (mmio_read32(SR) & SR_HALF_EMPTY && sent < FRAMES + TAIL)
		for (uint32_t i = 0; i < BURST; i++)
			mmio_write32(DR1, next_frame());
	if (sent >= FRAMES + TAIL)
		mmio_write32(IE, 0);
	gic_end(iar);
}

int main(void)
{
	mmio_write32(MAINCR, MAINCR_ENABLE);
	write_codec(MASTER_VOLUME, 0);
	write_codec(PCM_VOLUME, PCM_0_DB);
	mmio_write32(TXCR, TXCR_FIFO | TXCR_COMPACT | TXCR_SLOTS_34 | TXCR_ENABLE);
	exception_set_handler(EXCEPTION_IRQ, hear);
	gic_enable();
	gic_enable_interrupt(INTID);
	mmio_write32(IE, IE_TX);
	while (sent < FRAMES + TAIL) {
		cpu_wait_for_interrupt();
		cpu_enable_interrupts();
		cpu_instruction_barrier();
		cpu_disable_interrupts();
	}
	printf("audio: %lu frames, %lu strange interrupts of %lu\n", sent, strange, interrupts);
	return 0;
}
