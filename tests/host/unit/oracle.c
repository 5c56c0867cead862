// SPDX-License-Identifier: BSD-2-Clause
/*
 * See oracle.h.
 */
#include "tests/host/unit/oracle.h"

#include <string.h>

#define SGIS 16u

void oracle_reset(struct oracle *oracle)
{
	uint32_t vcpu_count = oracle->vcpu_count;

	memset(oracle, 0, sizeof(*oracle));
	oracle->vcpu_count = vcpu_count;
	for (uint32_t n = 0; n < SGIS; n++)
		oracle->irq[n].is_enabled = oracle->irq[n].is_edge = true;
}

bool oracle_may_pend(const struct oracle *oracle, uint32_t n)
{
	const struct oracle_irq *irq = &oracle->irq[n];

	return irq->is_latched || irq->is_posted || irq->sources || irq->is_linked_taken ||
	       (irq->is_high && !irq->is_edge);
}

bool oracle_must_pend(const struct oracle *oracle, uint32_t n)
{
	const struct oracle_irq *irq = &oracle->irq[n];

	return irq->is_latched || irq->sources || (irq->is_high && !irq->is_edge) ||
	       (irq->is_linked_taken && oracle_is_device_high(oracle, n));
}

bool oracle_is_forwarded(const struct oracle *oracle, uint32_t n)
{
	return oracle->irq[n].is_enabled && (oracle->CTLR & (oracle->irq[n].is_group1 ? 2u : 1u));
}

int oracle_best(const struct oracle *oracle)
{
	int best = -1;

	for (uint32_t n = 0; n < ORACLE_IRQS; n++) {
		if (oracle->irq[n].is_active || !oracle_is_forwarded(oracle, n) ||
		    !oracle_must_pend(oracle, n))
			continue;
		if (best < 0 || oracle->irq[n].priority < oracle->irq[best].priority)
			best = (int)n;
	}
	return best;
}

uint32_t oracle_count_active(const struct oracle *oracle)
{
	uint32_t count = 0;

	for (uint32_t n = 0; n < ORACLE_IRQS; n++)
		count += oracle->irq[n].is_active;
	return count;
}

void oracle_acknowledge(struct oracle *oracle, uint32_t iar)
{
	struct oracle_irq *irq = &oracle->irq[iar & 0x3ff];

	irq->is_active = true;
	irq->is_latched = false;
	irq->is_linked_taken = false;
	irq->sources &= (uint8_t) ~(1u << (iar >> 10 & 7));
}

void oracle_deactivate(struct oracle *oracle, uint32_t n)
{
	oracle->irq[n].is_active = false;
}

void oracle_set_line(struct oracle *oracle, uint32_t n, bool is_high)
{
	struct oracle_irq *irq = &oracle->irq[n];

	if (is_high && !irq->is_high && irq->is_edge)
		irq->is_latched = true;
	irq->is_high = is_high;
}

static void write_bit(struct oracle *oracle, uint32_t offset, uint32_t n)
{
	struct oracle_irq *irq = &oracle->irq[n];
	bool is_sgi = n < SGIS;

	switch (offset & 0xf80) {
	case 0x100:
		irq->is_enabled = true;
		break;
	case 0x180:
		irq->is_enabled = is_sgi; /* always enabled here (4.3.6 allows it) */
		break;
	case 0x200:
		irq->is_latched |= !is_sgi;
		break;
	case 0x280:
		irq->is_latched = false;
		irq->is_posted = false;
		irq->is_linked_taken = false;
		break;
	case 0x300:
		irq->is_active = true;
		break;
	case 0x380:
		irq->is_active = false;
		break;
	}
}

static void write_bits(struct oracle *oracle, uint32_t offset, uint32_t value)
{
	uint32_t first = offset % 0x80 * 8;

	for (uint32_t i = 0; i < 32 && first + i < ORACLE_IRQS; i++) {
		if ((offset & 0xf80) == 0x080)
			oracle->irq[first + i].is_group1 = value >> i & 1;
		else if (value >> i & 1)
			write_bit(oracle, offset, first + i);
	}
}

