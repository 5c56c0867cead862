# SPDX-License-Identifier: BSD-2-Clause
#
# `make bench`: the counting plugin for QEMU, and the program that runs it and prints
# the table. Included by the Makefile.

BENCH_PLUGIN := $(BUILD)/host/bench.so

$(BENCH_PLUGIN): $(wildcard tools/bench/*.c tools/bench/*.h)
	$(call say,HOSTLD,$@)
	mkdir -p $(@D)
	$(HOST_CC) $(HOST_CFLAGS) -shared -fPIC -fvisibility=hidden -o $@ $(filter %.c,$^) -lpthread
