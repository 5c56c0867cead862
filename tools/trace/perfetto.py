# SPDX-License-Identifier: BSD-2-Clause
"""The trace as JSON in Chrome's trace event format, which ui.perfetto.dev and
chrome://tracing open: a process per VM with its vCPUs, one for the hypervisor with
its cores; arrows from a wake-up to the moment the vCPU runs."""

import json

from spans import GUEST, HYPERVISOR, IDLE

OURS = 1  # the hypervisor's process; VM n is process n + 2


class _Writer:
    """Collects events with times in microseconds since the trace's start."""

    def __init__(self, layout, origin):
        self.events = []
        self._layout = layout
        self._origin = origin
        self._flows = 0

    def us(self, ticks):
        """A time span."""
        return round(ticks * 1e6 / self._layout.counter_hz, 3)

    def add(self, phase, place, time, name, **more):
        """An event; place: (process, thread)."""
        self.events.append({"ph": phase, "pid": place[0], "tid": place[1],
                            "ts": self.us(time - self._origin), "name": name, **more})

    def name(self, kind, place, text):
        """Names a process or a thread."""
        self.events.append({"ph": "M", "pid": place[0], "tid": place[1], "name": kind,
                            "args": {"name": text}})

    def arrow(self, latency, source, target):
        """From a moment in one thread to a later one in another."""
        self._flows += 1
        self.add("s", source, latency.start, "wake", id=self._flows, cat="wake")
        self.add("f", target, latency.end, "wake", id=self._flows, cat="wake", bp="e")


def _vcpu_place(number, layout):
    vcpu = layout.vcpus[number]
    return vcpu.vm + OURS + 1, vcpu.index


def _names(writer, cores, layout):
    writer.name("process_name", (OURS, 0), "hypervisor")
    for core in cores:
        writer.name("thread_name", (OURS, core.number), f"core {core.number}")
    for number, vcpu in enumerate(layout.vcpus):
        place = _vcpu_place(number, layout)
        writer.name("process_name", place, layout.vms[vcpu.vm])
        writer.name("thread_name", place, f"{vcpu.name} on core {vcpu.core}")


def _add_span(writer, core, span, layout):
    length = writer.us(span.end - span.start)
    if span.kind == GUEST and span.vcpu is not None:
        writer.add("X", _vcpu_place(span.vcpu, layout), span.start, "runs", dur=length)
    elif span.kind in (HYPERVISOR, IDLE):
        writer.add("X", (OURS, core.number), span.start, span.cause or span.kind, dur=length,
                   args={"from": layout.vcpu(span.vcpu), "switch": span.is_switch})


def convert(cores, layout):
    """The text of the JSON file."""
    origin = min((core.start for core in cores if core.events), default=0)
    writer = _Writer(layout, origin)
    _names(writer, cores, layout)
    for core in cores:
        for span in core.spans:
            _add_span(writer, core, span, layout)
        for mark in core.marks:
            place = ((OURS, core.number) if mark.vcpu is None
                     else _vcpu_place(mark.vcpu, layout))
            writer.add("i", place, mark.time, f"{mark.name} {mark.text}".strip(), s="t")
        for wake in core.wakes:
            writer.arrow(wake, (OURS, core.number), _vcpu_place(wake.vcpu, layout))
    return json.dumps({"displayTimeUnit": "ns", "traceEvents": writer.events})
