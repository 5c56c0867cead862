// SPDX-License-Identifier: BSD-2-Clause
/*
 * generated/board.h: the board and the sizes of the system as constants for C,
 * assembler and linker script. Called by emit.c.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/shared.h"

#include <inttypes.h>
#include <string.h>

static void emit_hex(struct text *text, const char *name, uint64_t value)
{
	text_printf(text, "#define %-27s 0x%08" PRIx64 "\n", name, value);
}

static void emit_number(struct text *text, const char *name, uint64_t value)
{
	text_printf(text, "#define %-27s %" PRIu64 "\n", name, value);
}

/* The RAM that the hypervisor runs in. */
static struct range emit_find_ram(const struct model *model)
{
	const struct board *board = &model->board;
	unsigned i = 0;

	while (i + 1 < board->ram_count && !range_contains(board->ram[i], model->hyp))
		i++;
	return board->ram[i];
}

/* No board has anything in the last page: what would use what is missing compiles, as it
 * would not with zero, and is not linked. */
static void emit_board_shared(struct text *text, const struct board *board, enum shared shared)
{
	const struct board_device *device = board->shared[shared];
	const char *macro = shared_kinds[shared].macro;

	emit_hex(text, macro, device == NULL ? 0xfffff000 : device->regions[0].start);
	emit_number(text, arena_printf("%s_IRQ", macro), device == NULL ? 0 : device->intids[0]);
}

/* Zero if the board has others: then nothing stands behind an emulated one. */
static void emit_board_sysreg(struct text *text, const struct board_device *control)
{
	bool is_sysreg = control != NULL &&
			 tree_strings_contain(control->node, "compatible", "arm,vexpress-sysreg");

	emit_hex(text, "BOARD_SYSREG", is_sysreg ? control->regions[0].start : 0);
}

static void emit_board_devices(struct text *text, const struct board *board)
{
	emit_number(text, "BOARD_COUNTER_HZ", board->counter_hz);
	emit_hex(text, "BOARD_GICD", board->gicd.start);
	emit_hex(text, "BOARD_GICC", board->gicc.start);
	emit_hex(text, "BOARD_GICH", board->gich.start);
	emit_hex(text, "BOARD_GICV", board->gicv.start);
	emit_number(text, "BOARD_GIC_EOI_IS_DEAF", board->eoi_is_deaf);
	emit_number(text, "BOARD_IRQ_COUNT", board->irq_count);
	emit_number(text, "BOARD_IRQ_MAINTENANCE", board->intid_maintenance);
	emit_number(text, "BOARD_IRQ_HYP_TIMER", board->intid_timer[TIMER_HYP]);
	emit_number(text, "BOARD_IRQ_VIRTUAL_TIMER", board->intid_timer[TIMER_VIRTUAL]);
	emit_hex(text, "BOARD_UART", board->console->regions[0].start);
	emit_number(text, "BOARD_UART_IRQ", board->console->intids[0]);
	emit_number(text, "BOARD_UART_CLOCK_HZ", board->console->clock_hz);
	emit_board_sysreg(text, board->control);
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		emit_board_shared(text, board, i);
}

/* Is there an interrupt that is passed through, but can't be linked to the hardware? */
static bool emit_hears_ends(const struct model *model)
{
	for (uint32_t intid = 0; intid < model->board.irq_count; intid++)
		if (model->routes[intid].hears_end)
			return true;
	return false;
}

static bool emit_has_pmu(const struct model *model)
{
	for (unsigned i = 0; i < model->vm_count; i++)
		if (model->vms[i].has_pmu)
			return true;
	return false;
}

/* Is there a VM whose faults are not just its own guest's to deal with? */
static bool emit_has_policy(const struct model *model)
{
	for (unsigned i = 0; i < model->vm_count; i++)
		if (strcmp(model->vms[i].on_fault, "inject") != 0)
			return true;
	return false;
}

struct text emit_board(const struct model *model)
{
	struct text text = { 0 };
	struct range ram = emit_find_ram(model);

	text_printf(&text, "// SPDX-License-Identifier: BSD-2-Clause\n"
			   "/* Made by mksystem from the manifest: don't edit. */\n"
			   "#ifndef BULKHEAD_GENERATED_BOARD_H\n"
			   "#define BULKHEAD_GENERATED_BOARD_H\n\n");
	text_printf(&text, "#define %-27s \"%s\"\n", "BOARD_NAME", model->board.name);
	emit_hex(&text, "BOARD_LOAD", model->board.load);
	emit_hex(&text, "BOARD_RAM_BASE", ram.start);
	emit_hex(&text, "BOARD_RAM_BYTES", ram.bytes);
	emit_hex(&text, "BOARD_RAM_USED_END", model->used_end);
	emit_board_devices(&text, &model->board);
	text_printf(&text, "\n");
	emit_hex(&text, "HYP_BASE", model->hyp.start);
	emit_hex(&text, "HYP_BYTES", model->hyp.bytes);
	emit_hex(&text, "HYP_IMAGES", model->images.start);
	emit_hex(&text, "HYP_IMAGES_BYTES", model->images.bytes);
	text_printf(&text, "\n");
	emit_number(&text, "CONFIG_VM_COUNT", model->vm_count);
	emit_number(&text, "CONFIG_VCPU_COUNT", model->vcpu_count);
	emit_number(&text, "CONFIG_CORE_COUNT", model->core_count);
	emit_number(&text, "CONFIG_TRACE_EVENTS", model->trace_events);
	emit_number(&text, "CONFIG_HAS_PLAN", model->plan_count > 0);
	emit_number(&text, "CONFIG_HEARS_ENDS", emit_hears_ends(model));
	emit_number(&text, "CONFIG_MENU", model->has_menu);
	emit_number(&text, "CONFIG_PMU", emit_has_pmu(model));
	emit_number(&text, "CONFIG_FAULT_REPORT", emit_has_policy(model));
	/* Its VMID; 0: the hypervisor has the console itself. */
	emit_number(&text, "CONFIG_CONSOLE_SERVER",
		    model->console_server == NULL ? 0 : model->console_server->index + 1);
	text_printf(&text, "\n#endif\n");
	return text;
}
