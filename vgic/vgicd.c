// SPDX-License-Identifier: BSD-2-Clause
/*
 * See vgicd.h. The distributor's registers come in groups of 128 bytes; a table
 * row serves a group (the wider ones share theirs), found by offset / 128.
 * Row functions work on words: `mask` has the bytes that are written.
 */
#include "vgic/vgicd.h"

#include "arch/gic.h"
#include "kernel/vcpu.h"
#include "kernel/vm.h"
#include "vgic/vgic.h"

#define ROW_BYTES 128u

/* A word of a row; n is the word's number within the register's array. */
struct row_word {
	struct vcpu *vcpu;
	uint32_t n;
	uint32_t value;
	uint32_t mask;
};

struct vgicd_row {
	uint32_t (*read)(struct vcpu *vcpu, uint32_t n);
	/* True if interrupts that are listed, or might be, are to be listed anew. */
	bool (*write)(const struct row_word *word);
	uint16_t first;         /* offset of word 0 of the array */
	uint8_t words_per_bank; /* of the array, for 32 interrupts; 0: no array */
	bool has_bytes;         /* byte access is supported (4.1.4) */
	bool is_in_list_also;   /* pending or active: list registers have a say */
	bool is_plain;          /* reads need no check; n is the word of the 4 KiB */
} __attribute__((aligned(16))); /* the index is a shift */

static uint32_t read_zero(struct vcpu *vcpu, uint32_t n)
{
	(void)vcpu;
	(void)n;
	return 0;
}

static bool write_ignored(const struct row_word *word)
{
	(void)word;
	return false;
}

/* Of these interrupts, is one listed, or does one wait to be? */
static bool matters(const struct vgic_bank *bank, uint32_t which)
{
	return which & (bank->listed | bank->active | vgic_pending(bank));
}

/* 0x000: GICD_CTLR, GICD_TYPER, GICD_IIDR (4.3.1 to 4.3.3). */

#define CTLR_MASK 0x3u
#define IIDR      0x0000043bu /* implementer Arm, no product, no revision */

static uint32_t read_control(struct vcpu *vcpu, uint32_t n)
{
	const struct vm_config *config = vcpu->vm->config;

	switch (n) {
	case 0:
		return vcpu->vm->vgic.CTLR;
	case 1:
		return (config->irq_count / 32u - 1) | (config->vcpu_count - 1u) << 5;
	case 2:
		return IIDR;
	default:
		return 0;
	}
}

static bool write_control(const struct row_word *word)
{
	if (word->n == 0)
		word->vcpu->vm->vgic.CTLR = word->value & CTLR_MASK;
	return true;
}

/* A bit per interrupt. */

static uint32_t read_group(struct vcpu *vcpu, uint32_t n)
{
	return vgic_bank(vcpu, n)->group1;
}

static bool write_group(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);
	uint32_t changed = bank->group1 ^ word->value;

	bank->group1 = word->value;
	return matters(bank, changed);
}

/* SGIs are always enabled (4.3.6), and made pending by GICD_SGIR only (4.3.7). */
static uint32_t without_sgis(const struct row_word *word)
{
	return word->n == 0 ? word->value & ~((1u << GIC_SGI_COUNT) - 1) : word->value;
}

static uint32_t read_enabled(struct vcpu *vcpu, uint32_t n)
{
	return vgic_bank(vcpu, n)->enabled;
}

static bool write_set_enabled(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);
	uint32_t changed = word->value & ~bank->enabled;

	bank->enabled |= changed;
	return matters(bank, changed);
}

static bool write_clear_enabled(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);
	uint32_t changed = without_sgis(word) & bank->enabled;

	bank->enabled &= ~changed;
	return matters(bank, changed);
}

static uint32_t read_pending(struct vcpu *vcpu, uint32_t n)
{
	return vgic_pending(vgic_bank(vcpu, n));
}

