// SPDX-License-Identifier: BSD-2-Clause
/*
 * The distributor that a guest sees: GICv2 without Security Extensions (IHI 0048B,
 * 4.3), emulated by a table; see vgic.h. Its registers come in groups of 128 bytes; a
 * table row serves a group (the wider ones share theirs), found by offset / 128. Row
 * functions work on words.
 */
#include "kernel/mmio.h"
#include "kernel/request.h"
#include "kernel/vm.h"

#define ROW_BYTES 128u

struct row {
	uint8_t member;     /* of struct vgic_bank: what is read, or changed */
	uint8_t other;      /* STATE: what a write asks to be undone */
	bool keeps_sgis;    /* writes leave SGIs alone */
	bool is_clear;      /* BITS: ones clear; STATE: of active, not pending */
	uint16_t first;     /* offset of word 0 of the array */
	uint8_t bank_shift; /* log2 of the array's words for 32 interrupts */
	bool has_bytes;     /* byte access is supported (4.1.4) */
	/* Word n of the array. EXIT_DONE, *value filled in; or EXIT_WAIT: others are asked. */
	enum exit_result (*read)(struct vcpu *vcpu, const struct row *row, uint32_t n,
				 uint32_t *value);
	void (*write)(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value);
} __attribute__((aligned(16))); /* the index is a shift */

#define NO_ARRAY 5u /* bank_shift: all is in bank 0, which is always there */

/* Where a member of a bank has the row's word n: a bit or a byte for each interrupt. */
static inline uint32_t *word_at(struct vcpu *vcpu, const struct row *row, uint32_t n,
				uint32_t member)
{
	uint32_t word = n & ((1u << row->bank_shift) - 1);

	return (uint32_t *)((uint8_t *)vgic_bank(vcpu, n >> row->bank_shift) + member) + word;
}

/* Of interrupts with new settings, those matter that are listed, or wait to be. */
static void changed(struct vcpu *vcpu, uint32_t bank_number, uint32_t which)
{
	const struct vgic_bank *bank = vgic_bank(vcpu, bank_number);

	which &= bank->listed | bank->active | vgic_pending(bank);
	if (which)
		vgic_changed(vcpu, bank_number, which);
}

static enum exit_result read_zero(UNUSED struct vcpu *vcpu, UNUSED const struct row *row,
				  UNUSED uint32_t n, uint32_t *value)
{
	*value = 0;
	return EXIT_DONE;
}

static void write_ignored(UNUSED struct vcpu *vcpu, UNUSED const struct row *row, UNUSED uint32_t n,
			  UNUSED uint32_t value)
{
}

static enum exit_result read_word(struct vcpu *vcpu, const struct row *row, uint32_t n,
				  uint32_t *value)
{
	*value = *word_at(vcpu, row, n, row->member);
	return EXIT_DONE;
}

/* 0x000: GICD_CTLR, GICD_TYPER, GICD_IIDR (4.3.1 to 4.3.3). */

#define CTLR_MASK 0x3u
#define IIDR      0x0000043bu /* implementer Arm, no product, no revision */

static enum exit_result read_control(struct vcpu *vcpu, UNUSED const struct row *row, uint32_t n,
				     uint32_t *value)
{
	if (n == 0)
		*value = vcpu->vm->vgic.CTLR;
	else
		*value = n == 1 ? vcpu->TYPER : n == 2 ? IIDR : 0;
	return EXIT_DONE;
}

static void write_control(struct vcpu *vcpu, UNUSED const struct row *row, uint32_t n,
			  uint32_t value)
{
	const struct vm_config *config = vcpu->vm->config;

	if (n != 0)
		return;
	vcpu->vm->vgic.CTLR = value & CTLR_MASK;
	vgic_relist(vcpu);
	for (uint32_t i = 0; i < config->vcpu_count; i++)
		if (&config->vcpus[i] != vcpu)
			request_vcpu(&config->vcpus[i], VCPU_REQUEST_RELIST);
}

/* A bit per interrupt: settings. SGIs are always enabled (4.3.6), and made pending
 * by GICD_SGIR only (4.3.7). */

static uint32_t ones(const struct row *row, uint32_t n, uint32_t value)
{
	return row->keeps_sgis && n == 0 ? value & ~GIC_SGI_MASK : value;
}

