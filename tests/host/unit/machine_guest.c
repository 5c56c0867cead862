// SPDX-License-Identifier: BSD-2-Clause
/*
 * See machine.h: the part that is done by the guest that is loaded.
 */
#include "tests/host/unit/gic_model.h"
#include "tests/host/unit/machine.h"
#include "tests/host/unit/unit.h"
#include "kernel/mmio.h"
#include "vgic/vgic.h"

static uint32_t access(uint32_t offset, uint32_t bytes, bool is_write, uint32_t value)
{
	struct mmio mmio = {
		.offset = offset,
		.bytes = (uint8_t)bytes,
		.is_write = is_write,
		.value = value,
	};
	struct vcpu *vcpu = machine_loaded()->vcpu;
	enum exit_result result;

	if (bytes != 4)
		result = vgicd_access(vcpu, NULL, &mmio);
	else if (is_write)
		result = vgicd_write(vcpu, NULL, offset, value);
	else
		result = vgicd_read(vcpu, NULL, offset, &mmio.value);
	unit_check(result == EXIT_DONE, "access to 0x%x answers %d", offset, (int)result);
	return mmio.value;
}

void machine_write(uint32_t offset, uint32_t bytes, uint32_t value)
{
	unit_log("write%u 0x%03x = 0x%x", bytes, offset, value);
	access(offset, bytes, true, value);
	oracle_write(&machine_loaded()->oracle, offset, bytes, value);
}

uint32_t machine_read(uint32_t offset, uint32_t bytes)
{
	return access(offset, bytes, false, 0xdeadbeef);
}

static void compare_range(uint32_t first, uint32_t end)
{
	for (uint32_t offset = first; offset < end; offset += 4) {
		uint32_t value = machine_read(offset, 4);
		uint32_t must, may;

		oracle_read(&machine_loaded()->oracle, offset, &must, &may);
		unit_check((value & must) == must && (value & ~may) == 0,
			   "0x%03x reads 0x%x, not 0x%x (to 0x%x)", offset, value, must, may);
	}
}

void machine_compare(void)
{
	static const struct {
		uint32_t first, end;
	} ranges[] = {
		{ 0x000, 0x008 }, { 0x080, 0x08c }, { 0x100, 0x10c }, { 0x180, 0x18c },
		{ 0x200, 0x20c }, { 0x280, 0x28c }, { 0x300, 0x30c }, { 0x380, 0x38c },
		{ 0x400, 0x444 }, { 0x800, 0x844 }, { 0xc00, 0xc14 }, { 0xf10, 0xf30 },
	};

	unit_log("compare");
	machine_learn(machine_loaded());
	for (uint32_t i = 0; i < ARRAY_SIZE(ranges); i++)
		compare_range(ranges[i].first, ranges[i].end);
}

static void check_acknowledged(const struct guest *guest, uint32_t iar)
{
	uint32_t n = iar & 0x3ff;
	const struct oracle_irq *irq = &guest->oracle.irq[n];
	int best = oracle_best(&guest->oracle);

	unit_check(oracle_may_pend(&guest->oracle, n), "%u delivered, but not pending", n);
	unit_check(oracle_is_forwarded(&guest->oracle, n), "%u delivered, but not enabled", n);
	unit_check(!irq->is_active, "%u delivered, but still active", n);
	if (n < GIC_SGI_COUNT)
		unit_check(irq->sources >> (iar >> 10 & 7) & 1, "SGI 0x%x delivered; senders: 0x%x",
			   iar, irq->sources);
	unit_check(best < 0 || irq->priority <= guest->oracle.irq[best].priority,
		   "%u of priority 0x%x delivered before %d of 0x%x", n, irq->priority, best,
		   best < 0 ? 0 : guest->oracle.irq[best].priority);
}

bool machine_acknowledge(void)
{
	struct guest *guest = machine_loaded();
	uint32_t iar = gicv_acknowledge();

	if (iar == GICV_SPURIOUS)
		return false;
	unit_log("acknowledge 0x%x", iar);
	machine_learn(guest);
	check_acknowledged(guest, iar);
	oracle_acknowledge(&guest->oracle, iar);
	guest->open[guest->open_count++] = iar;
	return true;
}

bool machine_end(void)
{
	struct guest *guest = machine_loaded();
	uint32_t iar;

	if (!guest->open_count)
		return false;
	iar = guest->open[--guest->open_count];
	unit_log("end 0x%x", iar);
	gicv_end(iar);
	if (guest->is_split)
		guest->dropped[guest->dropped_count++] = iar;
	else
		oracle_deactivate(&guest->oracle, iar & 0x3ff);
	return true;
}

bool machine_deactivate(uint32_t which)
{
	struct guest *guest = machine_loaded();
	struct mmio mmio = { .bytes = 4, .is_write = true };
	uint32_t iar;

	if (which >= guest->dropped_count)
		return false;
	mmio.value = iar = guest->dropped[which];
	guest->dropped[which] = guest->dropped[--guest->dropped_count];
	unit_log("deactivate 0x%x", iar);
	vgicc_access(guest->vcpu, NULL, &mmio);
	oracle_deactivate(&guest->oracle, iar & 0x3ff);
	return true;
}