static bool write_set_pending(const struct row_word *word)
{
	vgic_bank(word->vcpu, word->n)->latched |= without_sgis(word);
	return true;
}

/* Give linked interrupts back: were a line still high, it would come again. */
static void release_linked(struct vgic_bank *bank, uint32_t n, uint32_t released)
{
	bank->linked &= ~released;
	bank->raised &= ~released;
	for (; released; released &= released - 1)
		gic_clear_active(32 * n + (uint32_t)__builtin_ctz(released));
}

static bool write_clear_pending(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);
	uint32_t cleared = without_sgis(word);

	bank->latched &= ~cleared;
	release_linked(bank, word->n, bank->raised & cleared);
	return true;
}

static uint32_t read_active(struct vcpu *vcpu, uint32_t n)
{
	return vgic_bank(vcpu, n)->active;
}

static bool write_set_active(const struct row_word *word)
{
	vgic_bank(word->vcpu, word->n)->active |= word->value;
	return true;
}

static bool write_clear_active(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n);

	bank->active &= ~word->value;
	/* One that the guest made active itself may be raised: it stays so. */
	release_linked(bank, word->n, bank->linked & ~bank->raised & word->value);
	return true;
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

static uint32_t read_priority(struct vcpu *vcpu, uint32_t n)
{
	return read_bytes(&vgic_bank(vcpu, n / 8)->priority[n % 8 * 4]);
}

static bool write_priority(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n / 8);

	write_bytes(&bank->priority[word->n % 8 * 4], word->value & PRIORITY_MASK, word->mask);
	return matters(bank, 0xfu << word->n % 8 * 4);
}

/* Of a uniprocessor the targets are RAZ/WI; private ones are the reader (4.3.12). */
static uint32_t read_targets(struct vcpu *vcpu, uint32_t n)
{
	if (vcpu->vm->config->vcpu_count == 1)
		return 0;
	if (n < 8)
		return 0x01010101u << vcpu->config->index;
	return read_bytes(&vgic_bank(vcpu, n / 8)->targets[n % 8 * 4]);
}

static bool write_targets(const struct row_word *word)
{
	const struct vm_config *config = word->vcpu->vm->config;
	uint32_t existing = 0x01010101u * ((1u << config->vcpu_count) - 1);
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n / 8);

	if (config->vcpu_count > 1 && word->n >= 8)
		write_bytes(&bank->targets[word->n % 8 * 4], word->value & existing, word->mask);
	return matters(bank, 0xfu << word->n % 8 * 4);
}

/* Two bits per interrupt, the upper one tells edge from level (4.3.13). */

static uint32_t read_config(struct vcpu *vcpu, uint32_t n)
{
	uint32_t bits;
	uint32_t value = 0;

	bits = vgic_bank(vcpu, n / 2)->edge >> 16 * (n % 2) & 0xffff;
	for (; bits; bits &= bits - 1)
		value |= 2u << 2 * (uint32_t)__builtin_ctz(bits);
	return value;
}

/* Only of SPIs: SGIs are edge-triggered, our PPIs level-sensitive. */
static bool write_config(const struct row_word *word)
{
	struct vgic_bank *bank = vgic_bank(word->vcpu, word->n / 2);
	uint32_t shift = 16 * (word->n % 2);
	uint32_t edge = bank->edge & ~(0xffffu << shift);

	if (word->n < 2)
		return false;
	for (uint32_t i = 0; i < 16; i++)
		edge |= (word->value >> (2 * i + 1) & 1u) << (shift + i);
	bank->edge = edge;
	return matters(bank, 0xffffu << shift);
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
	uint32_t self = 1u << word->vcpu->config->index;
	uint32_t targets = word->value >> SGIR_TARGETS_SHIFT & 0xff;

	if (word->mask != UINT32_MAX)
		return; /* of a part of it */

	switch (word->value >> SGIR_FILTER_SHIFT & 3) {
	case SGIR_FILTER_LIST:
		break;
	case SGIR_FILTER_OTHERS:
		targets = ~self;
		break;
	case SGIR_FILTER_SELF:
		targets = self;
		break;
	default:
		return; /* reserved */
	}
	for (uint32_t i = 0; i < config->vcpu_count; i++)
		if (targets & 1u << i)
			vgic_raise_sgi(&config->vcpus[i], word->value & 0xf,
				       word->vcpu->config->index);
}

