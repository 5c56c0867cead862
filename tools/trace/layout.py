# SPDX-License-Identifier: BSD-2-Clause
"""What a system's trace looks like in memory, and the names of what is in it.

The events are kernel/trace_ring.h's list, the causes arch/hsr.h's; the ring's size, the
VMs, vCPUs and interrupts come from what mksystem made of the manifest. Nothing is
written down a second time here. Used by bhtrace and all its other modules.
"""

import collections
import pathlib
import re
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]
SYSTEMS = pathlib.Path("build/systems")
NOBODY = 0xffffffff

Definition = collections.namedtuple("Definition", "name a b")
Vcpu = collections.namedtuple("Vcpu", "vm core index name")

# arch/hsr.h's classes in words, where their names say too little.
CAUSES = {
    "WFX": "WFI", "CP15_32": "system register", "CP15_64": "system register",
    "CP14_32": "debug register", "CP14_64": "debug register", "CP14_LDC": "debug register",
    "HCPTR": "VFP", "HVC": "hypercall", "SMC": "SMC",
    "PREFETCH_ABORT": "instruction abort", "DATA_ABORT": "data abort",
}
DATA_ABORT = 0x24


class TraceError(Exception):
    """Something the user can do something about; shown without a stack trace."""


def _read(path, why):
    try:
        return path.read_text()
    except OSError as error:
        raise TraceError(f"{path}: {error.strerror}; {why}") from error


def parse_events(text):
    """enum trace_event of kernel/trace_ring.h as Definitions; the unused operand of an event
    is None."""
    body = re.search(r"enum trace_event {(.*?)};", text, re.S)
    found = re.findall(r"TRACE_(\w+), +/\* (\w+), (\w+): ", body[1]) if body else []
    if not found:
        raise TraceError("kernel/trace_ring.h has no enum trace_event that I can read")
    return [Definition(name, *(None if operand == "none" else operand for operand in operands))
            for name, *operands in found]


def parse_classes(text):
    """The exception classes of arch/hsr.h: number -> words."""
    found = re.findall(r"\bHSR_EC_(\w+) = (0x[0-9a-f]+),", text)
    return {int(number, 16): CAUSES.get(name, name.lower().replace("_", " "))
            for name, number in found}


def _parse_vcpus(text, vms):
    rows = re.findall(r"^\t\[\d+\] = \{ \.vm = &vms\[(\d+)\],.*?"
                      r"\.core = &cores\[(\d+)\], \.index = (\d+)", text, re.M | re.S)
    rows = [tuple(map(int, row)) for row in rows]
    count = collections.Counter(vm for vm, _, _ in rows)
    return [Vcpu(vm, core, index, vms[vm] if count[vm] == 1 else f"{vms[vm]}.{index}")
            for vm, core, index in rows]


class Layout:
    """Of one system, by its name or its folder below build/systems."""

    def __init__(self, system, tree=TREE):
        folder = pathlib.Path(system)
        self.folder = folder if folder.is_dir() else tree / SYSTEMS / folder.name
        self.name = self.folder.name
        why = f"build the system first: make image SYSTEM={self.name}"
        text = _read(self.folder / "generated" / "board.h", why)
        board = dict(re.findall(r"#define (\w+)\s+(\w+)", text))
        self.capacity = int(board.get("CONFIG_TRACE_EVENTS", "0"), 0)
        if not self.capacity:
            raise TraceError(f"{self.name} has no trace: write `trace-events = <8192>;` into"
                             " /bulkhead of its manifest and build it again")
        self.core_count = int(board["CONFIG_CORE_COUNT"], 0)
        self.counter_hz = int(board["BOARD_COUNTER_HZ"], 0)
        self.ram_base = int(board["BOARD_RAM_BASE"], 0)
        trace_h = _read(tree / "kernel/trace_ring.h", "is this Bulkhead's tree?")
        self.events = parse_events(trace_h)
        self.magic = int(re.search(r"#define TRACE_MAGIC (0x\w+?)u", trace_h)[1], 16)
        self.classes = parse_classes(_read(tree / "arch/hsr.h", "is this Bulkhead's tree?"))
        self._parse_tables(_read(self.folder / "system.c", why))

    def _parse_tables(self, text):
        self.vms = re.findall(r"^\t\t\.name = \"([^\"]+)\"", text, re.M)
        self.vcpus = _parse_vcpus(text, self.vms)
        self._vmids = dict(zip(map(int, re.findall(r"\.vmid = (\d+)", text)), self.vms))
        self._handlers = {int(number): handler for number, handler in
                          re.findall(r"\[(\d+)\] = \{ \.handle = (\w+)", text)}

    def vcpu(self, number):
        """The name of a vCPU."""
        if number in (None, NOBODY):
            return "nobody"
        return self.vcpus[number].name if number < len(self.vcpus) else f"vCPU {number}?"

    def vm(self, vmid):
        """The name of a VM by its VMID."""
        return self._vmids.get(vmid, f"VMID {vmid}?")

    def vmids(self):
        """[(VMID, name)]"""
        return list(self._vmids.items())

    def cause(self, hsr):
        """Why an instruction trapped."""
        number = hsr >> 26
        words = self.classes.get(number, f"class {number:#04x}")
        if number == DATA_ABORT:
            return "device write" if hsr & 1 << 6 else "device read"
        return "WFE" if words == "WFI" and hsr & 1 else words

    def interrupt(self, iar):
        """Which physical interrupt came."""
        intid = iar & 0x3ff
        handler = self._handlers.get(intid, "unexpected")
        return f"irq {intid} {re.sub('^irq_|_irq$', '', handler)}"

    def place(self):
        """Where the rings lie: (address, bytes), from the image's symbol."""
        elf = self.folder / "bulkhead.elf"
        try:
            text = subprocess.run(["arm-none-eabi-nm", "-S", elf], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise TraceError(f"no symbols from {elf}: {error}") from error
        match = re.search(r"^(\w+) (\w+) \w trace_rings(?:\.\w+)*$", text, re.M)
        if not match:
            raise TraceError(f"{elf} has no trace_rings: it is older than its manifest;"
                             f" make image SYSTEM={self.name}")
        return int(match[1], 16), int(match[2], 16)
