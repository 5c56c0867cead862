# SPDX-License-Identifier: BSD-2-Clause
"""An exclusive access that a world switch has cut in two does not succeed (CLREX)."""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
REPORT = (r"^exclusive: (\d+) of (\d+) refused after a switch, (\d+) of (\d+) stored without$"
          r"|^guest: unexpected.*")


def test_exclusive(boot):
    """Every store after a switch is refused; nearly all others are done."""
    system = boot(HERE / "exclusive.dts", vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        for _ in range(2):
            report = system.vm(name).expect(REPORT)
            assert report[1], report[0]
            refused, cuts, stored, whole = map(int, report.groups())
            assert refused == cuts >= 10
            assert stored > whole / 2 > 0
