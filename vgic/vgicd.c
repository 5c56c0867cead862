// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vgicd.h. The distributor's registers come in groups of 128 bytes; a table
 * row serves a group (the wider ones share theirs), found by offset / 128. Row
 * functions work on words: `mask` has the bytes that are accessed.
 */
#include "vgic/vgicd.h"

#include "kernel/request.h"
#include "kernel/vm.h"

#define ROW_BYTES 128u

struct vgicd_row;

/* A word of a row. */
struct row_word {
	struct vcpu *vcpu;
	const struct vgicd_row *row;
	uint32_t n; /* number of the word within the register's array */
	uint32_t value;
	uint32_t mask;
};

struct vgicd_row {
	/* EXIT_DONE, the value filled in; or EXIT_WAIT: others are asked. */
	enum exit_result (*read)(struct row_word *word);
	void (*write)(const struct row_word *word);
	uint16_t first;         /* offset of word 0 of the array */
	uint8_t words_per_bank; /* of the array, for 32 interrupts; 0: no array */
	bool has_bytes;         /* byte access is supported (4.1.4) */
	uint8_t member;         /* of struct vgic_bank: what is read, or changed */
	uint8_t other;          /* STATE: what a write asks to be undone */
	bool keeps_sgis;        /* writes leave SGIs alone */
	bool is_clear;          /* BITS: ones clear; STATE: of active, not pending */
} __attribute__((aligned(16))); /* the index is a shift */

static uint32_t *member(const struct row_word *word, uint32_t offset)
{
	return (uint32_t *)((uint8_t *)vgic_bank(word->vcpu, word->n) + offset);
}

static enum exit_result done(struct row_word *word, uint32_t value)
{
	word->value = value;
	return EXIT_DONE;
}

/* Of interrupts with new settings, those matter that are listed, or wait to be. */
static void changed(const struct row_word *word, uint32_t n, uint32_t which)
{
	const struct vgic_bank *bank = vgic_bank(word->vcpu, n);

	which &= bank->listed | bank->active | vgic_pending(bank);
	if (which)
		vgic_changed(word->vcpu, n, which);
}

static enum exit_result read_zero(struct row_word *word)
{
	return done(word, 0);
}

static void write_ignored(UNUSED const struct row_word *word)
{
}

/* 0x000: GICD_CTLR, GICD_TYPER, GICD_IIDR (4.3.1 to 4.3.3). */

#define CTLR_MASK 0x3u
#define IIDR      0x0000043bu /* implementer Arm, no product, no revision */

static enum exit_result read_control(struct row_word *word)
{
	const struct vm *vm = word->vcpu->vm;

	if (word->n == 1)
		return done(word, (vm->config->irq_count / 32u - 1) | (vm->config->vcpu_count - 1u)
									      << 5);
	return done(word, word->n == 0 ? vm->vgic.CTLR : word->n == 2 ? IIDR : 0);
}

static void write_control(const struct row_word *word)
{
	const struct vm_config *config = word->vcpu->vm->config;

	if (word->n != 0)
		return;
	word->vcpu->vm->vgic.CTLR = word->value & CTLR_MASK;
	vgic_relist(word->vcpu);
	for (uint32_t i = 0; i < config->vcpu_count; i++)
		if (&config->vcpus[i] != word->vcpu)
			request_vcpu(&config->vcpus[i], VCPU_REQUEST_RELIST);
}

/* A bit per interrupt: settings. SGIs are always enabled (4.3.6), and made pending
 * by GICD_SGIR only (4.3.7). */

static uint32_t ones(const struct row_word *word)
{
	return word->row->keeps_sgis && word->n == 0 ? word->value & ~GIC_SGI_MASK : word->value;
}

static enum exit_result read_bits(struct row_word *word)
{
	return done(word, *member(word, word->row->member));
}

static void write_group(const struct row_word *word)
{
	uint32_t *group = member(word, word->row->member);
	uint32_t differs = *group ^ word->value;

	*group = word->value;
	changed(word, word->n, differs);
}

