# SPDX-License-Identifier: BSD-2-Clause
"""What a timeline shows, for timeline.py (SVG) and page.py (HTML): of each core a lane
per vCPU, one for the hypervisor, one for idle; and how often it was entered, by cause.
"""

import collections

from spans import BOOT, GUEST, HYPERVISOR, IDLE

GUEST_COLOURS = ["#2f6fb0", "#d9822b", "#3d9a50", "#8a5bb0", "#b0a02f", "#2fa0a0",
                 "#b05b7e", "#6b7a2f"]
OUR_COLOUR, IDLE_COLOUR, OTHER_COLOUR = "#c23b3b", "#9aa3ad", "#c8ccd0"
CAUSE_COLOURS = ["#4f81b8", "#e39a4e", "#5fae70", "#a27fc2", "#c9665f", "#7f8c3a"]

Lane = collections.namedtuple("Lane", "name colour spans marks")  # spans: (start, end, text)
Causes = collections.namedtuple("Causes", "name colour times")


def span_of(cores):
    """(start, end) of the trace; with at least one tick between."""
    started = [core for core in cores if core.spans]
    start = min((core.start for core in started), default=0)
    return start, max([core.end for core in started] + [start + 1])


def origin_of(cores):
    """What the times of the trace are told from."""
    return min((core.origin for core in cores if core.spans), default=0)


def of_core(core, layout):
    """The lanes of one core."""
    found = []
    for number, vcpu in enumerate(layout.vcpus):
        if vcpu.core != core.number:
            continue
        spans = [(span.start, span.end, vcpu.name) for span in core.spans
                 if span.kind == GUEST and span.vcpu == number]
        marks = [mark for mark in core.marks if mark.vcpu == number
                 and mark.name in ("START", "STOP", "FAULT")]
        found.append(Lane(vcpu.name, GUEST_COLOURS[vcpu.vm % len(GUEST_COLOURS)], spans, marks))
    ours = [(span.start, span.end, span.cause + (", switch" if span.is_switch else ""))
            for span in core.spans if span.kind == HYPERVISOR]
    idle = [(span.start, span.end, IDLE) for span in core.spans if span.kind == IDLE]
    return found + [Lane(HYPERVISOR, OUR_COLOUR, ours, []), Lane(IDLE, IDLE_COLOUR, idle, [])]


def causes_of_core(core):
    """When it was entered, by the commonest causes and the others together."""
    times = collections.defaultdict(list)
    for span in core.spans:
        if span.kind == HYPERVISOR and span.cause != BOOT:
            times[span.cause].append(span.start)
    ordered = sorted(times, key=lambda cause: -len(times[cause]))
    shown = ordered[:len(CAUSE_COLOURS)]
    found = [Causes(cause, colour, times[cause]) for cause, colour in zip(shown, CAUSE_COLOURS)]
    rest = sorted(time for cause in ordered[len(shown):] for time in times[cause])
    return found + ([Causes("others", OTHER_COLOUR, rest)] if rest else [])


def coverage(spans, start, end, columns):
    """What part of each of so many equal pieces of the time the spans cover, 0 to 1."""
    found = [0.0] * columns
    scale = columns / (end - start)
    for low, high, *_ in spans:
        left, right = max((low - start) * scale, 0), min((high - start) * scale, columns)
        column = int(left)
        while column < right:
            found[column] += min(right, column + 1) - max(left, column)
            column += 1
    return [min(part, 1.0) for part in found]


def counts(times, start, end, columns):
    """How many of the times fall into each piece."""
    found = [0] * columns
    for time in times:
        found[min(int((time - start) * columns / (end - start)), columns - 1)] += 1
    return found
