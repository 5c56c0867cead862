# SPDX-License-Identifier: BSD-2-Clause
"""A stopped machine seen from outside: registers through QEMU's gdbstub, memory through
its monitor, and what the build says should be there (map.txt, bulkhead.elf).

Used by hyp_map and no_stage2_faults. Nothing here asks the hypervisor anything.
"""

import collections
import pathlib
import re
import subprocess
import tempfile

from lib import build

MIB = 1 << 20
BLOCK = 2 * MIB
PAGE = 4096
VMS = ["armmp", "lpae"]
SYSTEM = "two-linux"
BUILT = build.TREE / "build/systems" / SYSTEM

Range = collections.namedtuple("Range", "start end label")
Vm = collections.namedtuple("Vm", "name vmid ipa")
Symbols = collections.namedtuple("Symbols", "address section")

LINE = re.compile(r"^ +0x(?P<start>[0-9a-f]{8})\.\.0x(?P<last>[0-9a-f]{8})"
                  r" +\d+ \w+ +(?P<label>.*)$")
VM = re.compile(r"^/bulkhead/vm-(?P<name>\S+): VMID (?P<vmid>\d+),")


class Map:
    """map.txt: who has which physical addresses, and what each VM sees where."""

    def __init__(self):
        self.physical = []
        self.vms = []
        for line in (BUILT / "map.txt").read_text().splitlines():
            vm, entry = VM.match(line), LINE.match(line)
            if vm:
                self.vms.append(Vm(vm["name"], int(vm["vmid"]), []))
            elif entry:
                found = Range(int(entry["start"], 16), int(entry["last"], 16) + 1, entry["label"])
                (self.vms[-1].ipa if self.vms else self.physical).append(found)

    def labelled(self, pattern):
        """The physical ranges whose label matches."""
        return [found for found in self.physical if re.search(pattern, found.label)]

    def hypervisors(self):
        """The registers that the hypervisor keeps to itself."""
        return self.labelled(r": the hypervisor$")

    def ram(self):
        """The RAM of all VMs."""
        return self.labelled(r": RAM$")


def read_symbols():
    """{name: (address, section)} of bulkhead.elf."""
    listing = subprocess.run(["arm-none-eabi-objdump", "-t", BUILT / "bulkhead.elf"], check=True,
                             text=True, stdout=subprocess.PIPE).stdout
    rows = re.findall(r"^([0-9a-f]{8}) .{7} (\S+)\t[0-9a-f]{8} (?:\.hidden )?(\S+)$", listing, re.M)
    return {name: Symbols(int(address, 16), section) for address, section, name in rows}


def read_sections():
    """{name: (start, end)} of bulkhead.elf's sections that have an address."""
    listing = subprocess.run(["arm-none-eabi-objdump", "-h", BUILT / "bulkhead.elf"], check=True,
                             text=True, stdout=subprocess.PIPE).stdout
    rows = re.findall(r"^ +\d+ (\.\w+) +([0-9a-f]{8})  ([0-9a-f]{8})", listing, re.M)
    return {name: (int(start, 16), int(start, 16) + int(size, 16)) for name, size, start in rows
            if int(start, 16)}


class Machine:
    """A system that was stopped: its memory by physical address, and its registers."""

    def __init__(self, system):
        self._driver = system.driver
        self._folder = tempfile.TemporaryDirectory()
        self.cores = []

    def stop(self):
        """Stops the machine at a moment when core 0 runs a guest: only then is the
        window to be closed."""
        while True:
            self._driver.query("stop")
            text = self._driver.hmp("info registers -a").replace("\r", "")
            self.cores = text.split("CPU#")[1:]
            if not re.search(r"^PSR=.* hyp32", self.cores[0], re.M):
                return
            self._driver.query("cont")

    def core(self, number):
        """PC and mode (as QEMU names it) of a core."""
        text = self.cores[number]
        return (int(re.search(r"R15=([0-9a-f]{8})", text)[1], 16),
                re.search(r"^PSR=.* (\w+)$", text, re.M)[1])

    def registers(self):
        """{name: value} of core 0, under QEMU's names; 64 bits where there are."""
        socket = pathlib.Path(self._folder.name) / "gdb"
        self._driver.hmp(f"gdbserver unix:{socket},server=on,wait=off")
        done = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-ex", "set pagination off",
                               "-ex", f"target remote {socket}", "-ex", "info registers all"],
                              text=True, check=True, timeout=60, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._driver.hmp("gdbserver none")
        rows = re.findall(r"^(\w+) +0x([0-9a-f]+)\b", done.stdout, re.M)
        assert rows, f"gdb read no registers:\n{done.stdout}"
        return {name: int(value, 16) for name, value in rows}

    def memory(self, start, count):
        """Bytes of physical memory."""
        path = pathlib.Path(self._folder.name) / "memory"
        self._driver.query("pmemsave", val=start, size=count, filename=str(path))
        return path.read_bytes()

    def table(self, start, entries):
        """Translation table descriptors, 64 bits each."""
        data = self.memory(start, 8 * entries)
        return [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]
