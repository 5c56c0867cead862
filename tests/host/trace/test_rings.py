# SPDX-License-Identifier: BSD-2-Clause
"""bhtrace's reading of rings: order, times and joins, from dumps made by hand."""

import pytest
import synthetic
from synthetic import CAPACITY, decode, entry, ring

WORD = 2 ** 32


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    return synthetic.system(tmp_path / "made")


def beats(numbers, step=100, start=0):
    """An event each step of ticks, told apart by their operand."""
    return [entry(start + number * step, "WAKE", number) for number in numbers]


def operands(events):
    return [event.a for event in events]


def test_one_event(folder):
    (event,) = decode(folder, ring([entry(7, "INJECT", 1, 27)], start=5))[0]
    assert event == (7, "INJECT", 1, 27, 0)


def test_empty_ring(folder):
    assert decode(folder, ring([])) == {0: []}


@pytest.mark.parametrize("count", [CAPACITY - 1, CAPACITY, CAPACITY + 1, 3 * CAPACITY + 5])
def test_the_last_lap_in_order(folder, count):
    events = decode(folder, ring(beats(range(count))))[0]
    assert operands(events) == list(range(max(0, count - CAPACITY), count))
    assert [later.time - earlier.time for earlier, later in zip(events, events[1:])] == \
        [100] * (len(events) - 1)
    assert sum(event.lost for event in events) == 0


def test_times_beyond_32_bits(folder):
    """The start tells the upper half, and it goes up where the lower one wraps."""
    start = 5 * WORD - 250
    events = decode(folder, ring(beats(range(1, 9), start=start), start=start))[0]
    assert [event.time for event in events] == [start + 100 * n for n in range(1, 9)]


def test_long_steps(folder):
    """Each step may be nearly 2^31 long."""
    step = WORD // 2 - 1
    events = decode(folder, ring(beats(range(5), step=step)))[0]
    assert [event.time for event in events] == [step * n for n in range(5)]


def test_cores_end_together(folder):
    """A core whose first events are gone is shifted beside one that is known."""
    known = ring(beats(range(4), step=WORD // 2 - 10), core=0)
    end = 3 * (WORD // 2 - 10)
    lost = ring(beats(range(200), start=end - 19900 - 7), core=1)
    found = decode(folder, known + lost)
    assert found[0][-1].time == end
    assert found[1][-1].time == end - 7
    assert operands(found[1]) == list(range(200 - CAPACITY, 200))


def test_dumps_join_without_doubles(folder):
    early, late = ring(beats(range(50))), ring(beats(range(100)))
    for order in ([early, late], [late, early]):
        events = decode(folder, *order)[0]
        assert operands(events) == list(range(100))
        assert sum(event.lost for event in events) == 0


def test_a_gap_between_dumps_is_counted(folder):
    events = decode(folder, ring(beats(range(10))), ring(beats(range(100))))[0]
    assert operands(events) == list(range(10)) + list(range(36, 100))
    assert [event.lost for event in events if event.lost] == [26]
    assert events[10].lost == 26


def test_dumps_of_two_runs_are_refused(folder):
    with pytest.raises(synthetic.layout.TraceError, match="different runs"):
        decode(folder, ring(beats(range(3)), start=1), ring(beats(range(3)), start=2))


def test_unfinished_event_is_left_out(folder):
    """Counted, not yet written: it still has what was there before."""
    fresh = ring(beats(range(5), start=WORD - 1000), count=6)
    assert operands(decode(folder, fresh)[0]) == list(range(5))
    old = ring(beats(range(CAPACITY + 3)), count=CAPACITY + 4)
    assert operands(decode(folder, old)[0]) == list(range(4, CAPACITY + 3))


def test_count_beyond_32_bits(folder):
    """The ring is full, though the count is small again."""
    slots = beats(range(CAPACITY))
    turned = slots[-3:] + slots[:-3]  # event 2^32 went to slot 0
    assert operands(decode(folder, ring(turned, count=WORD + 3))[0]) == list(range(61)) + \
        [61, 62, 63]


def test_rings_are_found_anywhere_in_a_dump(folder):
    magic = synthetic.MAGIC.to_bytes(4, "little")
    data = b"\x01" * 333 + magic + b"\xff" * 60 + ring(beats(range(3)), core=1) + magic + b"end"
    found = decode(folder, data)
    assert list(found) == [1] and operands(found[1]) == [0, 1, 2]


def test_cut_dump_is_refused(folder):
    with pytest.raises(synthetic.layout.TraceError, match="ends within the ring of core 0"):
        decode(folder, ring(beats(range(3)))[:-1])


def test_event_of_another_version_is_refused(folder):
    strange = b"\x05\0\0\0\x63\0\0\0" + bytes(8)
    with pytest.raises(synthetic.layout.TraceError, match="event 99 on core 0"):
        decode(folder, ring([strange]))


def test_long_ring_keeps_what_was_recorded(folder):
    """recorder.py's file: longer than a ring, with what was missed marked."""
    entries = dict(enumerate(synthetic.struct.iter_unpack("<4I", b"".join(beats(range(300))))))
    for number in range(100, 120):
        del entries[number]
    header = synthetic.rings.Header(synthetic.MAGIC, 0, synthetic.HZ, 300, 0, 0)
    events = decode(folder, synthetic.rings.long_ring(header, entries))[0]
    assert operands(events) == list(range(100)) + list(range(120, 300))
    assert events[100].lost == 20