static void write_bits(const struct row_word *word)
{
	uint32_t *bits = member(word, word->row->member);
	uint32_t differs = ones(word) & (word->row->is_clear ? *bits : ~*bits);

	*bits ^= differs;
	if (differs)
		changed(word, word->n, differs);
}

/* A bit per interrupt: state. What others have listed they tell, or change, when
 * they relist. */

static enum exit_result read_state(struct row_word *word)
{
	const struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);
	bool is_fresh;
	uint32_t own;
	uint32_t others;

	vgic_collect(word->vcpu);
	own = word->row->is_clear ? bank->active : vgic_pending(bank);
	others = word->row->is_clear ? bank->listed_active
				     : bank->listed_pending | (bank->line & ~bank->edge);
	word->value = (own & ~bank->listed) | (others & bank->listed);
	is_fresh = vgic_are_fresh(word->vcpu, word->n, bank->listed);
	vgic_refill(word->vcpu);
	return is_fresh ? EXIT_DONE : EXIT_WAIT;
}

static void write_state(const struct row_word *word)
{
	uint32_t asked = ones(word);

	*member(word, word->row->member) |= asked;
	*member(word, word->row->other) &= ~asked;
	vgic_changed(word->vcpu, word->n, asked);
}

/* A byte per interrupt: four to a word. */

static uint32_t read_bytes(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static void write_bytes(uint8_t *bytes, uint32_t value, uint32_t mask)
{
	for (uint32_t i = 0; i < 4; i++)
		if (mask >> 8 * i & 0xff)
			bytes[i] = (uint8_t)(value >> 8 * i);
}

/* The list registers have five bits of priority; so has our distributor. */
#define PRIORITY_MASK 0xf8f8f8f8u

static enum exit_result read_priority(struct row_word *word)
{
	return done(word,
		    read_bytes(&vgic_bank(word->vcpu, word->n / 8)->priority[word->n % 8 * 4]));
}

static void write_priority(const struct row_word *word)
{
	write_bytes(&vgic_bank(word->vcpu, word->n / 8)->priority[word->n % 8 * 4],
		    word->value & PRIORITY_MASK, word->mask);
	changed(word, word->n / 8, 0xfu << word->n % 8 * 4);
}

/* Of a uniprocessor the targets are RAZ/WI; private ones are the reader (4.3.12). */
static enum exit_result read_targets(struct row_word *word)
{
	if (word->vcpu->vm->config->vcpu_count == 1)
		return done(word, 0);
	if (word->n < 8)
		return done(word, 0x01010101u << word->vcpu->index);
	return done(word,
		    read_bytes(&vgic_bank(word->vcpu, word->n / 8)->targets[word->n % 8 * 4]));
}

static void write_targets(const struct row_word *word)
{
	struct vcpu *vcpu = word->vcpu;
	uint32_t existing = 0x01010101u * ((1u << vcpu->vm->config->vcpu_count) - 1);
	struct vgic_bank *bank = vgic_bank(vcpu, word->n / 8);
	uint32_t which = 0xfu << word->n % 8 * 4;

	if (vcpu->vm->config->vcpu_count == 1 || word->n < 8)
		return;
	write_bytes(&bank->targets[word->n % 8 * 4], word->value & existing, word->mask);
	/* Who has it listed lets it go at the relist that follows. */
	vgic_release(vcpu, word->n / 8, bank->raised & ~bank->listed & which);
	for (uint32_t i = 0; i < 4; i++)
		if (!(bank->linked & 1u << (word->n % 8 * 4 + i)))
			vgic_follow_target(vcpu, word->n * 4 + i);
	changed(word, word->n / 8, which);
}

/* Two bits per interrupt, the upper one tells edge from level (4.3.13). */

static enum exit_result read_config(struct row_word *word)
{
	uint32_t bits = vgic_bank(word->vcpu, word->n / 2)->edge >> 16 * (word->n % 2) & 0xffff;
	uint32_t value = 0;

	for (; bits; bits &= bits - 1)
		value |= 2u << 2 * (uint32_t)__builtin_ctz(bits);
	return done(word, value);
}

/* Only of SPIs: SGIs are edge-triggered, our PPIs level-sensitive. */
static void write_config(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n / 2);
	uint32_t shift = 16 * (word->n % 2);
	uint32_t edge = bank->edge & ~(0xffffu << shift);

	if (word->n < 2)
		return;
	for (uint32_t i = 0; i < 16; i++)
		edge |= (word->value >> (2 * i + 1) & 1u) << (shift + i);
	bank->edge = edge;
	changed(word, word->n / 2, 0xffffu << shift);
}

