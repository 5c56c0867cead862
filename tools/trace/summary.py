# SPDX-License-Identifier: BSD-2-Clause
"""The trace in figures: shares of each core, exits by cause and VM, how long things
took. Text of at most 80 columns."""

import collections
import math

from spans import BOOT, GUEST, HYPERVISOR, IDLE, turns

BAR = 30


def duration(seconds):
    """A time with a unit, in at most 8 characters."""
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}" if seconds < 1000 else f"{seconds:.0f} s"
    return f"{seconds * 1e9:.0f} ns"


def percentages(parts):
    """{name: hundredths of a percent}: rounded so that they add up to 100.00."""
    total = sum(parts.values())
    exact = {name: part * 10000 / total if total else 0 for name, part in parts.items()}
    rounded = {name: int(value) for name, value in exact.items()}
    missing = 10000 - sum(rounded.values()) if total else 0
    by_rest = sorted(exact, key=lambda name: rounded[name] - exact[name])
    for name in by_rest[:missing]:
        rounded[name] += 1
    return rounded


def shares(core, layout):
    """{who: ticks} of one core: its vCPUs, the hypervisor, idle."""
    found = {vcpu.name: 0 for vcpu in layout.vcpus if vcpu.core == core.number}
    found.update({HYPERVISOR: 0, IDLE: 0})
    for span in core.spans:
        who = layout.vcpu(span.vcpu) if span.kind == GUEST else span.kind
        found[who] = found.get(who, 0) + span.end - span.start
    return found


def exits(cores, layout):
    """{cause: {VM's vCPU: [spans]}}: what brought the hypervisor in, and out of whom."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for core in cores:
        for span in core.spans:
            if span.kind == HYPERVISOR:
                vcpu = IDLE if span.vcpu is None else layout.vcpu(span.vcpu)
                found[span.cause][vcpu].append(span)
    return found


class Summary:
    """Of all cores."""

    def __init__(self, cores, layout):
        self._cores = [core for core in cores if core.events]
        self._layout = layout

    def _seconds(self, ticks):
        return ticks / self._layout.counter_hz

    def lines(self):
        """All of it."""
        for core in self._cores:
            yield from self._share_lines(core)
        yield from self._exit_lines()
        yield from self._latency_lines()

    def _share_lines(self, core):
        lost = f", {core.lost} lost" if core.lost else ""
        counts = collections.Counter(event.name for event in core.events)
        yield (f"core {core.number}: {duration(self._seconds(core.end - core.start))},"
               f" {len(core.events)} events{lost}")
        parts = shares(core, self._layout)
        rounded = percentages(parts)
        for name, ticks in parts.items():
            bar = "#" * round(rounded[name] * BAR / 10000)
            yield (f"  {name:<20.20} {rounded[name] / 100:6.2f} %"
                   f" {duration(self._seconds(ticks)):>9}  {bar}").rstrip()
        yield f"  {'total':<20} {sum(rounded.values()) / 100:6.2f} %"
        words = [f"{name} {count}" for name, count in counts.most_common()]
        yield from _fold("  events: ", words)
        yield ""

    def _exit_lines(self):
        found = exits(self._cores, self._layout)
        if not found:
            return
        yield (f"{'into the hypervisor by':<30}{'from':<14}{'times':>8}"
               + "".join(f"{word:>9}" for word in ("mean", "most", "sum")))
        rows = [(cause, vcpu, spans) for cause, by_vcpu in found.items()
                for vcpu, spans in by_vcpu.items()]
        for cause, vcpu, spans in sorted(rows, key=lambda row: -len(row[2])):
            ticks = [span.end - span.start for span in spans]
            times = [sum(ticks) / len(ticks), max(ticks), sum(ticks)]
            yield (f"  {cause:<27.27} {vcpu:<13.13} {len(ticks):>8}"
                   + "".join(f"{duration(self._seconds(time)):>9}" for time in times))
        yield ""

    def _latency_lines(self):
        spans = [span for core in self._cores for span in core.spans if span.kind == HYPERVISOR
                 and span.cause != BOOT]
        groups = [
            ("exit: from entry to return, no switch", [s for s in spans if not s.is_switch]),
            ("exit with a switch to another vCPU", [s for s in spans if s.is_switch]),
            ("interrupt to injection", [i for core in self._cores for i in core.injections]),
            ("wake to run", [wake for core in self._cores for wake in core.wakes]),
            ("turn on the core, up to a switch or sleep",
             [turn for core in self._cores for turn in turns(core)]),
        ]
        for title, found in groups:
            yield from self._histogram(title, [one.end - one.start for one in found])

    def _histogram(self, title, ticks):
        if not ticks:
            yield f"{title}: none"
            yield ""
            return
        ticks.sort()
        middle, high = ticks[len(ticks) // 2], ticks[len(ticks) * 99 // 100]
        words = [f"{word} {duration(self._seconds(value))}" for word, value in
                 (("least", ticks[0]), ("median", middle), ("99 %", high), ("most", ticks[-1]))]
        yield f"{title}: {len(ticks)}"
        yield "  " + ", ".join(words)
        buckets = collections.Counter(_bucket(self._seconds(tick)) for tick in ticks)
        largest = max(buckets.values())
        for edge in sorted(buckets):
            count = buckets[edge]
            bar = "#" * max(1, round(count * BAR / largest))
            yield f"  from {duration(edge):>7} {count:>8}  {bar}"
        yield ""


def _bucket(seconds):
    """The greatest 1, 2 or 5 times a power of ten that is not above; 0 for no tick."""
    if not seconds:
        return 0.0
    exponent = math.floor(math.log10(seconds))
    edges = [float(f"{step}e{exponent}") for step in (1, 2, 5)]
    return max(edge for edge in edges if edge <= seconds or edge == edges[0])


def _fold(head, words, width=80):
    line = head
    for word in words:
        if len(line) + len(word) + 2 > width:
            yield line.rstrip()
            line = " " * len(head)
        line += word + "  "
    yield line.rstrip()
