# SPDX-License-Identifier: BSD-2-Clause
"""Both of a guest's timers, and its counters, are the architecture's.

The guest (guest.c) checks itself, natively as well. Instructions are counted, so that
"in time" means the same on any machine.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
RESULT = r"^timers: (\d+) checks, (\d+) failed$|^guest: unexpected.*"


def test_timers_native(boot):
    """The guest's idea of a timer is QEMU's, too."""
    result = boot.native(HERE / "timers.dts", "virtual", extra=ICOUNT).machine.expect(RESULT)
    assert result[2] == "0"
    assert int(result[1]) > 3500


def test_timers(boot):
    """One VM with virtual time and one with real time, side by side."""
    system = boot(HERE / "timers.dts", vms=["virtual", "real"], extra=ICOUNT)
    for name in ["virtual", "real"]:
        result = system.vm(name).expect(RESULT)
        assert result[2] == "0", f"{name}:\n" + system.vm(name).text
        assert int(result[1]) > 3500
    system.expect_off()
