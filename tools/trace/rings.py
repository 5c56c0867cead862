# SPDX-License-Identifier: BSD-2-Clause
"""Finds the rings of kernel/trace_ring.h in a dump of memory and puts them in order.

A dump may be of the rings alone, or of memory that has them somewhere, raw or in a
core file: they are found by their magic number. Several dumps of one run are joined
by the events' numbers, so that dumps taken often enough make one unbroken trace.
"""

import collections
import struct

from layout import TraceError

# magic, core, counter_hz, count, start, capacity. A ring in memory has 0 there, for
# CONFIG_TRACE_EVENTS; a file of recorder.py's says how many entries follow.
HEADER = struct.Struct("<4I2Q")
ENTRY = struct.Struct("<4I")     # time, event, a, b
WORD = 1 << 32
LOST = 0xffffffff                # as the event: this one was overwritten unread

Header = collections.namedtuple("Header", "magic core counter_hz count start capacity")

# time: the counter, all its bits. lost: how many events before this one are missing.
Event = collections.namedtuple("Event", "time name a b lost")


class Ring:
    """What one core wrote, as far as the dumps have it."""

    def __init__(self, header):
        self.core = header.core
        self.counter_hz = header.counter_hz
        self.start = header.start
        self.entries = {}  # by number, counted from the first ever written

    def add(self, header, raw):
        """The entries of one dump."""
        if header.start != self.start:
            raise TraceError(f"the dumps are of different runs: core {self.core}'s trace"
                             f" begins at {self.start} in one, {header.start} in another")
        entries = list(ENTRY.iter_unpack(raw))
        # After 2^32 events the count is small again, but the ring is full.
        is_full = header.count >= len(entries) or any(entries[-1])
        first = header.count - len(entries) if is_full else 0
        found = {number: entries[number % len(entries)] for number in range(first, header.count)
                 if entries[number % len(entries)][1] != LOST}
        _drop_unfinished(found, header.count - 1)
        self.entries.update(found)

    @property
    def is_from_start(self):
        """Is the first event there?"""
        return min(self.entries, default=None) == 0

    def unwrap(self):
        """[(number, time, event, a, b)] with the times' upper halves. If the first
        event is gone, they are right but for a multiple of 2^32."""
        time, found = self.start, []
        for number in sorted(self.entries):
            low, event, a, b = self.entries[number]
            time += (low - time) % WORD
            found.append((number, time, event, a, b))
        return found


def _drop_unfinished(found, last):
    """The core may have been stopped between counting an event and writing it: then
    the last one is still empty, or its time is not after its predecessor's."""
    if last not in found:
        return
    before = found.get(last - 1, found[last])
    if not any(found[last]) or (found[last][0] - before[0]) % WORD >= WORD // 2:
        del found[last]


def long_ring(header, entries):
    """The bytes of a ring as large as what was read of it: {number: entry}."""
    first = min(entries)
    missing = (0, LOST, 0, 0)
    found = [entries.get(number, missing) for number in range(first, max(entries) + 1)]
    found = [missing] * first + found
    header = header._replace(count=len(found), capacity=len(found))
    return HEADER.pack(*header) + b"".join(ENTRY.pack(*entry) for entry in found)


def _candidates(data, magic):
    pattern = magic.to_bytes(4, "little")
    place = data.find(pattern)
    while place >= 0:
        if place + HEADER.size <= len(data):
            yield place, Header(*HEADER.unpack_from(data, place))
        place = data.find(pattern, place + 1)


def find(data, layout):
    """The rings in a dump: [(Header, bytes of its entries)], by core."""
    found = {}
    for place, header in _candidates(data, layout.magic):
        if header.core >= layout.core_count or not header.counter_hz:
            continue
        size = (header.capacity or layout.capacity) * ENTRY.size
        start = place + HEADER.size
        if start + size > len(data):
            raise TraceError(f"the dump ends within the ring of core {header.core}: dump"
                             f" {HEADER.size + size} bytes a core, or see `bhtrace where`")
        found[header.core] = (header, data[start:start + size])
    return [found[core] for core in sorted(found)]


def join(dumps, layout):
    """The rings of all dumps, joined: [Ring], by core."""
    rings = {}
    for data in dumps:
        for header, raw in find(data, layout):
            if header.core not in rings:
                rings[header.core] = Ring(header)
            rings[header.core].add(header, raw)
    if not rings:
        raise TraceError(f"no ring of {layout.name} in it: is it a dump of this system's memory,"
                         " from `bhtrace where` on, taken after the hypervisor has started?")
    return [rings[core] for core in sorted(rings)]


def _align(times):
    """Shifts whole traces by multiples of 2^32, so that all cores end together: what
    is known from the start stays, the others come as near to it as they can."""
    known = [found[-1][1] for ring, found in times if found and ring.is_from_start]
    ends = known or [found[-1][1] for _, found in times if found]
    for ring, found in times:
        if found and not ring.is_from_start:
            yield ring, max(0, max(ends) - found[-1][1] + WORD // 2) // WORD * WORD
        else:
            yield ring, 0


def decode(rings, layout):
    """{core: [Event]}, in the order written."""
    times = [(ring, ring.unwrap()) for ring in rings]
    decoded = {}
    for (ring, shift), (_, found) in zip(_align(times), times):
        events, expected = [], found[0][0] if found else 0
        for number, time, event, a, b in found:
            if event >= len(layout.events):
                raise TraceError(f"event {event} on core {ring.core} is not in"
                                 " kernel/trace_ring.h: the dump is of another version; build it again")
            events.append(Event(time + shift, layout.events[event].name, a, b,
                                number - expected))
            expected = number + 1
        decoded[ring.core] = events
    return decoded
