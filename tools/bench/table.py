# SPDX-License-Identifier: BSD-2-Clause
"""All rows, however they are measured, and the table that shows them.
Used by report, profile and tests/bench.
"""

import json
import re
import sys

import causes
import footprint
import linux
import model
import programs
import rows
import run
import vexpress
import worst

ROWS = rows.ROWS + linux.ROWS + footprint.ROWS
ALL_ROWS = ROWS + programs.ROWS + worst.ROWS + vexpress.ROWS
CEILINGS = run.TREE / "tests" / "bench" / "ceilings.json"
LINE = "{:19} {:>9} {:>7} {:>7} {:>8} {:>8} {:>9} {:>7}"


class Results:
    """What a set of rows has come to."""

    def __init__(self):
        self.figures = {}   # name: Figure
        self.problems = []  # what went wrong
        self.counts = {}    # system: Counts
        self.notes = []     # lines about Linux's runs


def find(names):
    """Rows by name, in the table's order."""
    groups = {group.GROUP: [row.name for row in group.ROWS] for group in (programs, worst, vexpress)}
    names = [one for name in names for one in groups.get(name, [name])]
    known = [row.name for row in ALL_ROWS]
    for name in names:
        if name not in known:
            raise SystemExit(f"bench: no row '{name}'; there are: {' '.join(known)}")
    return [row for row in ALL_ROWS if row.name in names]


HANDLER = re.compile(r"trap_(?!handle$)\w+|\w+_irq|irq_passthrough")


def split(symbols, addresses):
    """Instructions before the handler of a path, in it and what it calls, and after."""
    inside = [index for index, address in enumerate(addresses)
              if any(map(HANDLER.fullmatch, symbols.names[address]))]
    if not inside:
        return len(addresses), 0, 0
    return inside[0], inside[-1] + 1 - inside[0], len(addresses) - inside[-1] - 1


def _note_split(row, figure, results):
    addresses = [address for number in figure.traces
                 for address in results.counts[row.system].traces[number].addresses]
    parts = split(run.elf(row.system), addresses)
    results.notes.append("{}: {} in, {} handled, {} out".format(row.name, *parts))


def _note_longest(system, results):
    length, cause = causes.longest(run.elf(system), results.counts[system])
    results.notes.append(f"{system}: the longest entry has {length} instructions ({cause})")


def _measure_linux(system, wanted, results):
    boot = linux.load(system)
    results.counts[system] = boot.counts
    results.notes += linux.describe(system, boot)
    for row in wanted:
        results.figures[row.name] = linux.figure(row, boot)


def _measure_programs(_, wanted, results):
    runs = programs.load(wanted)
    results.counts[programs.ONE] = runs.one
    for row in wanted:
        wrong = programs.problem(row, runs)
        if wrong:
            results.problems.append(wrong)
        else:
            results.figures[row.name] = programs.figure(row, runs)
    if not results.problems:
        results.notes += programs.describe(wanted, runs)


def _measure_footprint(system, wanted, results):
    folder = run.build(system)
    for row in wanted:
        results.figures[row.name] = footprint.figure(row, folder)
    results.notes.append(footprint.ABSENT)


def _measure_bench(system, wanted, results):
    counts = results.counts[system] = run.run(system)
    for row in wanted:
        figure, problem = rows.figure(row, counts), rows.problem(row, counts)
        if figure:
            results.figures[row.name] = figure
            if row.is_split:
                _note_split(row, figure, results)
        if problem:
            results.problems.append(problem)


def _measure_worst(system, wanted, results):
    counts = results.counts[system] = run.run(system)
    for row in wanted:
        figure = worst.figure(row, counts)
        if figure:
            results.figures[row.name] = figure
        else:
            results.problems.append(f"{row.name}: the hypervisor was not entered")
    results.notes += worst.describe(run.elf(system), counts)


MEASURE = {"linux": _measure_linux, "program": _measure_programs,
           "footprint": _measure_footprint, "worst": _measure_worst}


def _kind(row):
    """Rows of one kind and system are measured together."""
    return row.pick if row.pick in MEASURE else "bench", \
        programs.ONE if row.pick == "program" else row.system


def measure(wanted):
    """Runs what these rows need; returns Results."""
    results = Results()
    for kind, system in dict.fromkeys(map(_kind, wanted)):
        mine = [row for row in wanted if _kind(row) == (kind, system)]
        MEASURE.get(kind, _measure_bench)(system, mine, results)
        if system in results.counts and not run.has_threads(system):
            _note_longest(system, results)
    return results


def _colour(text, code):
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text


def _remark(row, figure):
    if row.is_share:
        return f"{figure.share:.4f}%"
    if row.pick == "footprint":
        return row.name.split("_")[-1]
    if figure.least != figure.most:
        return f"..{figure.most}"
    return ""


def show(wanted, figures):
    """Prints the table, of what was measured."""
    print(LINE.format("", "paper", "Xen", "Xvisor", "goal", "instr.", "cycles", ""))
    for row in wanted:
        if row.name not in figures:
            continue
        figure = figures[row.name]
        goal = f"{row.goal} %" if row.is_share else "" if row.goal is None else row.goal
        line = LINE.format(row.name, row.paper, row.xen, row.xvisor, goal, figure.instructions,
                           "" if figure.cycles is None else figure.cycles,
                           _remark(row, figure))
        print(_colour(line.rstrip(), "32" if figure.meets(row) else "33"))
    judged = [row for row in wanted if row.name in figures and row.goal is not None]
    missed = [row.name for row in judged if not figures[row.name].meets(row)]
    if judged:
        print(f"{len(judged) - len(missed)} of {len(judged)} rows are at their goal")
    print(model.STATEMENT)


# Linux's counts depend on the kernel's exact version, which is Debian's choice.
LINUX_TOLERANCE = 1.02


def above_ceilings(figures, ceilings):
    """What is worse than it was allowed to be, and what has no ceiling yet."""
    place = CEILINGS.relative_to(run.TREE)
    wrong = []
    for row in ALL_ROWS:
        figure = figures.get(row.name)
        ceiling = vexpress.ceiling(row.name, ceilings)
        if figure and ceiling is None:
            wrong.append(f"{row.name} has no ceiling in {place}")
        elif figure and figure.instructions > ceiling * (
                LINUX_TOLERANCE if row.pick in ("linux", "program", "worst") else 1):
            wrong.append(f"{row.name}: {figure.instructions}, the ceiling in {place} is "
                         f"{ceiling}: tools/bench/profile {row.name}")
    return wrong


def read_ceilings():
    """{name: instructions}"""
    return json.loads(CEILINGS.read_text())
