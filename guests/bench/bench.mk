# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the bench guest, build/guests/bench/bench.zimage: a zImage of our own that
# runs at any address, so without newlib, and with a relocation for each address.
# Included by the Makefile after guests/lib/guest.mk.

BENCH_GUEST := $(GUEST_OUT)/bench/bench.zimage
BENCH_GUEST_OBJECTS := $(patsubst guests/%,$(GUEST_OUT)/%.o,\
	$(sort $(wildcard guests/bench/*.c guests/bench/*.S)))

$(BENCH_GUEST_OBJECTS): GUEST_CFLAGS += -ffreestanding -mword-relocations \
	-fno-tree-loop-distribute-patterns

$(BENCH_GUEST:.zimage=.elf): $(BENCH_GUEST_OBJECTS) guests/bench/bench.ld
	$(call say,GUESTLD,$@)
	$(GUEST_CROSS)gcc $(GUEST_ARCH) -nostdlib -Wl,-pie,-z,notext,--no-dynamic-linker \
		-Wl,--no-warn-rwx-segments -Tguests/bench/bench.ld -o $@ $(filter %.o,$^)

$(BENCH_GUEST): $(BENCH_GUEST:.zimage=.elf)
	$(GUEST_CROSS)objcopy -O binary $< $@

# Linux with Debian's programs in it (BENCH=programs), which are fetched when they
# are asked for. After the Makefile's INITRAMFS and DEBIAN are known.
BENCH_INITRAMFS := $(GUEST_OUT)/bench/programs.cpio.gz

$(GUEST_OUT)/debian/programs/versions:
	tools/fetch-debian programs

$(GUEST_OUT)/bench/mark: $(GUEST_OUT)/bench/linux/mark.S.o
	$(call say,GUESTLD,$@)
	$(GUEST_CROSS)ld -o $@ $<
	$(GUEST_CROSS)strip $@

$(BENCH_INITRAMFS): $(GUEST_OUT)/linux/initrd.cpio.gz $(GUEST_OUT)/debian/programs/versions \
		$(GUEST_OUT)/bench/mark $(addprefix guests/bench/linux/,make-initrd programs)
	$(call say,INITRD,$@)
	guests/bench/linux/make-initrd $< $(GUEST_OUT)/debian/programs $(GUEST_OUT)/bench/mark $@
