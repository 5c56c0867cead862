// SPDX-License-Identifier: BSD-2-Clause
/*
 * system.c: the const tables of config/system.h and the objects that they
 * describe. Called by emit.c.
 */
#include "tools/mksystem/emit.h"
#include "tools/mksystem/arena.h"
#include "tools/mksystem/buffer.h"
#include "tools/mksystem/channel.h"
#include "tools/mksystem/console.h"
#include "tools/mksystem/plan.h"
#include "tools/mksystem/platform.h"
#include "tools/mksystem/quiesce.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* "restart" -> "RESTART": the enumerators are named after the manifest's words. */
static const char *emit_upper(const char *word)
{
	char *upper = arena_printf("%s", word);

	for (char *at = upper; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	return upper;
}

static bool emit_uses_type(const struct model *model, const char *type)
{
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct platform *platform = &model->vms[i].platform;

		for (unsigned j = 0; j < platform->vdev_count; j++) {
			if (strcmp(platform->vdevs[j].kind->type, type) == 0)
				return true;
		}
	}
	return false;
}

static bool emit_uses_quiesce(const struct model *model)
{
	for (unsigned i = 0; i < model->vm_count; i++)
		if (quiesce_is_needed(&model->vms[i]))
			return true;
	return false;
}

static void emit_includes(struct text *text, const struct model *model)
{
	static const char *const headers[] = {
		"config/system.h", "kernel/core.h",    "kernel/vcpu.h",    "kernel/vm.h",
		"kernel/irq.h",    "kernel/mmio.h",    "kernel/console.h", "kernel/timeout.h",
		"kernel/panic.h",  "kernel/request.h", "kernel/trace.h",   "vgic/vgic.h",
		"vtimer/vtimer.h",
	};
	static const char *const types[] = { "vpl011", "vpl031", "vpl111", "vsp810", "vsysreg" };

	for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
		text_printf(text, "#include \"%s\"\n", headers[i]);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (emit_uses_type(model, types[i]))
			text_printf(text, "#include \"kernel/vdev/%s.h\"\n", types[i]);
	}
	if (model->console_server != NULL)
		text_printf(text, "#include \"kernel/console_client.h\"\n");
	if (emit_uses_quiesce(model))
		text_printf(text, "#include \"kernel/quiesce.h\"\n");
	if (emit_uses_type(model, "vsp804"))
		text_printf(text, "#include \"vtimer/vsp804.h\"\n");
	if (emit_uses_type(model, "ivc"))
		text_printf(text, "#include \"ivc/ivc.h\"\n");
	if (model->buffer_count > 0)
		text_printf(text, "#include \"ivc/buffer.h\"\n");
}

static void emit_objects(struct text *text, const struct model *model)
{
	text_printf(text, "\nstruct core cores[%u];\n", model->core_count);
	if (model->trace_events)
		text_printf(text, "struct trace_ring trace_rings[%u];\n", model->core_count);
	text_printf(text, "\nconst uint32_t config_vm_count = %u;\n", model->vm_count);
	text_printf(text, "const uint32_t config_vcpu_count = %u;\n", model->vcpu_count);
	text_printf(text, "const uint32_t config_slice_ms = %" PRIu32 ";\n", model->slice_ms);
}

static void emit_windows(struct text *text, const struct plan *plan, unsigned core)
{
	text_printf(text, "\nstatic const struct plan_window core%u_windows[] = {\n", core);
	for (unsigned i = 0; i < plan->window_count; i++)
		text_printf(text,
			    "\t[%u] = { .end_ticks = %" PRIu32 ", .vms = 0x%" PRIx32
			    " }, /* %s */\n",
			    i, plan->windows[i].end_ticks, plan->windows[i].vms,
			    plan->windows[i].node.name);
	text_printf(text, "};\n");
}

static void emit_cores(struct text *text, const struct model *model)
{
	struct text cores = { 0 };

	for (unsigned i = 0; i < model->core_count; i++) {
		const struct plan *plan = plan_find(model, model->cores[i]);

		text_printf(&cores, "\t[%u] = { .mpidr = 0x%06" PRIx32, i,
			    model->board.mpidr[model->cores[i]]);
		if (plan != NULL) {
			emit_windows(text, plan, i);
			text_printf(&cores, ", .window_count = %u, .windows = core%u_windows",
				    plan->window_count, i);
		}
		text_printf(&cores, " },\n");
	}
	text_printf(text, "\nconst struct core_config config_cores[] = {\n%s};\n", cores.bytes);
}

static void emit_region(struct text *text, unsigned index, const char *access, const char *words,
			const char *device)
{
	text_printf(text, "\t[%u] = { .access = %s, .device = %s,\n", index, access, device);
	text_printf(text, "\t\t.read = %s_read, .write = %s_write },\n", words, words);
}