/* GICD_CPENDSGIRn, GICD_SPENDSGIRn (4.3.16, 4.3.17): a byte per SGI, a bit per
 * sender. Both follow GICD_SGIR in its row. */

#define SGI_WORDS 4u

static uint32_t read_sgi_pending(struct vcpu *vcpu, uint32_t n)
{
	if (n < 4 || n >= 4 + 2 * SGI_WORDS)
		return 0;
	return read_bytes(&vcpu->vgic.sgi_sources[n % SGI_WORDS * 4]);
}

static void write_sgi_pending(const struct row_word *word)
{
	struct vgic_vcpu *vgic = &word->vcpu->vgic;
	uint32_t first = word->n % SGI_WORDS * 4;
	uint32_t existing = (1u << word->vcpu->vm->config->vcpu_count) - 1;

	for (uint32_t i = 0; i < 4; i++) {
		uint32_t bits = (word->value & word->mask) >> 8 * i & existing;
		uint8_t *sources = &vgic->sgi_sources[first + i];

		*sources = (uint8_t)(word->n < 4 + SGI_WORDS ? *sources & ~bits : *sources | bits);
		vgic->private.latched &= ~(1u << (first + i));
		vgic->private.latched |= (uint32_t)(*sources != 0) << (first + i);
	}
}

static bool write_sgi_row(const struct row_word *word)
{
	if (word->n == 0)
		write_sgir(word);
	else if (word->n >= 4 && word->n < 4 + 2 * SGI_WORDS)
		write_sgi_pending(word);
	return true;
}

/* Identification registers, 0xfd0 to 0xffc (4.3.18): the architecture is GICv2. */

