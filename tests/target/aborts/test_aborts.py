# SPDX-License-Identifier: BSD-2-Clause
"""Aborts and undefined instructions reach a guest as the architecture says.

The guest (guest.c) checks every register that an exception sets, from three modes,
both instruction sets, and with the MMU off and on in both table formats. It passes
on QEMU's bare board as well.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
RESULT = r"^aborts: (\d+) checks, (\d+) failed$|^guest: unexpected.*"


def test_aborts_native(boot):
    """The guest's idea of an abort is QEMU's, too."""
    result = boot.native(HERE / "aborts.dts", "a").machine.expect(RESULT)
    assert result[2] == "0"
    assert int(result[1]) > 15000


def test_aborts(boot):
    """Two of them, taking each other's turn every millisecond."""
    system = boot(HERE / "aborts.dts", vms=["a", "b"])
    for name in ["a", "b"]:
        result = system.vm(name).expect(RESULT)
        assert result[2] == "0", f"{name}:\n" + system.vm(name).text
        assert int(result[1]) > 15000
    system.expect_off()
