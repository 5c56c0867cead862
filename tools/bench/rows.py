# SPDX-License-Identifier: BSD-2-Clause
"""The rows of the table: what is measured, by which system, and what others need.

A row's number is that of its marks (guests/bench/mark.h). Figures of the paper are
instructions and estimated cycles; of Xen 4.23 (arm32) and Xvisor (v7-ve), traced on
the same machine, instructions.
"""

import dataclasses

import model


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table."""
    name: str
    number: int     # of its marks
    system: str     # tests/bench/SYSTEM.dts
    pick: str       # which paths of a sample are meant: all, first, rest, each
    what: str
    paper: str = ""
    xen: str = ""
    xvisor: str = ""
    goal: float = 0         # None: there is none
    is_share: bool = False  # the goal is a share of the native total, in percent
    is_split: bool = False  # entry and exit are shown apart


ROWS = [
    Row("syscall", 0, "bench-alone", "all", "the guest's own SVC", "0", "0", "0", 0),
    Row("guest_page_fault", 1, "bench-alone", "all", "the guest's own stage-1 fault",
        "0", "0", "0", 0),
    Row("ack_eoi", 2, "bench-alone", "all", "acknowledge and end of an interrupt",
        "0", "0", "0", 0),
    Row("hypercall", 3, "bench-alone", "all", "HVC, an unknown function",
        "120/650", "431", "450", 50, is_split=True),
    Row("psci_version", 4, "bench-alone", "all", "HVC, PSCI_VERSION", "", "545", "450", 60),
    Row("cp15_trap", 5, "bench-alone", "all", "ACTLR read", "", "510", "467", 60),
    Row("inject_abort", 6, "bench-alone", "all", "access to a hole", goal=100),
    Row("mmio_gicd_read", 7, "bench-alone", "all", "GICD_TYPER", "176/740", "1344", "750", 90),
    Row("mmio_gicd_write", 8, "bench-alone", "all", "GICD_ISENABLER", "", "1422", "1547", 150),
    Row("mmio_uart_read", 9, "bench-alone", "all", "PL011 FR", "", "1183", "708", 90),
    Row("mmio_uart_write", 10, "bench-alone", "all", "PL011 DR", "", "2705", "", 180),
    Row("mmio_writeback", 11, "bench-alone", "all", "ldr r0, [r1], #4 on a device",
        "249/1040", "-", "", 200),
    Row("irq_timer", 12, "bench-alone", "all", "virtual timer interrupt, guest busy",
        "270/900", "1183", "2487", 100, is_split=True),
    Row("irq_device", 13, "bench-alone", "all", "passed-through PL031 alarm",
        "270/900", "", "", 110),
    Row("lazy_fpu", 17, "bench-yield", "all", "first VFP instruction after a switch",
        "127/950", "", "416", 60),
    Row("world_switch", 15, "bench-switch", "each", "slice ends, every register differs",
        "2824/7555", "4299", "2918", 280),
    Row("world_switch_wfi", 16, "bench-yield", "first", "WFI, another VM goes on",
        "", "4935", "3529", 280),
    Row("world_switch_irq", 16, "bench-yield", "rest", "interrupt for a VM of higher priority",
        "", "5800", "3891", 360),
    Row("ivc_send", 18, "bench-ivc", "all", "three words to a VM that sleeps, same core",
        goal=150),
    Row("ivc_receive", 19, "bench-ivc", "all", "taking them", goal=80),
    Row("ivc_ping_pong", 32, "bench-ivc", "all", "three words there and back, with all switches",
        goal=None),
    Row("ivc_buffer", 33, "bench-ivc", "all", "4 KiB in a shared buffer, doorbells both ways",
        goal=None),
    Row("ipi_send", 30, "bench-ipi", "first", "SGI to a vCPU on another core", "", "1688", "",
        200),
    Row("ipi_receive", 31, "bench-ipi", "first", "the same, until the other's IRQ vector", "",
        "824", "", 110),
    Row("tick_alone", 14, "bench-alone", "all", "one runnable VM, one second",
        "", "4289000", "1612000", 0),
]

WARM_UP = 1  # samples at the start of a row that are not counted


@dataclasses.dataclass(frozen=True)
class Figure:
    """What a row has come to. Of several samples it is the median."""
    instructions: int
    cycles: int
    share: float = None  # of the native total, in percent
    least: int = None
    most: int = None
    samples: int = 1
    traces: tuple = ()   # the median sample's paths, by number

    def meets(self, row):
        """Is it at the row's goal?"""
        return row.goal is None or \
            (self.share if row.is_share else self.instructions) <= row.goal


def _chosen(row, counts):
    """The paths of each sample, as lists of trace numbers."""
    samples = [paths for _, paths in sorted(counts.samples[row.number].items())]
    if row.pick == "each":
        return [[trace] for paths in samples for trace in paths][WARM_UP:]
    samples = samples[WARM_UP:] if len(samples) > WARM_UP else samples
    if row.pick == "first":
        return [paths[:1] for paths in samples]
    if row.pick == "rest":
        return [paths[1:] for paths in samples]
    return samples


def figure(row, counts):
    """The row's Figure, or None if it was not measured."""
    samples = _chosen(row, counts)
    if not samples:
        return None

    def instructions(paths):
        return sum(counts.traces[number].cost.instructions for number in paths)

    samples.sort(key=instructions)
    middle = samples[len(samples) // 2]
    cost = model.add([counts.traces[number].cost for number in middle])
    return Figure(cost.instructions, model.cycles(cost, len(middle)),
                  least=instructions(samples[0]), most=instructions(samples[-1]),
                  samples=len(samples), traces=tuple(middle))


def problem(row, counts):
    """What went wrong with a row, or None."""
    failed = sorted(sample for number, sample in counts.failed if number == row.number)
    if failed:
        return f"{row.name}: the guest saw a wrong result in samples {failed}"
    if not counts.samples[row.number]:
        return f"{row.name}: no sample was taken"
    most = max(map(len, counts.samples[row.number].values()))
    if row.pick == "all" and row.goal and most > 1:
        return f"{row.name}: the hypervisor was entered {most} times in a sample, not once"
    return None
