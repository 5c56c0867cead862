# SPDX-License-Identifier: BSD-2-Clause
"""Two guests with different patterns in all their registers never see each other's.

The guest names each register that differs (guest.c). Counted instructions make the
length of a round, and so the number of rounds that a switch cuts, independent of
how busy the machine is.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]


def test_registers(boot):
    """Each has a hundred rounds that a world switch cut, and all registers held."""
    system = boot(HERE / "registers.dts", vms=["a", "b"], extra=ICOUNT)
    for name, seed in [("a", 1), ("b", 2)]:
        system.vm(name).expect(rf"^registers: seed {seed}$")
    for name in ["a", "b"]:
        result = system.vm(name).expect(
            r"^registers: (ok \d+ rounds, \d+ cut by a switch|FAILED.*)$|^guest: unexpected.*")
        assert result[0].startswith("registers: ok"), f"{name}:\n" + system.vm(name).text
    for name in ["a", "b"]:
        assert "FAILED" not in system.vm(name).text, f"{name}:\n" + system.vm(name).text
