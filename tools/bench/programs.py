# SPDX-License-Identifier: BSD-2-Clause
"""The rows that Debian's programs make in a Linux guest (guests/bench/linux): what the
hypervisor does while each runs, and whether the guest itself has more to do than on
the bare machine, with the same device tree, kernel and initramfs. One VM; and two at
once, against twice one, as a whole. `make bench BENCH=programs`.
"""

import dataclasses
import textwrap

import causes
import counts as results
import model
import rows
import run

ONE, PAIR = "bench-programs-one", "bench-programs-pair"
GROUP = "programs"


def _row(name, number, what):
    return rows.Row(name, number, ONE, "program", what, goal=0.1, is_share=True)


PROGRAMS = [
    _row("xz", 42, "libc there and back by xz -1"),
    _row("gzip", 43, "the same by busybox's gzip"),
    _row("openssl", 44, "AES-256-CBC, with NEON"),
    _row("processes", 45, "200 programs started by a shell"),
    _row("hackbench", 46, "10 processes, 1000 messages each"),
    _row("mbw", 47, "memory copied, 16 MiB at a time"),
    _row("pipe", 48, "16 MiB through two pipes"),
]
WHOLE = rows.Row("programs_two", None, PAIR, "program", "two VMs, over twice the native total",
                 goal=0.1, is_share=True)
ROWS = [*PROGRAMS, WHOLE]

LINE = "  {:10} {:>12} {:>9} {:>9} {:>8}  {}"


@dataclasses.dataclass
class Runs:
    """The counts of all that was run."""
    one: results.Counts
    native: results.Counts
    pair: results.Counts = None


def load(wanted):
    """Runs what these rows need."""
    one, native = run.run(ONE), run.run_native(ONE, "a")
    return Runs(one, native, run.run(PAIR) if WHOLE in wanted else None)


def _figure(taken, native):
    total = model.add([model.Cost(*(n * times for n in trace.cost)) for trace, times in taken])
    return rows.Figure(total.instructions, model.cycles(total, sum(times for _, times in taken)),
                       100 * total.instructions / native)


def figure(row, runs):
    """The row's Figure."""
    if row is WHOLE:
        symbols = run.elf(PAIR)
        taken = [(trace, times) for trace, times in runs.pair.taken()
                 if not causes.runs_through(symbols, trace, causes.LOAD)]
        return _figure(taken, 2 * runs.native.guest)
    return _figure(list(runs.one.taken({row.number})), runs.native.guests[row.number, 0])


def problem(row, runs):
    """What went wrong with a row, or None."""
    for place, counts in ("in the VM", runs.one), ("natively", runs.native):
        if row is not WHOLE and (row.number, 0) not in counts.guests:
            return f"{row.name}: it did not run {place}"
        if row is not WHOLE and (row.number, 0) in counts.failed:
            return f"{row.name}: it failed {place}; its output is in build/bench"
    return None


def _describe_program(row, runs, symbols):
    native, guest = (counts.guests[row.number, 0] for counts in (runs.native, runs.one))
    own = sum(trace.cost.instructions * times for trace, times in runs.one.taken({row.number}))
    exits = causes.by_cause(symbols, runs.one, {row.number})
    yield LINE.format(row.name, native, f"{100 * (guest / native - 1):+.3f} %", own,
                      f"{100 * own / native:.4f} %", sum(e.entries for e in exits.values()))
    text = ", ".join(f"{each.entries} {name}" for name, each in exits.items())
    yield from textwrap.wrap(text, 78, initial_indent=" " * 13, subsequent_indent=" " * 13)


def describe(wanted, runs):
    """Lines about the runs: guests' totals against native, exits by cause."""
    symbols = run.elf(ONE)
    yield LINE.format("program", "native", "guest's", "hyp.", "of it", "entries, by cause")
    for row in wanted:
        if row is not WHOLE:
            yield from _describe_program(row, runs, symbols)
    for name, counts, vms in (ONE, runs.one, 1), (PAIR, runs.pair, 2):
        if counts:
            total, native = counts.guest + counts.hypervisor, vms * runs.native.guest
            yield (f"{name}, with the boot: {total} instructions, natively {native}: "
                   f"{100 * (total / native - 1):+.3f} %")