/* GICD_SGIR (4.3.15): who gets it is told by [25:24] and [23:16]. */

#define SGIR_FILTER_SHIFT  24
#define SGIR_FILTER_LIST   0u
#define SGIR_FILTER_OTHERS 1u
#define SGIR_FILTER_SELF   2u
#define SGIR_TARGETS_SHIFT 16

static void write_sgir(const struct row_word *word)
{
	const struct vm_config *config = word->vcpu->vm->config;
	uint32_t self = 1u << word->vcpu->index;
	const uint32_t targets[] = {
		[SGIR_FILTER_LIST] = word->value >> SGIR_TARGETS_SHIFT & 0xff,
		[SGIR_FILTER_OTHERS] = ~self,
		[SGIR_FILTER_SELF] = self,
		[3] = 0, /* reserved */
	};
	uint32_t who = targets[word->value >> SGIR_FILTER_SHIFT & 3];

	if (word->mask != UINT32_MAX)
		return; /* of a part of it */
	for (uint32_t i = 0; i < config->vcpu_count; i++)
		if (who & 1u << i)
			vgic_raise_sgi(&config->vcpus[i], word->value & 0xf, word->vcpu->index);
}

/* GICD_CPENDSGIRn, GICD_SPENDSGIRn (4.3.16, 4.3.17): a byte per SGI, a bit per
 * sender. Both follow GICD_SGIR in its row, and are each vCPU's own. */

#define SGI_WORDS 4u

static bool is_sgi_pending(const struct row_word *word)
{
	return word->n >= 4 && word->n < 4 + 2 * SGI_WORDS;
}

static enum exit_result read_sgi_pending(struct row_word *word)
{
	if (!is_sgi_pending(word))
		return done(word, 0);
	vgic_collect(word->vcpu);
	word->value = read_bytes(&word->vcpu->vgic.sgi_sources[word->n % SGI_WORDS * 4]);
	vgic_refill(word->vcpu);
	return EXIT_DONE;
}

static void write_sgi_pending(const struct row_word *word)
{
	struct vgic_vcpu *vgic = &word->vcpu->vgic;
	uint32_t first = word->n % SGI_WORDS * 4;
	uint32_t existing = (1u << word->vcpu->vm->config->vcpu_count) - 1;

	vgic_collect(word->vcpu);
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t bits = (word->value & word->mask) >> 8 * i & existing;
		uint8_t *sources = &vgic->sgi_sources[first + i];

		*sources = (uint8_t)(word->n < 4 + SGI_WORDS ? *sources & ~bits : *sources | bits);
		vgic->private.latched &= ~(1u << (first + i));
		vgic->private.latched |= (uint32_t)(*sources != 0) << (first + i);
	}
	vgic_refill(word->vcpu);
}

static void write_sgi_row(const struct row_word *word)
{
	if (word->n == 0)
		write_sgir(word);
	else if (is_sgi_pending(word))
		write_sgi_pending(word);
}

/* Identification registers, 0xfd0 to 0xffc (4.3.18): the architecture is GICv2. */

