# SPDX-License-Identifier: BSD-2-Clause
"""A trace read from what the console printed: the same events as from memory."""

import struct

import pytest
import synthetic
from synthetic import CAPACITY, decode, entry, ring

import layout
import machine
import rings


def printed(data, head="", keep=lambda offset: True):
    """As the hypervisor prints a ring, among others' lines."""
    lines = []
    for offset in range(0, len(data), 16):
        words = " ".join(f"{word:08x}" for word in struct.unpack_from("<4I", data, offset))
        if keep(offset):
            lines += [f"{head}trace {offset:x} {words}\r", "lpae| [    1.0] a tracer, trace 1\r"]
    return "\n".join(lines).encode()


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    return synthetic.system(tmp_path / "made")


def read(folder, text):
    path = folder / "console"
    path.write_bytes(text)
    return decode(folder, *machine.load([path], layout.Layout(folder)))


def beats(count, core=0):
    return ring([entry(100 * n, "WAKE", n) for n in range(count)], core=core)


@pytest.mark.parametrize("count", [3, CAPACITY, 2 * CAPACITY + 5])
def test_as_from_memory(folder, count):
    one, two = beats(count), beats(7, core=1)
    text = printed(one, "bulkhead: ") + printed(two, "bulkhead: ")
    assert read(folder, text) == decode(folder, one + two)


def test_lines_that_are_lost(folder):
    """The events around are there, and it is known how many are not."""
    events = read(folder, printed(beats(10), keep=lambda offset: offset not in (80, 96)))[0]
    assert [event.a for event in events] == [0, 1, 2, 5, 6, 7, 8, 9]
    assert [event.lost for event in events] == [0, 0, 0, 2, 0, 0, 0, 0]


def test_only_the_last_ones(folder):
    keep = (0, 16) + tuple(range(32 + 16 * 20, 32 + 16 * 30, 16))
    events = read(folder, printed(beats(30), keep=lambda offset: offset in keep))[0]
    assert [event.a for event in events] == list(range(20, 30))


@pytest.mark.parametrize("text, why", [
    (printed(beats(3), keep=lambda offset: offset != 16), "the second line"),
    (printed(beats(3)) + b"\ntrace ffff0 00000000 00000000 00000000 00000000\n", "of no ring"),
])
def test_mistakes(folder, text, why):
    with pytest.raises(rings.TraceError, match=why):
        read(folder, text)
