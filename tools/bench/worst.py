# SPDX-License-Identifier: BSD-2-Clause
"""The longest that a guest can keep the hypervisor busy at one entry: what the bench
guest's worst role (guests/bench/rows_worst.c) provokes, each by its name, with all 992
interrupts of a distributor pending. And the longest stretch during which no interrupt
is looked at, which is how long others may have to wait. `make bench BENCH=worst`.

Why there is nothing longer. A path is one entry: the handler that the exit table (or
the route of the interrupt) names, and at most one run of the scheduler. Their loops:

* over a VM's interrupts, 992 at most, in banks of 32: only where the list registers
  are filled anew (vgic_refill), or a VM is reset. Once for each access to the
  distributor, each interrupt, maintenance and switch; for LDM and STM 14 accesses;
* over list registers, 4; vCPUs and VMs, 8; registers of a load or store, 15;
* over characters: PUMP_CHARACTERS at an entry, LINE_BYTES of a message;
* over the bytes of a VM's memory: VM_LOAD_BYTES, then irq_poll() looks;
* over other cores' answers: none, but the ticket locks (kernel/lock.h), each held for
  one of the above by each of the other cores;
* over the rings at power-off of the last VM (console_flush): nobody waits any more.

So the worst is the product that a row below provokes: LDM and STM of the most
registers on the interrupts' state, with every interrupt pending.
"""

import causes
import rows

SYSTEM = "bench-worst"
GROUP = "worst"


def _row(name, number, what):
    return rows.Row(name, number, SYSTEM, "worst", what, goal=None)


ROWS = [
    _row("worst_pend", 20, "a write to ISPENDR, one more bank pending each time"),
    _row("worst_stm", 21, "14 words stored to ISPENDR by one instruction"),
    _row("worst_ldm", 22, "14 words loaded from ISPENDR"),
    _row("worst_settings", 23, "CTLR, IPRIORITYR, ICENABLER, everything pending"),
    _row("worst_interrupt", 24, "the timer's interrupt, the lists full"),
    _row("worst_end", 25, "everything active, then finished one by one"),
    _row("worst_console", 26, "2000 characters, line by line, as fast as it can"),
    _row("worst_fault", 27, "a fault, reported; the VM is loaded again"),
    _row("worst_reset", 28, "PSCI SYSTEM_RESET: the VM is loaded again"),
    _row("worst_off", 29, "PSCI SYSTEM_OFF, of the last VM"),
]


def figure(row, counts):
    """The longest path of the row's, or None."""
    paths = [counts.traces[number] for paths in counts.samples[row.number].values()
             for number in paths]
    if not paths:
        return None
    worst = max(paths, key=lambda trace: trace.cost.instructions)
    least = min(trace.cost.instructions for trace in paths)
    return rows.Figure(worst.cost.instructions, rows.model.cycles(worst.cost), least=least,
                       most=worst.cost.instructions, samples=len(paths), traces=(worst.number,))


def describe(symbols, counts):
    """A line about the longest stretch."""
    stretch = counts.stretch
    where = [symbols.function(address) for address in stretch.addresses]
    busiest = max(set(where), key=where.count)
    yield (f"{SYSTEM}: no look at the interrupts for at most {stretch.cost.instructions} "
           f"instructions,")
    yield (f"  about {rows.model.cycles(stretch.cost)} cycles: {where[0]} to {where[-1]}, most in "
           f"{busiest} ({causes.cause(symbols, stretch)})")
