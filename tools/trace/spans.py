# SPDX-License-Identifier: BSD-2-Clause
"""What each core did when: the events made into spans of time without a hole.

A core runs a guest, or the hypervisor, or sleeps. A span of the hypervisor's goes
from an exit or an interrupt to the return into a guest or to sleep, and bears the
name of what it began with. Before the first event that tells, nothing is known.
"""

import collections

from layout import NOBODY

GUEST, HYPERVISOR, IDLE = "guest", "hypervisor", "idle"
BOOT, UNTRACED, CUT = "boot", "untraced entry", "before the trace"

# vcpu: who runs; of the hypervisor's spans: who was interrupted. All: may be None.
Span = collections.namedtuple("Span", "start end kind vcpu cause is_switch")
Latency = collections.namedtuple("Latency", "start end vcpu")
Mark = collections.namedtuple("Mark", "time name vcpu text")


class Core:
    """The history of one core."""

    def __init__(self, number, events, layout, start=None):
        self.number = number
        self.events = events
        self.spans = []
        self.marks = []        # what happened in an instant
        self.injections = []   # Latency: interrupt to list register
        self.wakes = []        # Latency: wanting the core to running
        self.lost = sum(event.lost for event in events)
        self._layout = layout
        self._open = None      # the span that has not ended: a Span with end None
        self._irq = None
        self._waking = {}
        self._loaded = self._first_loaded()
        if start is not None and events:
            self._begin(start, HYPERVISOR, BOOT)
        for event in events:
            self._take(event)
        if events:
            self._end(events[-1].time)
        self.origin = self.start  # what times are told from, also when it is cut

    @property
    def start(self):
        """When what is known begins."""
        return self.spans[0].start if self.spans else 0

    @property
    def end(self):
        """When it ends."""
        return self.spans[-1].end if self.spans else 0

    def cut(self, start, end):
        """Keeps what lies between two times."""
        self.spans = [span._replace(start=max(span.start, start), end=min(span.end, end))
                      for span in self.spans if span.start < end and span.end > start]
        self.events = [event for event in self.events if start <= event.time <= end]
        self.marks = [mark for mark in self.marks if start <= mark.time <= end]
        self.injections = [one for one in self.injections if start <= one.start <= end]
        self.wakes = [one for one in self.wakes if start <= one.start <= end]
        self.lost = sum(event.lost for event in self.events)

    def _first_loaded(self):
        """Whose registers the core held before the first event: the first switch says
        so; without one it is the only vCPU of this core, if there is only one."""
        for event in self.events:
            if event.name == "SWITCH":
                return event.a
        mine = [number for number, vcpu in enumerate(self._layout.vcpus)
                if vcpu.core == self.number]
        return mine[0] if len(mine) == 1 else NOBODY

    def _running(self):
        return None if self._loaded == NOBODY else self._loaded

    def _begin(self, time, kind, cause=None, is_switch=False):
        vcpu = None if kind == IDLE or self._is(IDLE) or cause == BOOT else self._running()
        self._end(time)
        self._open = Span(time, None, kind, vcpu, cause, is_switch)

    def _end(self, time):
        if self._open:
            self.spans.append(self._open._replace(end=time))
        self._open = None

    def _is(self, kind):
        return self._open is not None and self._open.kind == kind

    def _take(self, event):
        if event.lost:
            self._forget()
        # Only the hypervisor writes events; these don't say how it came in.
        if event.name not in ("EXIT", "IRQ", "RETURN", "IDLE") and not self._is(HYPERVISOR):
            self._begin(event.time, HYPERVISOR, UNTRACED if self._open else CUT)
        handler = getattr(self, "_take_" + event.name.lower(), None)
        if handler:
            handler(event)
        self._mark(event)

    def _forget(self):
        """Events are missing here."""
        self._open, self._irq = None, None
        self._waking.clear()

    def _take_exit(self, event):
        self._begin(event.time, HYPERVISOR, self._layout.cause(event.a))

    def _take_irq(self, event):
        self._irq = event.time
        if not self._is(HYPERVISOR):
            self._begin(event.time, HYPERVISOR, self._layout.interrupt(event.a))

    def _take_return(self, event):
        self._irq = None
        self._begin(event.time, GUEST)
        asked = self._waking.pop(self._loaded, None)
        if asked is not None:
            self.wakes.append(Latency(asked, event.time, self._loaded))

    def _take_idle(self, event):
        self._irq = None
        if not self._is(IDLE):
            self._begin(event.time, IDLE)

    def _take_switch(self, event):
        self._loaded = event.b
        self._open = self._open._replace(is_switch=True)

    def _take_inject(self, event):
        if self._irq is not None:
            self.injections.append(Latency(self._irq, event.time, event.a))
            self._irq = None  # the first that an interrupt leads to

    def _take_wake(self, event):
        self._waking.setdefault(event.a, event.time)

    def _mark(self, event):
        layout, name = self._layout, event.name
        if name in ("START", "STOP"):
            vcpus = [n for n, vcpu in enumerate(layout.vcpus)
                     if layout.vms[vcpu.vm] == layout.vm(event.a)]
            text = f"restart {event.b}" if name == "START" and event.b else ""
            self.marks.append(Mark(event.time, name, vcpus[0] if vcpus else None, text))
        elif name == "FAULT":
            text = f"{layout.cause(event.a)} at {event.b:#010x}"
            self.marks.append(Mark(event.time, name, self._running(), text))
        elif name == "INJECT":
            self.marks.append(Mark(event.time, name, event.a, f"interrupt {event.b}"))
        elif name in ("WAKE", "BLOCK"):
            self.marks.append(Mark(event.time, name, event.a, ""))


def turns(core):
    """How long each vCPU had the core at a stretch, exits handled on the way included:
    [Latency]. The first and the last, which the trace cuts, are left out."""
    found, current, is_whole = [], None, False
    for span in core.spans:
        if span.kind == GUEST:
            if current is None:
                current = Latency(span.start, span.end, span.vcpu)
            current = current._replace(end=span.end)
        elif current and (span.kind == IDLE or span.is_switch):
            if is_whole:
                found.append(current)
            current = None
            is_whole = True
        elif span.kind == IDLE or span.is_switch:
            is_whole = True
    return found


def analyse(events, starts, layout):
    """[Core] of decoded events; starts: {core: time of trace_init()} where the trace is
    known from there."""
    return [Core(number, events[number], layout, starts.get(number)) for number in sorted(events)]
