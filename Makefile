# SPDX-License-Identifier: BSD-2-Clause
#
# Builds a system: a manifest (SYSTEM) becomes const tables, they and the sources
# become one image in build/systems/NAME. `make help` lists what can be asked for,
# `make V=1` shows the commands. tools/setup installs what is needed here.
#
#   manifest.dts -dtc-> manifest.dtb -mksystem-> system.c, system.S, board.h
#   sources -gcc-> obj/ -ar-> libbulkhead.a -ld-> bulkhead.elf -objcopy-> .bin
#
# Only what the manifest's tables refer to is linked: all objects but the reset
# code and the tables come from an archive.

SYSTEM ?= two-linux## manifest: a name in config/ or the path of a .dts
ENTRY  ?= kernel## how QEMU enters it: kernel, elf, flash (-bios), pflash
KERNEL ?=## a guest kernel of your own, in place of the manifest's
INITRD ?=## an initramfs of your own, likewise
BENCH  ?=## for bench: only these rows, names separated by commas
VM     ?=## for native: the VM, by its name without vm-
SECONDS ?= 20## for trace: how long
CARD   ?=## for run: an image for the card slot of a Versatile Express
CONSOLE ?= stdio## none: qemu-cmd without console, for scripts that add theirs

BUILD    := build
MANIFEST := $(if $(filter %.dts,$(SYSTEM)),$(SYSTEM),config/$(SYSTEM).dts)
NAME     := $(basename $(notdir $(MANIFEST)))
B        := $(BUILD)/systems/$(NAME)
MKSYSTEM := $(BUILD)/host/mksystem

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := image
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
$(if $(V),,$(eval .SILENT:))
say = @$(if $(V),:,printf '  %-8s %s\n' $(1) $(2))

# ---- Tools and flags ---------------------------------------------------------

CROSS ?= arm-none-eabi-
CC    := $(CROSS)gcc

ARCH := -march=armv7ve -marm -mgeneral-regs-only -mfloat-abi=soft
# Tables fill every slot with a default first and then override some.
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -Wundef -Wvla -Wno-override-init -Werror
INCLUDES := -I. -I$(B)
# Link-time optimisation: the way of a trap goes through many small files. Tables of
# jumps would cost more text than they save instructions.
OPTIMIZE := -O2 -flto -fno-jump-tables -fno-section-anchors
CFLAGS := -std=c11 $(ARCH) -ffreestanding $(OPTIMIZE) -g -fno-common -ffunction-sections \
	-fdata-sections -fno-tree-loop-distribute-patterns -fno-stack-protector \
	-fomit-frame-pointer $(WARNINGS) $(INCLUDES)
ASFLAGS := $(ARCH) -g $(INCLUDES)
DEPFLAGS = -MMD -MP
LDFLAGS := $(ARCH) $(OPTIMIZE) -nostartfiles -nostdlib -Wl,--gc-sections \
	-Wl,--orphan-handling=error -Wl,--fatal-warnings

HOST_CC     ?= gcc
# libfdt's macros convert size_t to int.
HOST_CFLAGS := -std=gnu11 -O2 -g $(filter-out -Wconversion,$(WARNINGS)) -I.

# ---- Guests ------------------------------------------------------------------

include guests/lib/guest.mk
-include guests/bench/bench.mk

DEBIAN := $(BUILD)/guests/debian
DEBIAN_FILES := vmlinuz-armmp vmlinuz-armmp-lpae vexpress-v2p-ca15-tc1.dtb
INITRAMFS := $(BUILD)/guests/linux/initrd.cpio.gz
# With the drivers of one kernel.
DRIVER_INITRAMFS := $(addprefix $(BUILD)/guests/linux/initrd-,armmp.cpio.gz armmp-lpae.cpio.gz)
INITRAMFS_FILES := $(addprefix guests/linux/,make-initrd init profile loop-data default.script)

$(INITRAMFS): $(DEBIAN)/busybox $(INITRAMFS_FILES)
	$(call say,INITRD,$@)
	mkdir -p $(@D)
	guests/linux/make-initrd $< $@

$(DRIVER_INITRAMFS): $(BUILD)/guests/linux/initrd-%.cpio.gz: $(DEBIAN)/busybox \
		$(DEBIAN)/modules-%/order $(INITRAMFS_FILES)
	$(call say,INITRD,$@)
	mkdir -p $(@D)
	guests/linux/make-initrd $< $@ $(DEBIAN)/modules-$*