/* A row for each that something is to be done with when the VM starts or stops. */
static unsigned emit_count_devices(const struct vm_model *vm)
{
	unsigned count = vm->is_console_client + quiesce_is_needed(vm);

	for (unsigned i = 0; i < vm->platform.vdev_count; i++)
		count += !vm->platform.vdevs[i].kind->is_constant;
	return count;
}

static void emit_vm_vdevs(struct text *text, const struct model *model, const struct vm_model *vm)
{
	const struct platform *platform = &vm->platform;
	unsigned banks = platform->irq_count / 32 - 1;

	if (banks > 0)
		text_printf(text, "static struct vgic_bank vm%u_spis[%u];\n", vm->index, banks);
	channel_emit_tables(text, vm);
	console_emit_end(text, model, vm);
	quiesce_emit_table(text, vm);
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];

		if (vdev->kind->is_constant)
			continue;
		text_printf(text, "static struct %s vm%u_%s = { .vm = &vms[%u]", vdev->kind->type,
			    vm->index, vdev->kind->object, vm->index);
		if (!vdev->kind->is_silent)
			text_printf(text, ", .intid = %" PRIu32, vdev->intid);
		if (vdev->kind->has_clock)
			text_printf(text, ", .clock_hz = %" PRIu32,
				    vdev->clock_hz ? vdev->clock_hz : platform->clock_hz);
		text_printf(text, "%s };\n", channel_members(vm, vdev));
	}

	text_printf(text, "\nstatic const struct mmio_region vm%u_regions[] = {\n", vm->index);
	emit_region(text, REGION_HOLE, "mmio_hole", "mmio", "NULL");
	emit_region(text, REGION_GICD, "vgicd_access", "vgicd", "NULL");
	emit_region(text, REGION_GICC_DIR, "vgicc_access", "mmio", "NULL");
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];
		bool has_words = vdev->kind->has_words;

		emit_region(text, platform_region_index(platform, vdev),
			    has_words ? "NULL" : arena_printf("%s_access", vdev->kind->type),
			    has_words ? vdev->kind->type : "mmio",
			    vdev->kind->is_constant
				    ? "NULL"
				    : arena_printf("&vm%u_%s", vm->index, vdev->kind->object));
	}
	text_printf(text, "};\n");
	if (emit_count_devices(vm) == 0)
		return;

	text_printf(text, "\nstatic const struct vm_device vm%u_devices[] = {\n", vm->index);
	quiesce_emit_row(text, vm);
	if (vm->is_console_client) /* before the UART that it feeds */
		text_printf(text,
			    "\t{ .reset = console_client_reset, .poll = console_client_poll, "
			    ".device = &vm%u_console_ivc },\n",
			    vm->index);
	for (unsigned i = 0; i < platform->vdev_count; i++) {
		const struct vdev *vdev = &platform->vdevs[i];

		if (vdev->kind->is_constant)
			continue;
		text_printf(text, "\t{ .reset = %s_reset, .poll = %s%s, .device = &vm%u_%s },\n",
			    vdev->kind->type, vdev->kind->is_polled ? vdev->kind->type : "NULL",
			    vdev->kind->is_polled ? "_poll" : "", vm->index, vdev->kind->object);
	}
	text_printf(text, "};\n");
}

/* Where it is to lie: image_claim() has found all of it in one piece of RAM. */
static uint64_t emit_image_pa(const struct vm_model *vm, const struct image *image)
{
	const struct ram *ram = vm->ram;

	while (image->ipa < ram->ipa.start || image->ipa >= range_end(ram->ipa))
		ram++;
	return ram->pa + image->ipa - ram->ipa.start;
}

static void emit_vm_memory(struct text *text, const struct vm_model *vm)
{
	text_printf(text, "\nstatic const struct vm_ram vm%u_ram[] = {\n", vm->index);
	for (unsigned i = 0; i < vm->ram_count; i++)
		text_printf(text,
			    "\t[%u] = { .ipa = { .raw = 0x%08" PRIx64
			    " }, .pa = { .raw = 0x%08" PRIx64 " }, .bytes = 0x%08" PRIx64 " },\n",
			    i, vm->ram[i].ipa.start, vm->ram[i].pa, vm->ram[i].ipa.bytes);
	text_printf(text, "};\n\n");

	for (unsigned i = 0; i < vm->image_count; i++)
		text_printf(text, "extern const uint8_t vm%u_image%u[];\n", vm->index, i);
	text_printf(text, "\nstatic const struct vm_fill vm%u_fills[] = {\n", vm->index);
	for (unsigned i = 0; i < vm->ram_count; i++)
		text_printf(text,
			    "\t{ .pa = { .raw = 0x%08" PRIx64 " }, .bytes = 0x%08" PRIx64 " },\n",
			    vm->ram[i].pa, vm->ram[i].ipa.bytes);
	for (unsigned i = 0; i < vm->image_count; i++) {
		const struct image *image = &vm->images[i];

		text_printf(text,
			    "\t{ .pa = { .raw = 0x%08" PRIx64 " }, .bytes = %" PRIu64
			    ", .image = vm%u_image%u }, /* %s */\n",
			    emit_image_pa(vm, image), image->length, vm->index, i, image->what);
	}
	text_printf(text, "};\n");
}

