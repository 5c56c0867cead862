// SPDX-License-Identifier: BSD-2-Clause
/*
 * The types of the const tables that mksystem makes from a manifest: the whole
 * static description of a system (DESIGN rule 1). The hypervisor parses nothing;
 * it follows these pointers. Every array has the manifest's size.
 *
 * Owner: the build. Read by all, written by nobody, on any core, without a lock.
 */
#pragma once

#include "kernel/types.h"

struct core;
struct ivc;
struct mmio_region;
struct vcpu;
struct vgic_bank;
struct vm;
struct vpl011;
struct vpl031;
struct vpl111;

/* How a VM's counter runs while the VM is runnable but not running. */
enum vm_time {
	VM_TIME_VIRTUAL, /* it stands still: stolen time is invisible; of one vCPU only */
	VM_TIME_REAL,    /* it runs on: a constant offset from the physical counter */
};

/* What a guest's unrecoverable mistake leads to, on that VM alone. */
enum vm_on_fault {
	VM_ON_FAULT_INJECT,  /* the guest gets the exception a real core would raise */
	VM_ON_FAULT_HALT,    /* the VM stops, its state stays for inspection */
	VM_ON_FAULT_RESTART, /* the VM starts again from its pristine images */
};

/* A piece of guest RAM; all three are multiples of BLOCK_BYTES. */
struct vm_ram {
	ipa_t ipa;
	pa_t pa;
	uint32_t bytes;
};

/* What lies in guest RAM when the guest starts: first zeroes everywhere, in pieces of
 * RAM, then images, of any alignment. */
struct vm_fill {
	pa_t pa;
	uint32_t bytes;
	const uint8_t *image; /* NULL: zeroes */
};

/* A device that the hypervisor emulates for one VM, or silences (kernel/quiesce.h). */
struct vm_device {
	/* To its state at power-on: when the VM has stopped, and when it is loaded. */
	void (*reset)(struct vm *vm, void *device);
	/* Something has come from outside (VCPU_REQUEST_POLL); on the boot vCPU's core,
	 * which holds the VM's lock. NULL: nothing ever does. */
	void (*poll)(struct vm *vm, void *device);
	void *device;
};

/* One per VM: config_vms[], parallel to vms[]. */
struct vm_config {
	const char *name;
	const char *heads[2]; /* of its console lines; the second in colour */
	/* Stage-2 translation table, level 2, four concatenated (16 KiB): one
	 * descriptor per 2 MiB of IPA. An invalid descriptor's bits [31:2] are the
	 * index into regions[] of the device that is emulated there (0: a hole). */
	const uint64_t *stage2;
	const struct mmio_region *regions; /* regions[0] is the hole */
	const struct vm_ram *ram;
	const struct vm_fill *fills; /* in this order */
	const struct vm_device *devices;
	uint8_t ram_count;
	uint8_t fill_count;
	uint8_t device_count;
	uint8_t vcpu_count;
	struct vcpu *vcpus; /* vcpu_count of them */
	uint32_t boot_pc;   /* IPA of the first instruction; bit 0: Thumb */
	uint32_t boot_r[3]; /* r0, r1, r2 at boot (Linux: 0, ~0, device tree) */
	uint8_t vmid;       /* VTTBR.VMID: its place here, plus one; 0 is nobody's */
	enum vm_time time;
	enum vm_on_fault on_fault;
	bool has_pmu;           /* the performance monitors are not UNDEFINED */
	struct vpl011 *console; /* its emulated UART, or NULL */
	struct vpl031 *rtc;     /* its emulated real-time clock, or NULL */
	struct vpl111 *lcd;     /* its emulated display controller, or NULL */
	struct ivc *ivc;        /* its way to other VMs, or NULL */
};

/* A piece of a core's cyclic time plan; they follow each other without a gap. */
struct plan_window {
	uint32_t end_ticks; /* after the frame's start, exclusive; the last: its length */
	uint32_t vms;       /* who may run: a bit per index of config_vms[]; 0: nobody */
};

/* One per core in use: config_cores[], parallel to cores[]; the first boots. */
struct core_config {
	uint32_t mpidr;       /* MPIDR[23:0] */
	uint8_t window_count; /* 0: no plan, who is pinned there may always run */
	const struct plan_window *windows;
};

/* Where a physical interrupt goes: irq_routes[], BOARD_IRQ_COUNT of them, by INTID. */
struct irq_route {
	/* Called on the core that acknowledged it, interrupts masked. */
	void (*handle)(struct core *core, uint32_t intid);
	struct vcpu *vcpu;      /* passed through: the boot vCPU of the VM that gets it */
	bool is_linked;         /* not ours to deactivate: the guest's end of interrupt does */
	bool hears_end;         /* ... and we must hear of it, for the GIC forgets the line */
} __attribute__((aligned(16))); /* the index is a shift */

extern const struct vm_config config_vms[];
extern const struct core_config config_cores[];
extern const struct irq_route irq_routes[];
extern const uint32_t config_vm_count;
extern const uint32_t config_vcpu_count;
extern const uint32_t config_slice_ms; /* of round-robin among equals */

/* Guests' calls beyond PSCI, or NULL: arguments in the frame's r0 .. r4, returns r0. */
extern uint32_t (*const config_call)(struct vcpu *vcpu);

/* Gives the VM the board's display, or false: it can show nothing. NULL: no VM can. */
extern bool (*const config_show)(const struct vm_config *config);

/* What emulated devices need done once, at boot; NULL at the end. */
extern void (*const config_inits[])(void);