$(addprefix $(DEBIAN)/,$(DEBIAN_FILES) busybox modules-armmp/order modules-armmp-lpae/order) &:
	tools/fetch-debian

guests: bare-guests $(INITRAMFS) $(DRIVER_INITRAMFS) ## all guests: bare-metal ones and Linux's initramfs

# ---- The manifest and its compiler -------------------------------------------

DTC := dtc -q -I dts -i $(dir $(MANIFEST)) -i config
MKSYSTEM_ARGS := $(if $(KERNEL),--kernel $(KERNEL)) $(if $(INITRD),--initrd $(INITRD))

# Each string in the manifest that is the name of an image we can build is built
# first. (An image that is neither there nor ours is mksystem's to report.)
BUILDABLE := $(GUEST_ELVES) $(GUEST_ELVES:.elf=.bin) $(BENCH_GUEST) $(INITRAMFS) \
	$(DRIVER_INITRAMFS) $(BENCH_INITRAMFS) \
	$(addprefix $(DEBIAN)/,$(DEBIAN_FILES))

SYSTEM_GOALS := all image run qemu-cmd gdb loc size memmap native native-cmd tables \
	trace
ifneq ($(filter $(SYSTEM_GOALS) $(B)/%,$(or $(MAKECMDGOALS),image)),)
ifeq ($(wildcard $(MANIFEST)),)
$(error there is no $(MANIFEST). SYSTEM= is a name in config/ ($(basename \
	$(notdir $(wildcard config/*.dts)))) or the path of a .dts)
endif
IMAGES := $(filter $(BUILDABLE),$(KERNEL) $(INITRD) $(addprefix $(BUILD)/guests/,\
	$(shell $(DTC) -O dts $(MANIFEST) 2>/dev/null | grep -o '"[^"]*"' | tr -d '"')))
-include $(B)/manifest.dtb.d $(B)/mksystem.stamp.d
include $(B)/system.mk
endif

$(MKSYSTEM): $(patsubst tools/mksystem/%.c,$(BUILD)/host/%.o,\
		$(wildcard tools/mksystem/*.c))
	$(call say,HOSTLD,$@)
	$(HOST_CC) -o $@ $^ -lfdt

$(BUILD)/host/%.o: tools/mksystem/%.c
	$(call say,HOSTCC,$<)
	mkdir -p $(@D)
	$(HOST_CC) $(HOST_CFLAGS) $(DEPFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/host/*.d)

$(B)/manifest.dtb: $(MANIFEST)
	$(call say,DTC,$<)
	mkdir -p $(@D)
	$(DTC) -O dtb -d $@.d -o $@ $< || { echo "Labels of devices that a VM can be" \
		"given are in config/boards/*.dtsi, in the board that $< includes" >&2; exit 1; }

# The same tree once more as text, with the file, line and column of each node.
$(B)/manifest.dts: $(B)/manifest.dtb
	$(DTC) -O dts -T -T -o $@ $(MANIFEST)

# What else the tables depend on: rewritten only when it differs.
$(B)/arguments: FORCE
	mkdir -p $(@D)
	echo '$(MKSYSTEM_ARGS)' | cmp -s - $@ || echo '$(MKSYSTEM_ARGS)' >$@

# mksystem leaves alone what would be the same; so the stamp says when it last ran.
# Its own list of the images it read, system.d, is kept as the stamp's.
$(B)/mksystem.stamp: $(MKSYSTEM) $(B)/manifest.dtb $(B)/manifest.dts $(B)/arguments $(IMAGES)
	$(call say,MKSYSTEM,$(MANIFEST))
	$(MKSYSTEM) --dtb $(B)/manifest.dtb --source $(B)/manifest.dts --out $(B) \
		--images $(BUILD)/guests --images $(dir $(MANIFEST)) $(MKSYSTEM_ARGS)
	sed '1s|^.*system\.c:|$@:|' $(B)/system.d >$@.d
	touch $@

$(addprefix $(B)/,system.mk system.c system.S generated/board.h): $(B)/mksystem.stamp ;

tables: $(B)/system.mk ## the manifest's tables only: system.c, map.txt, VMs' trees

# ---- The hypervisor ----------------------------------------------------------

# Of the two consoles, the manifest's (its system.mk). A test may bring a UART of its own.
CONSOLES := kernel/console.c kernel/console_client.c
UART     := arch/uart.c
SOURCES  := $(filter-out arch/uart.c $(filter-out $(CONSOLE_SOURCE),$(CONSOLES)),\
	$(wildcard arch/*.c arch/*.S kernel/*.c kernel/vdev/*.c vgic/*.c vtimer/*.c ivc/*.c)) \
	$(UART) $(if $(BOARD),$(wildcard arch/boards/$(BOARD).c arch/boards/$(BOARD)_*.[cS]))
ROOTS   := $(addprefix $(B)/obj/,arch/start.S.o system.c.o system.S.o)
OBJECTS := $(filter-out $(ROOTS) $(B)/obj/arch/offsets.c.o,$(SOURCES:%=$(B)/obj/%.o))

# Thumb for what is off the hot paths, or as short in it; for size, where it seldom runs at
# all. Guests are entered from ARM code (the assembler refuses anything else), and our own
# exceptions are taken in it: HSCTLR.TE is 0.
THUMB := $(addprefix kernel/,console_client.c emulate.c fault.c format.c guest_ram.c input.c mmio.c \
		request.c timeout.c) \
	vgic/vgic.c
SMALL := $(addprefix kernel/,condition.c console_words.c cp15.c hypercall.c main.c menu.c \
		menu_trace.c panic.c pause.c plan.c report.c secondary.c vcpu.c vm.c) \
	$(patsubst %,kernel/vdev/%.c,vpl031 vpl111 vsp810 vsysreg) \
	$(patsubst %,arch/%.c,cache decode gic regfile stage1) arch/boards/%.c \
	$(patsubst %,vgic/%.c,remote vgicc)
$(patsubst %,$(B)/obj/%.o,$(THUMB) $(SMALL)): CFLAGS += -mthumb
$(SMALL:%=$(B)/obj/%.o): CFLAGS += -Os

$(B)/obj/%.c.o: %.c Makefile | $(B)/generated/board.h
	$(call say,CC,$<)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(B)/obj/%.S.o: %.S Makefile | $(B)/generated/offsets.h
	$(call say,AS,$<)
	mkdir -p $(@D)
	$(CC) $(ASFLAGS) $(DEPFLAGS) -c -o $@ $<

$(B)/obj/system.%.o: $(B)/system.% | $(B)/generated/offsets.h
	$(call say,TABLES,$<)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DEPFLAGS) -c -o $@ $<

# Offsets of structure members for assembly: C leaves them in a .s as "->NAME 42".
$(B)/generated/offsets.s: arch/offsets.c $(B)/generated/board.h
	$(call say,OFFSETS,$@)
	$(CC) $(CFLAGS) -fno-lto $(DEPFLAGS) -S -o $@ $<

$(B)/generated/offsets.h: $(B)/generated/offsets.s
	sed -n 's/^.*"->\([A-Za-z0-9_]*\) #\{0,1\}\(-\{0,1\}[0-9]*\)".*/#define \1 \2/p' $< >$@
	test -s $@ || { echo "arch/offsets.c left no ->NAME lines in $<" >&2; exit 1; }

# Thin: two members may have the same name in different folders.
$(B)/libbulkhead.a: $(OBJECTS)
	rm -f $@
	$(CROSS)gcc-ar rcsT $@ $^

$(B)/linker.ld: linker.ld $(B)/generated/board.h
	$(CC) -E -P -x c $(INCLUDES) -MMD -MT $@ -MF $@.d -o $@ $<

$(B)/bulkhead.elf: $(ROOTS) $(B)/libbulkhead.a $(B)/linker.ld
	$(call say,LD,$@)
	$(CC) $(LDFLAGS) -Wl,-Map=$(B)/bulkhead.map -T $(B)/linker.ld -o $@ $(ROOTS) \
		-Wl,--start-group $(B)/libbulkhead.a -lc -lgcc -Wl,--end-group

$(B)/bulkhead.bin: $(B)/bulkhead.elf
	$(CROSS)objcopy -O binary $< $@

# A flash device wants a file of exactly its own size.
$(B)/bulkhead.pflash: $(B)/bulkhead.bin
	cp $< $@
	truncate -s 64M $@

-include $(ROOTS:.o=.d) $(OBJECTS:.o=.d) $(B)/generated/offsets.d $(B)/linker.ld.d

# ---- What to ask for ---------------------------------------------------------

ENTRY_IMAGE_kernel := $(B)/bulkhead.bin
ENTRY_IMAGE_elf    := $(B)/bulkhead.elf
ENTRY_IMAGE_flash  := $(B)/bulkhead.bin
ENTRY_IMAGE_pflash := $(B)/bulkhead.pflash
ENTRY_IMAGE := $(or $(ENTRY_IMAGE_$(ENTRY)),$(error ENTRY=$(ENTRY) is not one of \
	kernel, elf, flash, pflash))

KEYS_HINT := Ctrl-] then h: what the console can do, and how to leave.

image: $(B)/bulkhead.bin ## build/systems/NAME/bulkhead.bin, and .elf (the default)
	@echo "$(B)/bulkhead.bin: $$(stat -c %s $<) bytes"

all: image guests ## the image, and all guests

run: image $(ENTRY_IMAGE) ## boot it in QEMU, on this terminal
	@echo "$(KEYS_HINT)"
	$$(tools/qemu-cmd -e $(ENTRY) $(if $(CARD),-s $(CARD)) $(B))

qemu-cmd: image $(ENTRY_IMAGE) ## print the QEMU command line, as the last line
	@tools/qemu-cmd -e $(ENTRY) -c $(CONSOLE) $(B)

gdb: image $(ENTRY_IMAGE) ## boot it stopped, with gdb-multiarch attached
	tools/gdb -e $(ENTRY) $(B)

native: tables ## boot VM=name's own images and device tree without the hypervisor
	$$(tools/qemu-cmd -n "$(VM)" $(B))

native-cmd: tables ## print the command line of `make native`
	@tools/qemu-cmd -n "$(VM)" -c $(CONSOLE) $(B)

-include tools/bench/bench.mk

trace: image ## record SECONDS of a SYSTEM with trace-events: figures, timeline
	tools/bhtrace record -s $(B) --seconds $(SECONDS) -o $(B)/trace
	tools/bhtrace ctf -s $(B) $(B)/trace -o $(B)/trace/ctf
	tools/bhtrace json -s $(B) $(B)/trace -o $(B)/trace/perfetto.json
	tools/bhtrace timeline -s $(B) $(B)/trace -o $(B)/trace
	tools/bhtrace summary -s $(B) $(B)/trace

bench: $(BENCH_PLUGIN) ## instructions and cycles of each path, beside others' figures
	tools/bench/report $(if $(BENCH),--only $(BENCH))

test: ## all tests, after check
	tools/test

host-tests: ## tests of pure logic, on this machine
	/usr/bin/pytest -q tests/host

target-tests: ## tests in QEMU
	/usr/bin/pytest -q tests/target

mutants: ## break the code and see its tests fail (MUTANT=name: only one)
	tests/mutants/run --report $(BUILD)/mutants.md

check: ## format, includes, static analysis, limits: under 50 s
	tools/check/all

size: image ## bytes of text and read-only data, then of RAM
	tools/size $(B)/bulkhead.elf

memmap: image ## what lies where: the board's memory and each VM's
	cat $(B)/map.txt

loc: image ## lines of code linked into SYSTEM; the figure is the last line
	tools/loc $(B)

clean: ## remove what was built; downloaded kernels stay
	rm -rf $(BUILD)/systems $(BUILD)/host $(filter-out $(DEBIAN),$(wildcard $(BUILD)/guests/*))

distclean: ## remove build/ altogether
	rm -rf $(BUILD)

help: ## this list
	@echo "make TARGET [SYSTEM=two-linux]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | sort | expand -t 16
	@sed -n 's/^\([A-Z]*\) *?=[^#]*## \(.*\)/  \1=\t\2/p' Makefile | expand -t 16

# For the checks: the value of a variable, as in `make print-CFLAGS`.
print-%:
	@echo '$($*)'

FORCE:
.PHONY: FORCE all bench check clean distclean gdb guests help host-tests image loc memmap \
	mutants native native-cmd qemu-cmd run size tables target-tests test trace