static void emit_vm(struct text *text, const struct model *model, const struct vm_model *vm)
{
	text_printf(text, "\n/* %s */\n\n", vm->node.path);
	emit_vm_vdevs(text, model, vm);
	emit_vm_memory(text, vm);
	text_printf(text, "\nextern const uint64_t vm%u_stage2[];\n", vm->index);
}

static void emit_vm_config(struct text *text, const struct vm_model *vm)
{
	static const unsigned colours[] = { 32, 36, 33, 35 }; /* of text: ECMA-48, 8.3.117 */
	unsigned i = vm->index;

	text_printf(text, "\t[%u] = {\n\t\t.name = \"%s\",\n\t\t.stage2 = vm%u_stage2,\n", i,
		    vm->name, i);
	text_printf(text, "\t\t.heads = { \"%s| \", \"\\033[%um%s| \\033[m\" },\n", vm->name,
		    colours[i % (sizeof(colours) / sizeof(colours[0]))], vm->name);
	text_printf(text, "\t\t.regions = vm%u_regions,\n\t\t.ram = vm%u_ram,\n", i, i);
	text_printf(text, "\t\t.fills = vm%u_fills,\n", i);
	if (emit_count_devices(vm) > 0)
		text_printf(text, "\t\t.devices = vm%u_devices,\n", i);
	text_printf(text, "\t\t.ram_count = %u,\n\t\t.fill_count = %u,\n", vm->ram_count,
		    vm->ram_count + vm->image_count);
	text_printf(text, "\t\t.device_count = %u,\n\t\t.vcpu_count = %u,\n",
		    emit_count_devices(vm), vm->vcpu_count);
	text_printf(text, "\t\t.vcpus = &vcpus[%u],\n", vm->first_vcpu);
	text_printf(text, "\t\t.boot_pc = 0x%08" PRIx32 ",\n", vm->boot_pc);
	text_printf(text, "\t\t.boot_r = { 0x0, 0xffffffff, 0x%08" PRIx64 " },\n", vm->tree_ipa);
	text_printf(text, "\t\t.vmid = %u,\n", i + 1);
	text_printf(text, "\t\t.time = VM_TIME_%s,\n\t\t.on_fault = VM_ON_FAULT_%s,\n",
		    /* Several vCPUs have one time, and cores of their own: it never stops. */
		    vm->vcpu_count > 1 ? "REAL" : emit_upper(vm->time), emit_upper(vm->on_fault));
	text_printf(text, "\t\t.has_pmu = %s,\n", vm->has_pmu ? "true" : "false");
	for (unsigned j = 0; j < vm->platform.vdev_count; j++) {
		const struct vdev_kind *kind = vm->platform.vdevs[j].kind;

		if (kind->member != NULL)
			text_printf(text, "\t\t.%s = &vm%u_%s,\n", kind->member, i, kind->object);
	}
	text_printf(text, "\t},\n");
}

static void emit_vms(struct text *text, const struct model *model)
{
	text_printf(text, "\nstruct vm vms[] = {\n");
	for (unsigned i = 0; i < model->vm_count; i++)
		text_printf(text, "\t[%u] = { .config = &config_vms[%u] },\n", i, i);
	text_printf(text, "};\n");
}

/* Where a vCPU stands on its core: by priority, then by the VMs' order. */
struct emit_rank {
	uint32_t before; /* vCPUs that stand before it */
	uint32_t equals; /* of its priority: a bit each, that of the core's first is the highest */
};

static struct emit_rank emit_rank_vcpu(const struct model *model, const struct vm_model *vm,
				       unsigned index)
{
	struct emit_rank rank = { 0, 0 };
	uint32_t equals_before = 0;

	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *other = &model->vms[i];

		for (unsigned j = 0; j < other->vcpu_count; j++) {
			bool is_equal = other->priorities[j] == vm->priorities[index];

			if (other->cores[j] != vm->cores[index])
				continue;
			rank.before += other->priorities[j] > vm->priorities[index];
			if (is_equal)
				rank.equals = rank.equals >> 1 | 0x80000000;
			equals_before += is_equal && other->index < vm->index;
		}
	}
	rank.equals >>= rank.before;
	rank.before += equals_before;
	return rank;
}

