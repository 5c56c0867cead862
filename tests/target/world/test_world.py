# SPDX-License-Identifier: BSD-2-Clause
"""How long a slice is, and that a VM which sleeps gives its slice away.

The guests' clocks run on while they don't (real time): the gaps they see are the
others' slices. Instructions are counted, so the figures don't depend on the machine.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]

SPIN = r"^spin: longest (\d+) us, (\d+) gaps, (\d+) to (\d+) us, mean (\d+) us$"
IDLE = r"^idle: (\d+) wakes, latest (\d+) us$"


def test_slice_length(boot):
    """Two that never sleep: slices of 33 ms, each gets every other one."""
    system = boot(HERE / "spinners.dts", vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        spinner = system.vm(name)
        spinner.expect(SPIN)  # it began somewhere in a slice
        for _ in range(3):
            longest, gaps, shortest, longest_gap, mean = map(int, spinner.expect(SPIN).groups())
            assert longest == longest_gap
            assert 31000 <= shortest and longest_gap <= 35000
            assert 32500 <= mean <= 33500
            assert 7 <= gaps <= 8  # in half a second: 500 / 66


def test_sleeper_gives_its_slice_away(boot):
    """One that sleeps takes next to nothing from one that doesn't."""
    system = boot(HERE / "sleeper.dts", vms=["spinner", "sleeper"], extra=ICOUNT)
    spinner, sleeper = system.vm("spinner"), system.vm("sleeper")
    spinner.expect(SPIN)
    sleeper.expect(IDLE)
    for _ in range(3):
        longest = int(spinner.expect(SPIN)[1])
        assert longest < 2000
        wakes, latest = map(int, sleeper.expect(IDLE).groups())
        assert wakes == 5
        assert latest < 35000  # it waits for the end of the running slice, no longer
