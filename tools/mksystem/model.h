// SPDX-License-Identifier: BSD-2-Clause
/*
 * A system as mksystem understands it: filled in by the parsers, completed by
 * image.c, memory.c and interrupt.c, read by the emitters. Each part keeps its
 * node, so that whatever turns out to be wrong later can be named.
 */
#ifndef BULKHEAD_MKSYSTEM_MODEL_H
#define BULKHEAD_MKSYSTEM_MODEL_H

#include "kernel/types.h"
#include "tools/mksystem/range.h"
#include "tools/mksystem/space.h"
#include "tools/mksystem/tree.h"

#define MAX_BOARD_CORES    8u
#define MAX_BOARD_RAM      8u
#define MAX_BOARD_DEVICES  64u
#define MAX_DEVICE_REGIONS 4u
#define MAX_DEVICE_IRQS    4u
#define MAX_DEVICE_WRITES  16u
#define MAX_INTIDS         1020u /* GICv2: 1020 and above are special */
#define MAX_VMS            8u
#define MAX_VM_VCPUS       8u
#define MAX_VM_RAM         8u
#define MAX_VM_IMAGES      32u
#define MAX_VM_DEVICES     16u
#define MAX_PLAN_WINDOWS   64u
#define MAX_BUFFERS        16u

/* Positions in the "arm,armv7-timer" binding. */
enum { TIMER_SECURE, TIMER_NONSECURE, TIMER_VIRTUAL, TIMER_HYP, TIMER_COUNT };

/* What the hypervisor shares out: shared.c. */
enum shared { SHARED_NONE, SHARED_CLOCK, SHARED_DISPLAY, SHARED_COUNT };

/* Something on the board: one that a VM can be given, or the console. */
struct board_device {
	struct node node;
	struct range regions[MAX_DEVICE_REGIONS];
	unsigned region_count;
	uint32_t intids[MAX_DEVICE_IRQS];
	unsigned irq_count;
	uint32_t clock_hz;
	bool is_bus_master;
	bool stays_high; /* its line, when a guest ends its interrupt */
};

struct board {
	struct node node;
	const char *name;
	uint32_t mpidr[MAX_BOARD_CORES];
	unsigned core_count;
	uint32_t counter_hz;
	uint32_t load;
	struct range ram[MAX_BOARD_RAM];
	struct node ram_nodes[MAX_BOARD_RAM];
	unsigned ram_count;
	struct node gic_node;
	struct range gicd, gicc, gich, gicv;
	bool eoi_is_deaf;   /* a guest's EOI doesn't make the GIC look at the line */
	uint32_t irq_count; /* 32 + SPIs */
	uint32_t intid_maintenance;
	uint32_t intid_timer[TIMER_COUNT];
	struct board_device devices[MAX_BOARD_DEVICES];
	unsigned device_count;
	const struct board_device *console;
	const struct board_device *shared[SHARED_COUNT]; /* NULL: it has none */
	const struct board_device *control;              /* for the board's own file; NULL: none */
};

/* A kind of device that the hypervisor emulates. */
struct vdev_kind {
	const char *compatible;
	const char *type;          /* its C type, the start of its functions' names */
	const char *object;        /* "uart": the object of VM 2 is vm2_uart */
	const char *const *clocks; /* the names in `clock-names`, NULL at the end */
	const char *member;        /* of struct vm_config: a pointer to it; NULL: none */
	enum shared shared;        /* what of the board's is behind it */
	bool has_words;            /* functions for words, no others (kernel/mmio.h) */
	bool is_console;
	bool is_ivc;      /* the end of channels */
	bool is_silent;   /* has no interrupt */
	bool has_clock;   /* counts by its clock: a member clock_hz */
	bool is_polled;   /* something comes from outside */
	bool is_constant; /* keeps nothing: no object, no reset */
};

/* An emulated device of a VM. */
struct vdev {
	struct node node;
	const struct vdev_kind *kind;
	struct range range;
	uint32_t intid;
	uint32_t clock_hz; /* 0: the platform's */
};

struct platform {
	struct node node;
	struct node gic_node;
	struct node timer_node;
	struct range gicd, gicc;
	uint32_t irq_count;
	uint32_t clock_hz; /* of every clock the guest's tree names */
	struct vdev vdevs[MAX_VM_DEVICES];
	unsigned vdev_count;
};

struct ram {
	struct node node;
	struct range ipa;
	uint64_t pa;
	bool has_pa; /* given by the manifest */
};

