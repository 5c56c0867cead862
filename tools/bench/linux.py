# SPDX-License-Identifier: BSD-2-Clause
"""The rows that Linux makes: it boots to user space and powers off, alone and two of
it, under the hypervisor and on the bare machine, and all instructions are counted.
"""

import dataclasses

import causes
import model
import rows
import run

QUIET, LOG, PAIR = "bench-linux-quiet", "bench-linux-log", "bench-linux-pair"


def _row(name, system, what, **figures):
    return rows.Row(name, None, system, "linux", what, **figures)


ROWS = [
    _row("world_switch_alike", PAIR, "slice ends, two Debian kernels at work", goal=280),
    _row("boot_to_guest", QUIET, "reset to a guest's first instruction, 256 MiB",
         xen="102 M", xvisor="79 M", goal=12000000),
    _row("stage2_fault", LOG, "stage-2 faults on guest RAM in a Linux boot",
         paper="356/1500", xen="906", goal=0),
    _row("linux_boot_quiet", QUIET, "hypervisor's over native total", xen="0.086 %",
         goal=0.01, is_share=True),
    _row("linux_boot_log", LOG, "the same with the full log", xen="1.37 %",
         goal=0.1, is_share=True),
    _row("linux_boot_two", PAIR, "two VMs, over twice the native total", xvisor="19 % time",
         goal=0.1, is_share=True),
]


@dataclasses.dataclass
class Boot:
    """What a Linux system's run has counted."""
    counts: object
    symbols: object
    native: int  # instructions of the same guests on the bare machine


def load(system, is_last=False):
    """Runs a Linux system, and its guest natively; or takes the last run's counts."""
    alone, vms = (LOG, 2) if system == PAIR else (system, 1)
    counts = run.last(system) if is_last else run.run(system)
    native = run.last(f"{alone}-a-native") if is_last else run.run_native(alone, "a")
    return Boot(counts, run.elf(system), native.guest * vms)


def _switches(boot):
    """The switches that a slice's end has caused."""
    found = []
    for trace, times in boot.counts.taken():
        if (causes.runs_through(boot.symbols, trace, causes.SWITCH) and
                causes.cause(boot.symbols, trace) == "hypervisor's timer"):
            found += [trace] * times
    return sorted(found, key=lambda trace: trace.cost.instructions)


def _total(boot):
    """All that the hypervisor did while the guests booted, but for loading a VM into
    its memory, which for the first one is part of the hypervisor's own boot."""
    taken = [(trace, times) for trace, times in boot.counts.taken()
             if not causes.runs_through(boot.symbols, trace, causes.LOAD)]
    total = model.add([model.Cost(*(n * times for n in trace.cost)) for trace, times in taken])
    entries = sum(times for _, times in taken)
    return rows.Figure(total.instructions, model.cycles(total, entries),
                       100 * total.instructions / boot.native)


def figure(row, boot):
    """The row's Figure."""
    if row.is_share:
        return _total(boot)
    if row.name == "boot_to_guest":
        cost = boot.counts.boot
        return rows.Figure(cost.instructions, model.cycles(cost, 0))
    if row.name == "stage2_fault":
        faults = causes.count_through(boot.symbols, boot.counts, causes.FAULT)
        return rows.Figure(faults.entries, 0)
    switches = _switches(boot)
    middle = switches[len(switches) // 2]
    return rows.Figure(middle.cost.instructions, model.cycles(middle.cost),
                       least=switches[0].cost.instructions,
                       most=switches[-1].cost.instructions, samples=len(switches),
                       traces=(middle.number,))


def describe(system, boot):
    """Lines about a run: guests' total against native, exits by cause."""
    counts = boot.counts
    total = counts.guest + counts.hypervisor
    yield (f"{system}: {total} instructions from the first guest's on, natively "
           f"{boot.native}: {100 * (total / boot.native - 1):+.3f} %")
    yield f"  {'entries':>8} {'instr.':>9} {'each':>6} {'most':>6}  cause"
    for cause, exits in causes.by_cause(boot.symbols, counts).items():
        yield (f"  {exits.entries:8d} {exits.instructions:9d} "
               f"{exits.instructions / exits.entries:6.0f} {exits.most:6d}  {cause}")
