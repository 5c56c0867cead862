# SPDX-License-Identifier: BSD-2-Clause
"""Reads what the counting plugin wrote (write_results() in plugin.c)."""

import collections
import dataclasses

import model

NO_ROW = 255
NAMELESS = 0  # the trace that stands for all that found no place in the table


class CountsError(Exception):
    """The file is not what it should be."""


@dataclasses.dataclass
class Trace:
    """A path through the hypervisor: what it costs, and the addresses in order."""
    number: int
    cost: model.Cost
    addresses: list

    @property
    def is_cut(self):
        """Too long to be listed as a whole."""
        return len(self.addresses) < self.cost.instructions


@dataclasses.dataclass
class Counts:
    """One run."""
    guest: int = 0          # instructions that were not the hypervisor's
    boot: model.Cost = None  # from reset to the first ERET
    boot_sites: dict = dataclasses.field(default_factory=dict)   # address: executions
    traces: dict = dataclasses.field(default_factory=dict)       # number: Trace
    times: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(dict))
    samples: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(dict))
    guests: dict = dataclasses.field(default_factory=dict)  # (row, sample): instructions
    stretch: Trace = None  # the longest without a look at the interrupts
    failed: set = dataclasses.field(default_factory=set)         # (row, sample)
    is_whole: bool = False

    def taken(self, rows=None):
        """(trace, times taken) for all paths; rows: only within these."""
        for row, by_trace in self.times.items():
            if rows is None or row in rows:
                for number, times in by_trace.items():
                    yield self.traces[number], times

    @property
    def entries(self):
        """How often the hypervisor was entered."""
        return sum(times for _, times in self.taken())

    @property
    def hypervisor(self):
        """Instructions of the hypervisor's after boot."""
        return sum(trace.cost.instructions * (times if trace.number != NAMELESS else 1)
                   for trace, times in self.taken())


def _read_line(counts, words):
    what, rest = words[0], words[1:]
    if what == "guest":
        counts.guest = int(rest[0])
    elif what == "boot":
        counts.boot = model.Cost(*map(int, rest))
    elif what == "site":
        counts.boot_sites[int(rest[0], 16)] = int(rest[1])
    elif what in ("trace", "stretch"):
        cost = model.Cost(*map(int, rest[1:9]))
        trace = Trace(int(rest[0]), cost, [int(word, 16) for word in rest[9:]])
        if what == "trace":
            counts.traces[trace.number] = trace
        else:
            counts.stretch = trace
    elif what == "count":
        counts.times[int(rest[0])][int(rest[1])] = int(rest[2])
    elif what == "event":
        _read_event(counts, rest[0], *map(int, rest[1:]))
    elif what == "end":
        counts.is_whole = True


def _read_event(counts, what, row, sample, value):
    paths = counts.samples[row].setdefault(sample, [])
    if what == "p":
        paths.append(value)
    elif what == "s":
        counts.guests[row, sample] = value
    elif what == "f":
        counts.failed.add((row, sample))


def read(path):
    """The results in this file."""
    counts = Counts()
    with open(path, encoding="ascii") as file:
        if file.readline() != "bulkhead-bench 1\n":
            raise CountsError(f"{path} was not written by this plugin")
        for line in file:
            _read_line(counts, line.split())
    if not counts.is_whole:
        raise CountsError(f"{path} ends in the middle: QEMU was killed while writing")
    return counts