static void write_group(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value)
{
	uint32_t *group = word_at(vcpu, row, n, row->member);
	uint32_t differs = *group ^ value;

	*group = value;
	changed(vcpu, n, differs);
}

static void write_bits(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value)
{
	uint32_t *bits = word_at(vcpu, row, n, row->member);
	uint32_t differs = ones(row, n, value) & (row->is_clear ? *bits : ~*bits);

	*bits ^= differs;
	if (differs)
		changed(vcpu, n, differs);
}

/* A bit per interrupt: state. What others have listed they tell, or change, when
 * they relist. */

static enum exit_result read_state(struct vcpu *vcpu, const struct row *row, uint32_t n,
				   uint32_t *value)
{
	const struct vgic_bank *bank = vgic_bank(vcpu, n);
	bool is_fresh;

	vgic_collect(vcpu);
	*value = row->is_clear ? bank->active | (bank->listed_active & bank->listed)
			       : vgic_pending(bank);
	is_fresh = CONFIG_CORE_COUNT == 1 || vgic_are_fresh(vcpu, n, bank->listed);
	vgic_refill(vcpu);
	return is_fresh ? EXIT_DONE : EXIT_WAIT;
}

static void write_state(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value)
{
	uint32_t asked = ones(row, n, value);

	*word_at(vcpu, row, n, row->member) |= asked;
	*word_at(vcpu, row, n, row->other) &= ~asked;
	vgic_changed(vcpu, n, asked);
}

/* A byte per interrupt: four to a word, the interrupts FOUR(n) of bank n / 8. */

#define FOUR(n) (0xfu << (n) % 8 * 4)

/* The list registers have five bits of priority; so has our distributor. */
#define PRIORITY_MASK 0xf8f8f8f8u

static void write_priority(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value)
{
	*word_at(vcpu, row, n, row->member) = value & PRIORITY_MASK;
	changed(vcpu, n / 8, FOUR(n));
}

#define ALL_FOUR 0x01010101u

/* Of a uniprocessor the targets are RAZ/WI; private ones are the reader (4.3.12). */
static enum exit_result read_targets(struct vcpu *vcpu, const struct row *row, uint32_t n,
				     uint32_t *value)
{
	if (vcpu->vm->config->vcpu_count == 1)
		*value = 0;
	else
		*value = n < 8 ? ALL_FOUR << vcpu->index : *word_at(vcpu, row, n, row->member);
	return EXIT_DONE;
}

static void write_targets(struct vcpu *vcpu, const struct row *row, uint32_t n, uint32_t value)
{
	uint32_t existing = ALL_FOUR * ((1u << vcpu->vm->config->vcpu_count) - 1);
	struct vgic_bank *bank = vgic_bank(vcpu, n / 8);

	if (vcpu->vm->config->vcpu_count == 1 || n < 8)
		return;
	vgic_apply(vcpu, n / 8); /* or who was told of it would not tell the new target */
	*word_at(vcpu, row, n, row->member) = value & existing;
	/* Who has it listed lets it go at the relist that follows. */
	vgic_release(vcpu, n / 8, bank->raised & ~bank->listed & FOUR(n));
	for (uint32_t i = 4 * n; i < 4 * n + 4; i++)
		if (!(bank->linked & 1u << i % 32))
			vgic_follow_target(vcpu, i);
	changed(vcpu, n / 8, FOUR(n));
}

/* Two bits per interrupt, the upper one tells edge from level (4.3.13). */

static enum exit_result read_config(struct vcpu *vcpu, UNUSED const struct row *row, uint32_t n,
				    uint32_t *value)
{
	uint32_t bits = vgic_bank(vcpu, n / 2)->edge >> 16 * (n % 2) & 0xffff;

	*value = 0;
	for (; bits; bits &= bits - 1)
		*value |= 2u << 2 * (uint32_t)__builtin_ctz(bits);
	return EXIT_DONE;
}

/* Only of SPIs: SGIs are edge-triggered, our PPIs level-sensitive. */
static void write_config(struct vcpu *vcpu, UNUSED const struct row *row, uint32_t n,
			 uint32_t value)
{
	struct vgic_bank *bank = vgic_bank(vcpu, n / 2);
	uint32_t shift = 16 * (n % 2);
	uint32_t edge = bank->edge & ~(0xffffu << shift);

	if (n < 2)
		return;
	for (uint32_t i = 0; i < 16; i++)
		edge |= (value >> (2 * i + 1) & 1u) << (shift + i);
	bank->edge = edge;
	changed(vcpu, n / 2, 0xffffu << shift);
}

