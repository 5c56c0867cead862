# SPDX-License-Identifier: BSD-2-Clause
"""The names of the hypervisor's code: functions from the ELF's symbols, inlined ones
and lines from its debug information, instructions from the disassembler."""

import bisect
import functools
import re
import subprocess

CROSS = "arm-none-eabi-"


# What gcc adds to the name of a function that it has made a variant of.
VARIANT = re.compile(r"\.(isra|constprop|part|cold|lto_priv)\b.*")


class SymbolError(Exception):
    """The ELF has not got what is needed."""


def _run(tool, *arguments, **options):
    return subprocess.run([CROSS + tool, *arguments], check=True, text=True,
                          stdout=subprocess.PIPE, **options).stdout


class Symbols:
    """Of one ELF."""

    def __init__(self, elf):
        self._elf = str(elf)
        self.addresses = {}
        for line in _run("nm", "-n", self._elf).splitlines():
            address, kind, *names = line.split(maxsplit=2)
            if kind == "N":
                continue  # debug information, nameless after link-time optimisation
            name = names[0]
            if not name.startswith("$"):
                self.addresses.setdefault(name, int(address, 16))
        ends = _run("nm", "-S", "--defined-only", self._elf).splitlines()
        sized = [line.split() for line in ends if len(line.split()) == 4]
        self._ends = [int(start, 16) + int(size, 16) for start, size, *_ in sized]
        self._sorted = sorted((address, name) for name, address in self.addresses.items()
                              if self.low <= address < self.high)
        self._starts = [address for address, _ in self._sorted]
        self._frames = {}

    def __getitem__(self, name):
        if name not in self.addresses:
            raise SymbolError(f"{self._elf} has no symbol {name}: the tools in tools/bench"
                              " know the hypervisor's code by it; tell them its new name")
        return self.addresses[name]

    @property
    def low(self):
        """Where its text begins."""
        return self["hyp_text_start"]

    @property
    def high(self):
        """And ends."""
        return self["hyp_text_end"]

    @functools.cached_property
    def looks(self):
        """Where it looks for interrupts on its way: irq_poll() reads ISR (world_switch()
        does, too, but for aborts), or GICC_IAR is read."""
        polls = [address for address in self.places("irq_poll")
                 if re.match(r"mrc\b.*cr12, cr1\b", self.disassembly[address])]
        return polls + [address for address in self.places("irq_acknowledge")
                        if re.match(r"ldr\b.*#12\]", self.disassembly[address])]

    @property
    def text_bytes(self):
        """The text up to its last function's end: the rest of that page is padding."""
        return max(end for end in self._ends if end <= self.high) - self.low

    @property
    def thumb(self):
        """[(start, end)] of what is Thumb, by the mapping symbols ($a, $t; data is left to
        whichever it lies in)."""
        ranges, start = [], None
        for line in _run("nm", "-n", "--special-syms", self._elf).splitlines():
            address, kind = line.split()[0], line.split()[-1]
            if kind == "$t" and start is None:
                start = int(address, 16)
            elif (kind == "$a" or kind == "hyp_text_end") and start is not None:
                ranges.append((start, int(address, 16)))
                start = None
        return ranges

    @property
    def vectors(self):
        """Its vector tables."""
        found = [address for name, address in self.addresses.items()
                 if name.startswith("vectors_")]
        return found or [self["vectors_..."]]

    def function(self, address):
        """The symbol that an address lies in."""
        index = bisect.bisect_right(self._starts, address) - 1
        return VARIANT.sub("", self._sorted[index][1]) if index >= 0 else hex(address)

    def load_frames(self, addresses):
        """Asks for the inlined functions and lines of these addresses, all at once."""
        wanted = sorted(set(addresses) - set(self._frames))
        text = _run("addr2line", "-a", "-f", "-i", "-e", self._elf,
                    input="\n".join(map(hex, wanted)))
        frames = None
        lines = iter(text.splitlines())
        for line in lines:
            if line.startswith("0x"):
                frames = self._frames[int(line, 16)] = []
            else:
                place = re.sub(r" \(discriminator \d+\)", "", next(lines))
                frames.append((line, place))

    def frames(self, address):
        """[(function, file:line)], innermost first; functions of assembly are symbols."""
        frames = self._frames.get(address, [])
        if not frames or frames[-1][0] == "??":
            return [(self.function(address), frames[0][1] if frames else "?")]
        return frames

    @functools.cached_property
    def names(self):
        """address: all functions that it is part of, for the whole text: the symbol,
        and what is inlined there."""
        text = [address for address in self.disassembly if self.low <= address < self.high]
        self.load_frames(text)
        return {address: {self.function(address)} | {name for name, _ in self.frames(address)}
                for address in text}

    @functools.lru_cache(maxsize=None)
    def places(self, name):
        """Where a function's code is, inlined or not."""
        found = {address for address, names in self.names.items() if name in names}
        return found or {self[name]}

    @functools.cached_property
    def disassembly(self):
        """address: instruction"""
        found = {}
        for line in _run("objdump", "-d", "--no-show-raw-insn", self._elf).splitlines():
            match = re.match(r"\s*([0-9a-f]+):\s+(.*)", line)
            if match:
                found[int(match[1], 16)] = re.sub(r"\s+", " ", match[2])
        return found
