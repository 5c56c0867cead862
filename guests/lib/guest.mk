# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the bare-metal guests: those of our own under guests/, and the ones that
# the target tests bring along. Included by the Makefile; alone it works as
# `make -f guests/lib/guest.mk` from the top of the tree. Names start with GUEST_.
#
#   guests/<name>/*.c|*.S         -> build/guests/<name>/<name>.elf and .bin
#   tests/target/<case>/guest*.c  -> build/guests/<case>/guest*.elf and .bin
#                                    (the case's *.S and other *.c go into each)

.DELETE_ON_ERROR:
.PHONY: bare-guests
bare-guests:

BUILD ?= build
GUEST_CROSS ?= arm-none-eabi-
GUEST_OUT := $(BUILD)/guests

# Soft float picks newlib's multilib without VFP: only a guest's own instructions
# touch the VFP registers, which is what the register tests rely on.
GUEST_ARCH := -march=armv7ve -marm -mfloat-abi=soft
GUEST_CFLAGS := $(GUEST_ARCH) -masm-syntax-unified -std=gnu11 -O2 -g -ffunction-sections -fdata-sections \
	-mno-unaligned-access -Wall -Wextra -Wshadow -Werror -I. -MMD -MP
GUEST_LDFLAGS := $(GUEST_ARCH) -nostartfiles -Tguests/lib/guest.ld -Wl,--gc-sections \
	-Wl,--no-warn-rwx-segments

GUEST_LIB := $(GUEST_OUT)/lib/libguest.a
GUEST_LIB_OBJECTS := $(patsubst guests/lib/%,$(GUEST_OUT)/lib/%.o,\
	$(sort $(wildcard guests/lib/*.c guests/lib/*.S)))

# Our own guests: a name here is a folder under guests/.
GUEST_NAMES := hello control loop console-server
# The tests' guests, as <case>/<stem>.
GUEST_CASES := $(sort $(patsubst tests/target/%.c,%,$(wildcard tests/target/*/guest*.c)))

GUEST_ELVES := $(foreach n,$(GUEST_NAMES),$(GUEST_OUT)/$(n)/$(n).elf) \
	$(foreach c,$(GUEST_CASES),$(GUEST_OUT)/$(c).elf)

bare-guests: $(GUEST_ELVES) $(GUEST_ELVES:.elf=.bin)

$(GUEST_LIB): $(GUEST_LIB_OBJECTS)
	$(call say,AR,$@)
	rm -f $@
	$(GUEST_CROSS)ar rcs $@ $^

# An object keeps its source's whole name, so a.c and a.S can stand together.
$(GUEST_OUT)/%.c.o: guests/%.c guests/lib/guest.mk
	$(call say,GUESTCC,$<)
	@mkdir -p $(@D)
	$(GUEST_CROSS)gcc $(GUEST_CFLAGS) -c -o $@ $<
$(GUEST_OUT)/%.S.o: guests/%.S guests/lib/guest.mk
	$(call say,GUESTCC,$<)
	@mkdir -p $(@D)
	$(GUEST_CROSS)gcc $(GUEST_CFLAGS) -c -o $@ $<
$(GUEST_OUT)/%.c.o: tests/target/%.c guests/lib/guest.mk
	$(call say,GUESTCC,$<)
	@mkdir -p $(@D)
	$(GUEST_CROSS)gcc $(GUEST_CFLAGS) -c -o $@ $<
$(GUEST_OUT)/%.S.o: tests/target/%.S guests/lib/guest.mk
	$(call say,GUESTCC,$<)
	@mkdir -p $(@D)
	$(GUEST_CROSS)gcc $(GUEST_CFLAGS) -c -o $@ $<

# A case may have the same guest once more in Thumb code.
$(GUEST_OUT)/%_thumb.c.o: GUEST_CFLAGS += -mthumb

define GUEST_LINK
$(call say,GUESTLD,$@)
$(GUEST_CROSS)gcc $(GUEST_LDFLAGS) -o $@ $(filter %.o,$^) $(GUEST_LIB)
endef

define GUEST_OWN
$(GUEST_OUT)/$(1)/$(1).elf: $(patsubst guests/%,$(GUEST_OUT)/%.o,\
	$(sort $(wildcard guests/$(1)/*.c guests/$(1)/*.S))) $(GUEST_LIB) guests/lib/guest.ld
	$$(GUEST_LINK)
endef
$(foreach n,$(GUEST_NAMES),$(eval $(call GUEST_OWN,$(n))))

define GUEST_TEST
$(GUEST_OUT)/$(1).elf: $(GUEST_OUT)/$(1).c.o $(patsubst tests/target/%,$(GUEST_OUT)/%.o,\
	$(sort $(filter-out tests/target/$(dir $(1))guest%,\
	$(wildcard tests/target/$(dir $(1))*.[cS])))) $(GUEST_LIB) guests/lib/guest.ld
	$$(GUEST_LINK)
endef
$(foreach c,$(GUEST_CASES),$(eval $(call GUEST_TEST,$(c))))

$(GUEST_OUT)/%.bin: $(GUEST_OUT)/%.elf
	@$(GUEST_CROSS)objcopy -O binary $< $@

-include $(wildcard $(GUEST_OUT)/*/*.d)