/* GICD_SGIR (4.3.15): who gets it is told by [25:24] and [23:16]. */

#define SGIR_FILTER_SHIFT  24
#define SGIR_FILTER_LIST   0u
#define SGIR_FILTER_OTHERS 1u
#define SGIR_FILTER_SELF   2u
#define SGIR_TARGETS_SHIFT 16

static void write_sgir(struct vcpu *vcpu, uint32_t value)
{
	const struct vm_config *config = vcpu->vm->config;
	uint32_t filter = value >> SGIR_FILTER_SHIFT & 3;
	uint32_t self = 1u << vcpu->index;
	uint32_t targets = filter == SGIR_FILTER_LIST     ? value >> SGIR_TARGETS_SHIFT & 0xff
			   : filter == SGIR_FILTER_OTHERS ? ~self
			   : filter == SGIR_FILTER_SELF   ? self
							  : 0; /* reserved */

	targets &= (1u << config->vcpu_count) - 1;
	for (; targets; targets &= targets - 1)
		vgic_raise_sgi(&config->vcpus[__builtin_ctz(targets)], value & 0xf, vcpu->index);
}

/* GICD_CPENDSGIRn, GICD_SPENDSGIRn (4.3.16, 4.3.17): a byte per SGI, a bit per
 * sender. Both follow GICD_SGIR in its row, and are each vCPU's own. */

#define SGI_WORDS 4u

static bool is_sgi_pending(uint32_t n)
{
	return n >= 4 && n < 4 + 2 * SGI_WORDS;
}

static uint32_t *sgi_sources(struct vcpu *vcpu, uint32_t n)
{
	return (uint32_t *)vcpu->vgic.sgi_sources + n % SGI_WORDS;
}

static enum exit_result read_sgi_pending(struct vcpu *vcpu, UNUSED const struct row *row,
					 uint32_t n, uint32_t *value)
{
	vgic_collect(vcpu);
	*value = is_sgi_pending(n) ? *sgi_sources(vcpu, n) : 0;
	vgic_refill(vcpu);
	return EXIT_DONE;
}

static void write_sgi_pending(struct vcpu *vcpu, uint32_t n, uint32_t value)
{
	uint32_t existing = ALL_FOUR * ((1u << vcpu->vm->config->vcpu_count) - 1);
	uint32_t *latched = &vcpu->vgic.private.latched;
	uint32_t *sources = sgi_sources(vcpu, n);

	vgic_collect(vcpu);
	value &= existing;
	*sources = n < 4 + SGI_WORDS ? *sources & ~value : *sources | value;
	for (uint32_t i = n % SGI_WORDS * 4; i < n % SGI_WORDS * 4 + 4; i++)
		*latched = (*latched & ~(1u << i)) | (uint32_t)(vcpu->vgic.sgi_sources[i] != 0)
							     << i;
	vgic_refill(vcpu);
}

static void write_sgi_row(struct vcpu *vcpu, UNUSED const struct row *row, uint32_t n,
			  uint32_t value)
{
	if (n == 0)
		write_sgir(vcpu, value);
	else if (is_sgi_pending(n))
		write_sgi_pending(vcpu, n, value);
}

/* Identification registers, 0xfd0 to 0xffc (4.3.18): the architecture is GICv2. */

