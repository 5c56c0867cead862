# SPDX-License-Identifier: BSD-2-Clause
"""Rings that were printed on the console, where no debugger reaches: a line for each 16
bytes of a ring, as it lies in memory (kernel/trace_ring.h):

  trace OFFSET WORD WORD WORD WORD

all in hexadecimal, the words little-endian ones, OFFSET in bytes from the ring's start.
A ring begins with offset 0 and has its 32 bytes of head; of its entries any may be
missing, be it that they were not printed or that the line was lost. What stands before
`trace` in a line (its head, another's words) is passed over. machine.py calls this
for a file that has no ring in it, but such lines.
"""

import re
import struct

import rings
from layout import TraceError

LINE = re.compile(r"\btrace ([0-9a-f]+) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8})\b")
WORDS = struct.Struct("<4I")
MISSING = WORDS.pack(0, rings.LOST, 0, 0)


def is_printed(data):
    """Is it the console's output, with a ring in it?"""
    return b"trace 0 " in data


def _lines(data):
    for match in LINE.finditer(data.decode(errors="replace")):
        yield int(match[1], 16), WORDS.pack(*(int(word, 16) for word in match.groups()[1:]))


def convert(data, layout):
    """The rings as they lay in memory."""
    found = []
    for offset, raw in _lines(data):
        if offset == 0:
            found.append({})
        if not found or offset % WORDS.size or offset >= _ring_bytes(layout):
            raise TraceError(f"a line 'trace {offset:x} ...' is of no ring of {layout.name}")
        found[-1][offset] = raw
    for ring in found:
        if WORDS.size not in ring:
            raise TraceError("the second line of a ring's head, 'trace 10 ...', is missing")
    return b"".join(ring.get(offset, MISSING) for ring in found
                    for offset in range(0, _ring_bytes(layout), WORDS.size))


def _ring_bytes(layout):
    return rings.HEADER.size + layout.capacity * rings.ENTRY.size
