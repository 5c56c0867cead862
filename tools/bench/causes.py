# SPDX-License-Identifier: BSD-2-Clause
"""Why the hypervisor was entered: told by the functions that a path runs through.

The plugin can't read HSR; but each cause has a function of its own. Used by linux.py,
report and profile.
"""

import collections
import re

# The first line whose function is on the path names the cause.
CAUSES = [
    (r"vm_load\w*", "loading of a VM"),
    (r"fault_guest|fault_asynchronous", "fault of the guest"),
    (r"trap_wfx", "WFI"),
    (r"console_irq", "interrupt of the console"),
    (r"vtimer_irq", "virtual timer"),
    (r"timeout_irq", "hypervisor's timer"),
    (r"vgic_maintenance_irq", "list register maintenance"),
    (r"irq_passthrough", "device of a guest's"),
    (r"vpl011\w*", "UART access"),
    (r"vpl031\w*", "clock access"),
    (r"vgicd\w*", "distributor access"),
    (r"emulate_\w+", "access of unknown form"),
    (r"mmio_\w+", "other device access"),
    (r"trap_hypercall|trap_smc|psci_call", "call"),
    (r"trap_cp1[45]_\w+|trap_coprocessor", "system register"),
    (r"trap_hcptr", "VFP"),
]

DISPATCH = re.compile(r"vectors_\w+|trap|trap_handle|irq|irq_from_guest|enter_guest")

# By these the tools know what happened on a path; they must exist.
SWITCH = "world_switch"
FAULT = "fault_guest"
LOAD = "vm_load_piece"


def cause(symbols, trace):
    """The cause of a path."""
    names = set().union(*(symbols.names.get(address, ()) for address in set(trace.addresses)))
    for pattern, text in CAUSES:
        if any(re.fullmatch(pattern, name) for name in names):
            return text
    for address in trace.addresses:
        if not DISPATCH.fullmatch(symbols.function(address)):
            return "unknown: " + symbols.function(address)
    return "unknown: " + ", ".join(sorted(name for name in names if name.startswith("trap_")))


def runs_through(symbols, trace, name):
    """Does a path run through this function?"""
    return not symbols.places(name).isdisjoint(trace.addresses)


class Exits:
    """The entries of one cause."""

    def __init__(self):
        self.entries = 0
        self.instructions = 0
        self.most = 0

    def add(self, trace, times):
        """A path that was taken so often."""
        self.entries += times
        self.instructions += trace.cost.instructions * times
        self.most = max(self.most, trace.cost.instructions)


def by_cause(symbols, counts, rows=None):
    """{cause: Exits}, the most instructions first; rows: only of these."""
    found = collections.defaultdict(Exits)
    for trace, times in counts.taken(rows):
        is_switch = runs_through(symbols, trace, SWITCH)
        found[cause(symbols, trace) + (", and a switch" if is_switch else "")].add(trace, times)
    return dict(sorted(found.items(), key=lambda item: -item[1].instructions))


def longest(symbols, counts):
    """The longest single entry, and its cause; a VM's loading is cut into pieces by
    looks at the interrupts, so it is not one."""
    traces = [trace for trace, _ in counts.taken() if not runs_through(symbols, trace, LOAD)]
    worst = max(traces, key=lambda trace: trace.cost.instructions)
    return worst.cost.instructions, cause(symbols, worst)


def count_through(symbols, counts, name):
    """How many paths run through this function, and their instructions."""
    found = Exits()
    for trace, times in counts.taken():
        if runs_through(symbols, trace, name):
            found.add(trace, times)
    return found
