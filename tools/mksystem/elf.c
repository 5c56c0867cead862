// SPDX-License-Identifier: BSD-2-Clause
/*
 * ELF executables: each PT_LOAD's file bytes are an image at its physical
 * address; its bss must be free RAM too (a VM's RAM is zero before it starts).
 * Called by image.c.
 */
#include "tools/mksystem/image.h"
#include "tools/mksystem/arena.h"

#include <elf.h>
#include <string.h>

bool elf_is(const struct file *file)
{
	return file->length >= SELFMAG && memcmp(file->bytes, ELFMAG, SELFMAG) == 0;
}

/* Why this file can't be a kernel, or NULL. */
static const char *elf_find_fault(const struct file *file, const Elf32_Ehdr *header)
{
	if (file->length < sizeof(*header) || header->e_ident[EI_CLASS] != ELFCLASS32 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_machine != EM_ARM)
		return "is no little-endian 32-bit ARM file";
	if (header->e_type != ET_EXEC)
		return "is not linked to fixed addresses";
	if (header->e_phentsize != sizeof(Elf32_Phdr) ||
	    header->e_phoff + (uint64_t)header->e_phnum * sizeof(Elf32_Phdr) > file->length)
		return "is truncated";
	return NULL;
}

static bool elf_place_segment(struct vm_model *vm, const struct file *file,
			      const Elf32_Phdr *segment)
{
	struct place place = tree_place(vm->node, "kernel");
	struct range range = { .start = segment->p_paddr, .bytes = segment->p_memsz };

	if (segment->p_type != PT_LOAD || segment->p_memsz == 0)
		return true;
	if ((uint64_t)segment->p_offset + segment->p_filesz > file->length ||
	    segment->p_filesz > segment->p_memsz) {
		report_error(place, "build it again", "%s is truncated", file->path);
		return false;
	}
	if (!image_claim(vm, range, place, "kernel segment"))
		return false;
	if (segment->p_filesz == 0)
		return true;
	image_add(vm, (struct image){
			      .place = place,
			      .what = "kernel",
			      .path = file->path,
			      .bytes = file->bytes + segment->p_offset,
			      .skip = segment->p_offset,
			      .length = segment->p_filesz,
			      .ipa = segment->p_paddr,
		      });
	return true;
}

static bool elf_is_in_ram(const struct vm_model *vm, uint32_t ipa)
{
	for (unsigned i = 0; i < vm->ram_count; i++) {
		if (range_contains(vm->ram[i].ipa, (struct range){ .start = ipa, .bytes = 2 }))
			return true;
	}
	return false;
}

void elf_place(struct vm_model *vm, const struct file *file)
{
	struct place place = tree_place(vm->node, "kernel");
	Elf32_Ehdr header = { .e_type = ET_NONE };

	memcpy(&header, file->bytes, file->length < sizeof(header) ? file->length : sizeof(header));

	const char *fault = elf_find_fault(file, &header);

	if (fault != NULL) {
		report_error(place, "give an ELF executable, a zImage or a raw binary", "%s %s",
			     file->path, fault);
		return;
	}
	vm->boot_pc = header.e_entry;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		Elf32_Phdr segment;

		memcpy(&segment, file->bytes + header.e_phoff + i * sizeof(segment),
		       sizeof(segment));
		if (!elf_place_segment(vm, file, &segment))
			return;
	}
	if (!elf_is_in_ram(vm, vm->boot_pc & ~1u))
		report_conflict(place, tree_place(vm->ram[0].node, NULL),
				"link it to addresses in the VM's memory",
				"the entry 0x%08x of %s is not in the VM's memory", vm->boot_pc,
				file->path);
}