static const uint8_t identification[12] = { 0x04, 0x00, 0x00, 0x00, 0x90, 0xb4,
					    0x2b, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

#define FIRST_IDENTIFICATION ((0xfd0 - 0xf80) / 4)

static enum exit_result read_identification(struct row_word *word)
{
	return done(word, word->n < FIRST_IDENTIFICATION
				  ? 0
				  : identification[word->n - FIRST_IDENTIFICATION]);
}

/* clang-format off */
#define AT(name) offsetof(struct vgic_bank, name)
#define BITS(offset, write_, member_, is_clear_) \
	{ .read = read_bits, .write = write_, .first = offset, .words_per_bank = 1, \
	  .member = AT(member_), .keeps_sgis = true, .is_clear = is_clear_ }
#define STATE(offset, member_, other_, is_active) \
	{ .read = read_state, .write = write_state, .first = offset, .words_per_bank = 1, \
	  .member = AT(member_), .other = AT(other_), .keeps_sgis = !is_active, \
	  .is_clear = is_active }
#define BYTES(offset, read_, write_) \
	{ .read = read_, .write = write_, .first = offset, .words_per_bank = 8, \
	  .has_bytes = true }

static const struct vgicd_row rows[] = {
	[0x000 / ROW_BYTES] = { .read = read_control, .write = write_control },
	[0x080 / ROW_BYTES] = BITS(0x080, write_group, group1, false),
	[0x100 / ROW_BYTES] = BITS(0x100, write_bits, enabled, false),
	[0x180 / ROW_BYTES] = BITS(0x180, write_bits, enabled, true),
	[0x200 / ROW_BYTES] = STATE(0x200, set_pending, clear_pending, false),
	[0x280 / ROW_BYTES] = STATE(0x280, clear_pending, set_pending, false),
	[0x300 / ROW_BYTES] = STATE(0x300, set_active, clear_active, true),
	[0x380 / ROW_BYTES] = STATE(0x380, clear_active, set_active, true),
	[0x400 / ROW_BYTES ... 0x7ff / ROW_BYTES] = BYTES(0x400, read_priority, write_priority),
	[0x800 / ROW_BYTES ... 0xbff / ROW_BYTES] = BYTES(0x800, read_targets, write_targets),
	[0xc00 / ROW_BYTES ... 0xcff / ROW_BYTES] = {
		.read = read_config, .write = write_config, .first = 0xc00, .words_per_bank = 2,
	},
	[0xd00 / ROW_BYTES ... 0xeff / ROW_BYTES] = { .read = read_zero, .write = write_ignored },
	[0xf00 / ROW_BYTES] = { /* GICD_SGIR, a word; bytes of CPENDSGIR and SPENDSGIR */
		.read = read_sgi_pending, .write = write_sgi_row, .first = 0xf00,
		.has_bytes = true,
	},
	[0xf80 / ROW_BYTES] = {
		.read = read_identification, .write = write_ignored, .first = 0xf80,
	},
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(rows) == PAGE_BYTES / ROW_BYTES, "a row for each group");

/* Interrupts that the distributor has not got are not there (4.3.4). */
static bool exists(const struct row_word *word)
{
	uint32_t words_per_bank = word->row->words_per_bank;

	return !words_per_bank ||
	       word->n < word->vcpu->vm->config->irq_count / 32u * words_per_bank;
}

/* Bytes of a word, where that is supported; zero, and nothing, elsewhere. */
static OUT_OF_LINE enum exit_result access_narrow(struct row_word *word, struct mmio *mmio)
{
	uint32_t shift = mmio->offset % 4 * 8;
	enum exit_result result = EXIT_DONE;

	word->mask = 0xffu << shift;
	word->value = mmio->value << shift;
	if (mmio->bytes != 1 || !word->row->has_bytes || !exists(word))
		word->value = 0;
	else if (mmio->is_write)
		word->row->write(word);
	else
		result = word->row->read(word);
	mmio->value = word->value >> shift & 0xff;
	return result;
}

enum exit_result vgicd_access(struct vcpu *vcpu, UNUSED void *device, struct mmio *mmio)
{
	const struct vgicd_row *row = &rows[mmio->offset / ROW_BYTES];
	struct row_word word = { vcpu, row, (mmio->offset - row->first) / 4, mmio->value,
				 UINT32_MAX };
	enum exit_result result;

	if (mmio->bytes != 4)
		return access_narrow(&word, mmio);
	if (!exists(&word)) {
		mmio->value = 0;
		return EXIT_DONE;
	}
	if (mmio->is_write) {
		row->write(&word);
		return EXIT_DONE;
	}
	result = row->read(&word);
	mmio->value = word.value;
	return result;
}
