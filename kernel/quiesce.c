// SPDX-License-Identifier: BSD-2-Clause
/*
 * See quiesce.h. Linked where a VM has a device with a `quiesce` list, or a bus master
 * without one. Called by vm.c on the boot vCPU's core, which holds the VM's lock.
 */
#include "kernel/quiesce.h"

#include "arch/barrier.h"
#include "kernel/console.h"
#include "kernel/vm.h"

/* It has stopped, and was to be loaded; while it is being loaded, that is decided. */
static bool is_to_restart(const struct vm *vm)
{
	return vm->next == VM_NEXT_LOAD && vm->has_run && vm->config->vcpus->state == VCPU_OFF;
}

void quiesce_reset(struct vm *vm, void *device)
{
	const struct quiesce *quiesce = device;

	for (uint32_t i = 0; i < quiesce->count; i++) {
		volatile uint32_t *word = (volatile uint32_t *)quiesce->writes[i].address;

		*word = quiesce->writes[i].value;
		(void)*word; /* answered behind the write, which so has arrived (A3.8.2) */
	}
	dsb(); /* before RAM is scrubbed */
	if (!quiesce->restless || !is_to_restart(vm))
		return;
	console_print("%s: not started again: nothing ends the transfers of\n"
		      "  %s. Give it a quiesce list (config/README.md)",
		      vm->config->name, quiesce->restless);
	vm->next = VM_NEXT_OFF;
}