/* An SGI to ourselves: the only processor there is. */
static void write_sgir(struct oracle *oracle, uint32_t value)
{
	uint32_t filter = value >> 24 & 3;

	if (filter == 2 || (filter == 0 && (value >> 16 & 1)))
		oracle->irq[value & 0xf].sources |= 1;
}

static void write_byte(struct oracle *oracle, uint32_t offset, uint8_t value)
{
	uint8_t senders = (uint8_t)(value & ((1u << oracle->vcpu_count) - 1));

	if (offset >= 0x400 && offset < 0x400 + ORACLE_IRQS)
		oracle->irq[offset - 0x400].priority = value & 0xf8;
	else if (offset >= 0xf10 && offset < 0xf20)
		oracle->irq[offset - 0xf10].sources &= (uint8_t)~senders;
	else if (offset >= 0xf20 && offset < 0xf30)
		oracle->irq[offset - 0xf20].sources |= senders;
}

void oracle_write(struct oracle *oracle, uint32_t offset, uint32_t bytes, uint32_t value)
{
	bool is_by_byte =
		(offset >= 0x400 && offset < 0xc00) || (offset >= 0xf10 && offset < 0xf30);

	if (bytes != 4 && !(bytes == 1 && is_by_byte))
		return;
	if (is_by_byte) {
		for (uint32_t i = 0; i < bytes; i++)
			write_byte(oracle, offset + i, (uint8_t)(value >> 8 * i));
	} else if (offset == 0) {
		oracle->CTLR = value & 3;
	} else if (offset >= 0x080 && offset < 0x400) {
		write_bits(oracle, offset, value);
	} else if (offset >= 0xc08 && offset < 0xd00) {
		for (uint32_t i = 0, n = (offset - 0xc00) * 4; i < 16 && n < ORACLE_IRQS; i++, n++)
			oracle->irq[n].is_edge = value >> (2 * i + 1) & 1;
	} else if (offset == 0xf00) {
		write_sgir(oracle, value);
	}
}

/* One bit of the registers of a bit per interrupt: 0, 1, or may be (2). */
static uint32_t read_bit(const struct oracle *oracle, uint32_t offset, uint32_t n)
{
	const struct oracle_irq *irq = &oracle->irq[n];

	switch (offset & 0xf80) {
	case 0x080:
		return irq->is_group1;
	case 0x100:
	case 0x180:
		return irq->is_enabled;
	case 0x200:
	case 0x280:
		return oracle_must_pend(oracle, n) ? 1 : oracle_may_pend(oracle, n) ? 2 : 0;
	default:
		return irq->is_active;
	}
}

static uint32_t read_byte(const struct oracle *oracle, uint32_t offset)
{
	if (offset >= 0x400 && offset < 0x400 + ORACLE_IRQS)
		return oracle->irq[offset - 0x400].priority;
	if (offset >= 0xf10 && offset < 0xf30)
		return oracle->irq[(offset - 0xf10) % 16].sources;
	return 0; /* ITARGETSR of a uniprocessor (4.3.12), and what doesn't exist */
}

void oracle_read(const struct oracle *oracle, uint32_t offset, uint32_t *must, uint32_t *may)
{
	*must = *may = 0;
	if (offset >= 0x080 && offset < 0x400) {
		uint32_t first = offset % 0x80 * 8;

		for (uint32_t i = 0; i < 32 && first + i < ORACLE_IRQS; i++) {
			uint32_t b = read_bit(oracle, offset, first + i);

			*must |= (uint32_t)(b == 1) << i;
			*may |= (uint32_t)(b != 0) << i;
		}
		return;
	}
	if (offset == 0) {
		*must = oracle->CTLR;
	} else if (offset == 4) {
		*must = (ORACLE_IRQS / 32 - 1) | (oracle->vcpu_count - 1) << 5;
	} else if (offset >= 0xc00 && offset < 0xd00) {
		for (uint32_t i = 0, n = (offset - 0xc00) * 4; i < 16 && n < ORACLE_IRQS; i++, n++)
			*must |= oracle->irq[n].is_edge ? 2u << 2 * i : 0;
	} else {
		for (uint32_t i = 0; i < 4; i++)
			*must |= read_byte(oracle, offset + i) << 8 * i;
	}
	*may = *must;
}