static void emit_vcpu(struct text *text, const struct model *model, const struct vm_model *vm,
		      unsigned index)
{
	struct emit_rank rank = emit_rank_vcpu(model, vm, index);
	unsigned core = model_core_index(model, vm->cores[index]);
	unsigned i = vm->index;

	text_printf(text, "\t[%u] = { .vm = &vms[%u], .stage2 = vm%u_stage2, ",
		    vm->first_vcpu + index, i, i);
	text_printf(text, ".regions = vm%u_regions, .vm_bit = 0x%x, .vttbr_high = %u << 16,\n", i,
		    1u << i, i + 1);
	if (vm->platform.irq_count > 32)
		text_printf(text, "\t\t.spi_banks = vm%u_spis,\n", i);
	text_printf(text, "\t\t.bank_count = %" PRIu32 ", .TYPER = 0x%" PRIx32 ",\n",
		    vm->platform.irq_count / 32,
		    (vm->vcpu_count - 1) << 5 | (vm->platform.irq_count / 32 - 1));
	text_printf(text, "\t\t.stack = cores[%u].stack + CORE_STACK_BYTES, ", core);
	text_printf(text, ".core = &cores[%u], .index = %u, .priority = %" PRIu32 ",\n", core,
		    index, vm->priorities[index]);
	text_printf(text, "\t\t.bit = 0x%08" PRIx32 ", .equals = 0x%08" PRIx32 " },\n",
		    0x80000000 >> rank.before, rank.equals);
}

static void emit_vcpus(struct text *text, const struct model *model)
{
	text_printf(text, "\nstruct vcpu vcpus[] = {\n");
	for (unsigned i = 0; i < model->vm_count; i++) {
		const struct vm_model *vm = &model->vms[i];

		for (unsigned j = 0; j < vm->vcpu_count; j++)
			emit_vcpu(text, model, vm, j);
	}
	text_printf(text, "};\n");
}

static void emit_routes(struct text *text, const struct model *model)
{
	text_printf(text, "\nconst struct irq_route irq_routes[] = {\n");
	for (uint32_t intid = 0; intid < model->board.irq_count; intid++) {
		const struct route *route = &model->routes[intid];
		const char *handler = route->handler == NULL ? "irq_unexpected" : route->handler;

		text_printf(text, "\t[%" PRIu32 "] = { .handle = %s", intid, handler);
		if (route->vm != NULL)
			text_printf(text, ", .vcpu = &vcpus[%u]", route->vm->first_vcpu);
		text_printf(text, "%s%s },\n", route->is_linked ? ", .is_linked = true" : "",
			    route->hears_end ? ", .hears_end = true" : "");
	}
	text_printf(text, "};\n");
}

/* What emulated devices need at boot, and for calls. */
static void emit_hooks(struct text *text, const struct model *model)
{
	text_printf(text, "\nvoid (*const config_inits[])(void) = {\n");
	for (enum shared i = SHARED_NONE + 1; i < SHARED_COUNT; i++)
		if (model->users[i] != NULL)
			text_printf(text, "\t%s_init,\n", model->users[i]->kind->type);
	if (model->buffer_count > 0)
		text_printf(text, "\tbuffer_scrub_all,\n");
	text_printf(text, "\tNULL,\n};\n");
	text_printf(text, "\nuint32_t (*const config_call)(struct vcpu *vcpu) = %s;\n",
		    emit_uses_type(model, "ivc") ? "ivc_hypercall" : "NULL");
	text_printf(text, "\nbool (*const config_show)(const struct vm_config *config) = %s;\n",
		    emit_uses_type(model, "vpl111") ? "vpl111_show" : "NULL");
	buffer_emit_table(text, model);
	console_emit_tables(text, model);
}

struct text emit_tables(const struct model *model)
{
	struct text text = { 0 };

	text_printf(&text, "// SPDX-License-Identifier: BSD-2-Clause\n"
			   "/* Made by mksystem from the manifest: don't edit. */\n");
	emit_includes(&text, model);
	emit_objects(&text, model);
	for (unsigned i = 0; i < model->vm_count; i++)
		emit_vm(&text, model, &model->vms[i]);
	text_printf(&text, "\nconst struct vm_config config_vms[] = {\n");
	for (unsigned i = 0; i < model->vm_count; i++)
		emit_vm_config(&text, &model->vms[i]);
	text_printf(&text, "};\n");
	emit_vms(&text, model);
	emit_vcpus(&text, model);
	emit_cores(&text, model);
	emit_routes(&text, model);
	emit_hooks(&text, model);
	return text;
}