static const uint8_t identification[12] = { 0x04, 0x00, 0x00, 0x00, 0x90, 0xb4,
					    0x2b, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static uint32_t read_identification(struct vcpu *vcpu, uint32_t n)
{
	(void)vcpu;
	return n >= 0xfd0 / 4 ? identification[n - 0xfd0 / 4] : 0;
}

/* clang-format off */
#define RESERVED { .read = read_zero, .write = write_ignored }
#define ONCE(read_, write_) \
	{ .read = read_, .write = write_, .is_plain = true }
#define BITS(offset, read_, write_) \
	{ .read = read_, .write = write_, .first = offset, .words_per_bank = 1 }
#define STATE(offset, read_, write_) \
	{ .read = read_, .write = write_, .first = offset, .words_per_bank = 1, \
	  .is_in_list_also = true }
#define BYTES(offset, read_, write_) \
	{ .read = read_, .write = write_, .first = offset, .words_per_bank = 8, \
	  .has_bytes = true }

static const struct vgicd_row rows[] = {
	[0x000 / ROW_BYTES] = ONCE(read_control, write_control),
	[0x080 / ROW_BYTES] = BITS(0x080, read_group, write_group),
	[0x100 / ROW_BYTES] = BITS(0x100, read_enabled, write_set_enabled),
	[0x180 / ROW_BYTES] = BITS(0x180, read_enabled, write_clear_enabled),
	[0x200 / ROW_BYTES] = STATE(0x200, read_pending, write_set_pending),
	[0x280 / ROW_BYTES] = STATE(0x280, read_pending, write_clear_pending),
	[0x300 / ROW_BYTES] = STATE(0x300, read_active, write_set_active),
	[0x380 / ROW_BYTES] = STATE(0x380, read_active, write_clear_active),
	[0x400 / ROW_BYTES ... 0x7ff / ROW_BYTES] = BYTES(0x400, read_priority, write_priority),
	[0x800 / ROW_BYTES ... 0xbff / ROW_BYTES] = BYTES(0x800, read_targets, write_targets),
	[0xc00 / ROW_BYTES ... 0xcff / ROW_BYTES] = {
		.read = read_config, .write = write_config, .first = 0xc00, .words_per_bank = 2,
	},
	[0xd00 / ROW_BYTES ... 0xeff / ROW_BYTES] = RESERVED,
	[0xf00 / ROW_BYTES] = { /* GICD_SGIR, a word; bytes of CPENDSGIR and SPENDSGIR */
		.read = read_sgi_pending, .write = write_sgi_row, .first = 0xf00,
		.has_bytes = true, .is_in_list_also = true,
	},
	[0xf80 / ROW_BYTES] = ONCE(read_identification, write_ignored),
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(rows) == PAGE_BYTES / ROW_BYTES, "a row for each group");

/* Words of a row's array that belong to interrupts: beyond, nothing is there. */
static bool exists(const struct vcpu *vcpu, const struct vgicd_row *row, uint32_t n)
{
	return !row->words_per_bank || n < vcpu->vm->config->irq_count / 32u * row->words_per_bank;
}

/* A row that tells or changes what is pending or active works on the whole truth;
 * any other only makes a difference to what is so. */
static OUT_OF_LINE void write_row(struct vcpu *vcpu, const struct vgicd_row *row,
				  const struct mmio *mmio)
{
	uint32_t shift = mmio->offset % 4 * 8;
	struct row_word word = {
		.vcpu = vcpu,
		.n = (mmio->offset - row->first) / 4,
		.value = mmio->value << shift,
		.mask = (mmio->bytes == 4 ? UINT32_MAX : 0xffu) << shift,
	};

	if (!exists(vcpu, row, word.n))
		return;
	if (row->is_in_list_also) {
		vgic_collect(vcpu);
		row->write(&word);
		vgic_refill(vcpu);
	} else if (row->write(&word)) {
		vgic_relist(vcpu);
	}
}

static uint32_t read_collected(struct vcpu *vcpu, const struct vgicd_row *row, uint32_t n)
{
	uint32_t value;

	vgic_collect(vcpu);
	value = row->read(vcpu, n);
	vgic_refill(vcpu);
	return value;
}

static OUT_OF_LINE uint32_t read_row(struct vcpu *vcpu, const struct vgicd_row *row,
				     uint32_t offset)
{
	uint32_t n = (offset - row->first) / 4;

	if (!exists(vcpu, row, n))
		return 0;
	return row->is_in_list_also ? read_collected(vcpu, row, n) : row->read(vcpu, n);
}

/* Bytes of a word, where that is supported; zero, and nothing, elsewhere. */
static OUT_OF_LINE void access_narrow(struct vcpu *vcpu, const struct vgicd_row *row,
				      struct mmio *mmio)
{
	if (mmio->bytes != 1 || !row->has_bytes)
		mmio->value = 0;
	else if (mmio->is_write)
		write_row(vcpu, row, mmio);
	else
		mmio->value = read_row(vcpu, row, mmio->offset) >> mmio->offset % 4 * 8 & 0xff;
}

enum exit_result vgicd_access(struct vcpu *vcpu, void *device, struct mmio *mmio)
{
	const struct vgicd_row *row = &rows[mmio->offset / ROW_BYTES];

	(void)device;
	if (mmio->bytes != 4)
		access_narrow(vcpu, row, mmio);
	else if (mmio->is_write)
		write_row(vcpu, row, mmio);
	else if (row->is_plain)
		mmio->value = row->read(vcpu, mmio->offset / 4);
	else
		mmio->value = read_row(vcpu, row, mmio->offset);
	return EXIT_DONE;
}
