# SPDX-License-Identifier: BSD-2-Clause
"""Panics of the hypervisor: no guest can bring one about, so gdb does."""

import pathlib
import re
import subprocess
import tempfile

UNDEFINED = 0xe7f000f0


def symbol(system, name):
    """An address in bulkhead.elf."""
    listing = subprocess.run(["arm-none-eabi-nm", f"build/systems/{system}/bulkhead.elf"],
                             check=True, text=True, stdout=subprocess.PIPE).stdout
    return int(re.search(rf"^([0-9a-f]+) [tT] {name}$", listing, re.M)[1], 16)


def gdb(system, *commands):
    """Runs gdb commands on the machine."""
    with tempfile.TemporaryDirectory() as folder:
        socket = pathlib.Path(folder) / "gdb"
        system.driver.hmp(f"gdbserver unix:{socket},server=on,wait=off")
        words = ["gdb-multiarch", "-nx", "-batch", "-ex", f"target remote {socket}"]
        for command in commands:
            words += ["-ex", command]
        done = subprocess.run(words, text=True, check=True, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        system.driver.hmp("gdbserver none")
        system.driver.query("cont")
    return done.stdout


def read(system, log, name):
    """Waits for the last line of a panic; returns what bhsym makes of the log."""
    system.hypervisor.expect(r"^PANIC: ")
    system.hypervisor.expect(r"^  hdfar ")
    system.hypervisor.expect(r"^  r8 ")
    system.hypervisor.expect(r"^stopped: give this log to tools/bhsym")
    return subprocess.run(["tools/bhsym", f"build/systems/{name}", log], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def expect_exception(system, log, name):
    """Spoils the scheduler's first instruction: the panic says where, and bhsym whose that
    is; returns what bhsym makes of the log."""
    at = symbol(name, "sched_run")
    gdb(system, "maintenance packet Qqemu.PhyMemMode:1",
        f"set {{unsigned int}}{at:#x} = {UNDEFINED:#x}")
    text = read(system, log, name)
    assert re.search(rf"PANIC: exception in the hypervisor\n.* pc {at:08x}, ", text)
    assert re.search(rf"^    {at:08x}  sched_run \(sched\.c:\d+\)$", text, re.M)
    return text
