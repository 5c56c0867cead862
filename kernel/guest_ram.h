// SPDX-License-Identifier: BSD-2-Clause
/*
 * Guest RAM seen from the hypervisor: where an IPA lies, and a look at a word
 * through the core's window (arch/stage1.h).
 */
#pragma once

#include "config/system.h"

struct core;

/* Physical address of an IPA of the VM's RAM, and how many bytes follow it there without
 * a gap, itself included; 0 if it is not RAM. */
uint32_t guest_ram_find(const struct vm_config *config, ipa_t ipa, pa_t *pa);

/* The word at an aligned address of RAM, as the guest's coherent observers see it. */
uint32_t guest_ram_word(const struct core *core, pa_t pa);