static const uint8_t identification[12] = { 0x04, 0x00, 0x00, 0x00, 0x90, 0xb4,
					    0x2b, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

#define FIRST_IDENTIFICATION ((0xfd0 - 0xf80) / 4)

static enum exit_result read_identification(UNUSED struct vcpu *vcpu, UNUSED const struct row *row,
					    uint32_t n, uint32_t *value)
{
	*value = n < FIRST_IDENTIFICATION ? 0 : identification[n - FIRST_IDENTIFICATION];
	return EXIT_DONE;
}

/* clang-format off */
#define AT(name) offsetof(struct vgic_bank, name)
#define BITS(offset, write_, member_, is_clear_) \
	{ .read = read_word, .write = write_, .first = offset, .member = AT(member_), \
	  .keeps_sgis = true, .is_clear = is_clear_ }
#define STATE(offset, member_, other_, is_active) \
	{ .read = read_state, .write = write_state, .first = offset, .member = AT(member_), \
	  .other = AT(other_), .keeps_sgis = !is_active, .is_clear = is_active }
#define BYTES(offset, read_, write_, member_) \
	{ .read = read_, .write = write_, .first = offset, .bank_shift = 3, .has_bytes = true, \
	  .member = AT(member_) }

static const struct row rows[] = {
	[0x000 / ROW_BYTES] = {
		.read = read_control, .write = write_control, .bank_shift = NO_ARRAY,
	},
	[0x080 / ROW_BYTES] = BITS(0x080, write_group, group1, false),
	[0x100 / ROW_BYTES] = BITS(0x100, write_bits, enabled, false),
	[0x180 / ROW_BYTES] = BITS(0x180, write_bits, enabled, true),
	[0x200 / ROW_BYTES] = STATE(0x200, set_pending, clear_pending, false),
	[0x280 / ROW_BYTES] = STATE(0x280, clear_pending, set_pending, false),
	[0x300 / ROW_BYTES] = STATE(0x300, set_active, clear_active, true),
	[0x380 / ROW_BYTES] = STATE(0x380, clear_active, set_active, true),
	[0x400 / ROW_BYTES ... 0x7ff / ROW_BYTES] = BYTES(0x400, read_word, write_priority, priority),
	[0x800 / ROW_BYTES ... 0xbff / ROW_BYTES] = BYTES(0x800, read_targets, write_targets, targets),
	[0xc00 / ROW_BYTES ... 0xcff / ROW_BYTES] = {
		.read = read_config, .write = write_config, .first = 0xc00, .bank_shift = 1,
	},
	[0xd00 / ROW_BYTES ... 0xeff / ROW_BYTES] = {
		.read = read_zero, .write = write_ignored, .first = 0xd00, .bank_shift = NO_ARRAY,
	},
	[0xf00 / ROW_BYTES] = { /* GICD_SGIR, a word; bytes of CPENDSGIR and SPENDSGIR */
		.read = read_sgi_pending, .write = write_sgi_row, .first = 0xf00,
		.bank_shift = NO_ARRAY, .has_bytes = true,
	},
	[0xf80 / ROW_BYTES] = {
		.read = read_identification, .write = write_ignored, .first = 0xf80,
		.bank_shift = NO_ARRAY,
	},
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(rows) == PAGE_BYTES / ROW_BYTES, "a row for each group");

/* Interrupts that the distributor has not got are not there (4.3.4). */
static inline bool is_there(const struct vcpu *vcpu, const struct row *row, uint32_t n)
{
	return n >> row->bank_shift < vcpu->bank_count;
}

enum exit_result vgicd_read(struct vcpu *vcpu, UNUSED const struct mmio_region *region,
			    uint32_t offset, uint32_t *value)
{
	const struct row *row = &rows[offset / ROW_BYTES];
	uint32_t n = (offset - row->first) / 4;

	if (!is_there(vcpu, row, n))
		return read_zero(vcpu, row, n, value);
	return row->read(vcpu, row, n, value);
}

enum exit_result vgicd_write(struct vcpu *vcpu, UNUSED const struct mmio_region *region,
			     uint32_t offset, uint32_t value)
{
	const struct row *row = &rows[offset / ROW_BYTES];
	uint32_t n = (offset - row->first) / 4;

	if (is_there(vcpu, row, n))
		row->write(vcpu, row, n, value);
	return EXIT_DONE;
}

/* A byte of a word, where that is supported; zero, and nothing, elsewhere. The rest of
 * the word stays: what keeps its value is written as it reads, of SGIs' senders none are
 * named. */
enum exit_result vgicd_access(struct vcpu *vcpu, UNUSED void *device, struct mmio *mmio)
{
	const struct row *row = &rows[mmio->offset / ROW_BYTES];
	uint32_t n = (mmio->offset - row->first) / 4;
	uint32_t shift = mmio->offset % 4 * 8;
	bool is_sgis = row->bank_shift == NO_ARRAY;
	uint32_t word = 0;

	if (mmio->bytes == 1 && row->has_bytes && is_there(vcpu, row, n) && !(is_sgis && n == 0)) {
		row->read(vcpu, row, n, &word);
		if (mmio->is_write)
			row->write(vcpu, row, n,
				   (is_sgis ? 0 : word & ~(0xffu << shift)) | mmio->value << shift);
	}
	mmio->value = word >> shift & 0xff;
	return EXIT_DONE;
}