struct image {
	struct place place;
	const char *what; /* "kernel" */
	const char *path; /* the file */
	const uint8_t *bytes;
	uint64_t skip; /* where in the file */
	uint64_t length;
	uint64_t ipa;
	uint64_t hash;
	/* The first image with these bytes: this one, or one that is shared. */
	const struct image *original;
	unsigned vm, index;
	uint64_t pa; /* of the hypervisor's copy */
};

/* Memory that several VMs see. */
struct buffer {
	struct node node;
	const char *name; /* without "buffer-" */
	uint64_t bytes;
	uint64_t pa;
	bool is_cached;
};

/* ... and where one VM sees it. */
struct mapping {
	const struct buffer *buffer;
	struct node node;
	uint64_t ipa;
	bool is_writable;
};

struct vm_model {
	struct node node;
	const char *name; /* without "vm-" */
	unsigned index;
	unsigned cores[MAX_VM_VCPUS]; /* board cores */
	unsigned vcpu_count;
	unsigned first_vcpu; /* of the whole system */
	uint32_t priorities[MAX_VM_VCPUS];
	const char *time;     /* "virtual", "real" */
	const char *on_fault; /* "inject", "halt", "restart" */
	bool trusts_dma;
	bool has_pmu;
	const char *bootargs;
	struct ram ram[MAX_VM_RAM];
	unsigned ram_count;
	const struct board_device *devices[MAX_VM_DEVICES];
	unsigned device_count;
	struct platform platform;
	const struct vm_model *peers[MAX_VMS]; /* by its number for each */
	unsigned peer_count;
	bool is_console_server;
	bool is_console_client; /* of a server VM, by its emulated UART */
	struct range console;   /* its own page, or the server's pages; no bytes: none */
	struct mapping mappings[MAX_BUFFERS];
	unsigned mapping_count;
	struct image images[MAX_VM_IMAGES];
	unsigned image_count;
	struct space ipa;    /* all that is mapped or emulated */
	struct space loaded; /* all that lies in RAM at boot */
	uint32_t boot_pc;
	uint64_t tree_ipa;
	struct range initrd;
	const uint8_t *tree; /* the guest's device tree */
	uint64_t tree_bytes;
	const uint8_t *stock; /* the one it is made of, or NULL */
	uint64_t stock_bytes;
	const char *stock_path;
};

/* Who may run on a core at one time of its plan's frame. */
struct window {
	struct node node;
	struct range us;    /* in the frame */
	uint32_t end_ticks; /* of the counter */
	uint32_t vms;       /* a bit per VM; 0: nobody */
};

/* A core's plan: windows by start. */
struct plan {
	struct node node;
	unsigned core; /* of the board */
	uint32_t frame_us;
	struct window windows[MAX_PLAN_WINDOWS];
	unsigned window_count;
};

/* Where a physical interrupt goes. */
struct route {
	const char *handler;
	const struct vm_model *vm; /* passed through, or NULL */
	struct node node;          /* who wants it */
	bool is_linked;            /* the guest's end of interrupt ends it */
	bool hears_end;            /* ... by way of the hypervisor */
};

struct model {
	struct board board;
	struct node node; /* /bulkhead */
	uint32_t slice_ms;
	bool has_menu;
	uint32_t trace_events; /* a core; 0: no trace */
	struct vm_model vms[MAX_VMS];
	unsigned vm_count;
	unsigned vcpu_count;
	unsigned cores[MAX_BOARD_CORES]; /* board cores in use, ascending */
	unsigned core_count;
	const struct plan *plans[MAX_BOARD_CORES];
	unsigned plan_count;
	const struct vm_model *console_server; /* NULL: the hypervisor has the console */
	struct buffer buffers[MAX_BUFFERS];
	unsigned buffer_count;
	const struct vdev *users[SHARED_COUNT]; /* the first that shows it, or NULL */
	struct route routes[MAX_INTIDS];
	struct space pa;
	struct range hyp;    /* its code and data */
	struct range images; /* what it loads into the guests */
	uint64_t used_end;   /* of RAM */
};

/* The VM of this name; NULL, and reported with `place`, if there is none. */
const struct vm_model *model_find_vm(const struct model *model, const char *name,
				     struct place place);

/* The position in model->cores of a board core. */
unsigned model_core_index(const struct model *model, unsigned board_core);

/* The VM's vCPU on a board core, or -1. */
int model_find_vcpu(const struct vm_model *vm, unsigned board_core);

/* Is any vCPU pinned to it? */
bool model_uses_core(const struct model *model, unsigned board_core);

#endif
