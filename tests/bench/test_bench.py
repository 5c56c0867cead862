# SPDX-License-Identifier: BSD-2-Clause
"""The counts of the hypervisor's paths: below their ceilings, the same each time, and
the same by another method than the plugin's. Linux's rows are `make bench`'s.
"""

import os
import pathlib
import re
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools" / "bench"))
# pylint: disable=wrong-import-position
import causes
import footprint
import programs
import rows
import run
import table
import vexpress
import worst

TICK_INSTRUCTIONS = 16  # -icount shift=0: 1 ns each; the counter runs at 62.5 MHz
MARK = re.compile(r"^\s+ROW_(\w+) = (\d+),$", re.M)


@pytest.fixture(scope="module")
def results():
    """All rows of the bench guest, measured once."""
    return table.measure(rows.ROWS)


def test_rows_are_measured(results):
    """Each row has a figure, and the guest saw what it should have seen."""
    assert results.problems == []
    assert set(results.figures) == {row.name for row in rows.ROWS}


@pytest.mark.parametrize("row", rows.ROWS, ids=lambda row: row.name)
def test_row_is_below_its_ceiling(results, row):
    """Not one instruction more than there was."""
    figures = {row.name: results.figures[row.name]}
    assert table.above_ceilings(figures, table.read_ceilings()) == []


def test_one_instruction_more_is_seen(results):
    """The check can fail: a ceiling one lower is broken by each path."""
    name = "hypercall"
    figure = results.figures[name]
    assert table.above_ceilings({name: figure}, {name: figure.instructions}) == []
    assert len(table.above_ceilings({name: figure}, {name: figure.instructions - 1})) == 1


def test_counts_repeat(results):
    """A second run is the same, path by path and address by address."""
    for system in ("bench-alone", "bench-switch", "bench-yield"):
        first, second = results.counts[system], run.run(system)
        assert second.guest == first.guest
        assert second.boot == first.boot
        assert second.traces == first.traces
        assert second.samples == first.samples


def test_clock_agrees(results):
    """The same instructions by the guest's clock: -icount makes it count them. One less
    where the guest's own instruction was not executed, unlike the NOP it is compared
    with. (A tick more or less at each end of 16384 turns is nothing.)"""
    text = run.run_plain("bench-clock")
    lines = re.findall(r"clock (\w+) (\d+) (\d+) (\d+)", text)
    assert [name for name, *_ in lines] == [
        "hypercall", "psci_version", "mmio_gicd_read", "mmio_uart_read", "mmio_writeback"]
    for name, *numbers in lines:
        turns, ticks, ticks_without = map(int, numbers)
        instructions = (ticks - ticks_without) * TICK_INSTRUCTIONS / turns
        expected = results.figures[name].instructions - name.startswith("mmio")
        assert instructions == pytest.approx(expected, abs=0.05)


def test_worst_path_is_below_its_ceiling():
    """The longest that a guest can cause, by what it does; and no stretch without a look
    at the interrupts is longer: loading a VM is cut into pieces, nothing else is."""
    results = table.measure(worst.ROWS)
    counts, symbols = results.counts[worst.SYSTEM], run.elf(worst.SYSTEM)
    assert results.problems == []
    assert set(results.figures) == {row.name for row in worst.ROWS}
    assert table.above_ceilings(results.figures, table.read_ceilings()) == []
    loads = [trace for trace, _ in counts.taken()
             if causes.runs_through(symbols, trace, causes.LOAD)]
    others = [trace for trace, _ in counts.taken() if trace not in loads]
    assert counts.stretch.cost.instructions == max(
        trace.cost.instructions for trace in others)
    assert len(loads) == 2  # after the fault, and after the reset


def test_footprint():
    """Lines, text and RAM of two Linux VMs: the text is within the RAM, and within its
    pages. (`make check` guards the lines, `make bench` all three.)"""
    results = table.measure(footprint.ROWS)
    figures = {name: figure.instructions for name, figure in results.figures.items()}
    symbols = run.symbols.Symbols(run.build(footprint.SYSTEM) / "bulkhead.elf")
    assert 0 <= symbols.high - symbols.low - figures["text_bytes"] < 4096
    assert figures["text_bytes"] < figures["ram_bytes"]
    assert figures["lines"] > 4000


# By default what takes seconds. BENCH_BOARD=all: two VMs that talk, two cores.
BOARD_SYSTEMS = ("bench-vexpress-alone", "bench-vexpress-yield")


def test_rows_hold_on_the_other_board():
    """The Versatile Express costs no more, but for what its rows name."""
    wanted = [row for row in vexpress.ROWS
              if row.system in BOARD_SYSTEMS or os.environ.get("BENCH_BOARD") == "all"]
    results = table.measure(wanted)
    assert results.problems == []
    assert set(results.figures) == {row.name for row in wanted}
    assert table.above_ceilings(results.figures, table.read_ceilings()) == []
    assert results.figures["ve_irq_device"].instructions > 0


def test_programs_have_rows():
    """The guest's script and the reader mean the same numbers, which nobody else has."""
    script = (run.TREE / "guests" / "bench" / "linux" / "programs").read_text()
    numbers = [int(number) for number in re.findall(r"^measure (\d+) ", script, re.M)]
    assert numbers == [row.number for row in programs.PROGRAMS]
    assert not set(numbers) & {row.number for row in rows.ROWS}


def test_marks_are_the_rows():
    """Guest and reader mean the same numbers."""
    text = (run.TREE / "guests" / "bench" / "mark.h").read_text()
    marks = {name.lower(): int(number) for name, number in MARK.findall(text)}
    assert marks
    assert {row.number for row in rows.ROWS + worst.ROWS} == set(marks.values())
    for row in rows.ROWS + worst.ROWS:
        assert marks.get(row.name, row.number) == row.number
