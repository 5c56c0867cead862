// SPDX-License-Identifier: BSD-2-Clause
/*
 * Guest RAM seen from the hypervisor. See vm.h.
 */
#include "arch/cache.h"
#include "arch/stage1.h"
#include "kernel/vm.h"

uint32_t guest_ram_find(const struct vm_config *config, ipa_t ipa, pa_t *pa)
{
	for (uint32_t i = 0; i < config->ram_count; i++) {
		const struct vm_ram *ram = &config->ram[i];
		uint32_t offset = ipa.raw - ram->ipa.raw;

		if (offset >= ram->bytes)
			continue;
		*pa = (pa_t){ ram->pa.raw + offset };
		return ram->bytes - offset;
	}
	return 0;
}

/* Writer: the guest, perhaps with its caches off. Reader: here, Normal write-back:
 * a line that is older than memory must not be seen. */
EVERYWHERE_IN_LINE uint32_t guest_ram_word(const struct core *core, pa_t pa)
{
	uint32_t index = core->index;
	const volatile uint32_t *word = stage1_window_open(index, pa);
	uint32_t value;

	cache_clean_invalidate_word(word);
	value = *word;
	stage1_window_close(index);
	return value;
}
