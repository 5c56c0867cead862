# SPDX-License-Identifier: BSD-2-Clause
"""A VM's clock, as the VM sees it.

With virtual time it stands still while the VM waits for the core: no gaps. With
real time each gap is the time the others had. A sleeping VM's clock goes on in
both, and its timer wakes it; how late, depends on whose clock counts the waiting.
Instructions are counted, so what this machine does besides has no influence.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]

SPIN = r"^spin: longest (\d+) us, (\d+) gaps, (\d+) to (\d+) us, mean (\d+) us$"
IDLE = r"^idle: (\d+) wakes, latest (\d+) us$"


def numbers(stream, pattern, count):
    """The numbers in the next few such lines; the first, a guest's start, left out."""
    stream.expect(pattern)
    return [[int(text) for text in stream.expect(pattern).groups()] for _ in range(count)]


def test_vtime(boot):
    """Four guests on one core: spinning and sleeping, virtual and real."""
    system = boot(HERE / "vtime.dts", vms=["vspin", "rspin", "vidle", "ridle"], extra=ICOUNT)

    for longest, gaps, *_ in numbers(system.vm("vspin"), SPIN, 2):
        assert longest < 1000 and gaps == 0
    for longest, gaps, *_ in numbers(system.vm("rspin"), SPIN, 2):
        assert gaps >= 6
        assert 31000 < longest < 36000
    # Their own clocks: the virtual one doesn't count the wait for the core, the real
    # one does, up to both spinners' slices.
    for _, latest in numbers(system.vm("vidle"), IDLE, 2):
        assert latest < 1000
    for _, latest in numbers(system.vm("ridle"), IDLE, 2):
        assert 1000 < latest < 70000


def test_loading_is_stolen_time(boot):
    """What the hypervisor loads is for another VM: a virtual clock stands still."""
    system = boot(HERE / "loading.dts", vms=["spin", "reset"], extra=ICOUNT)
    system.vm("reset").expect(r"^psci: \d+ checks, 0 failed$")
    for longest, gaps, *_ in numbers(system.vm("spin"), SPIN, 2):
        assert longest < 1000 and gaps == 0
    system.vm("reset").skip()
    system.vm("reset").expect(r"^psci: \d+ checks, 0 failed$")
